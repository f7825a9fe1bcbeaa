#include <hyperego/benchmark/summary.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

ordered_json json_of_vector(const Eigen::VectorXd& values) { return std::vector<double>(values.begin(), values.end()); }

ordered_json json_of_optional(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json json_of_interval(const std::optional<BootstrapInterval>& interval) {
  if (!interval) return nullptr;
  return {{"mean", interval->mean}, {"lower", interval->lower}, {"upper", interval->upper}};
}

ordered_json json_of_method(const MethodOnTask& method) {
  return {{"optimizer", method.optimizer},
          {"final_hypervolume", {{"mean", method.last.mean}, {"sd", method.last.deviation}}},
          {"area_under_curve", {{"mean", method.area.mean}, {"sd", method.area.deviation}}},
          {"hypervolume_at_quarters", method.quarters},
          {"regret", json_of_optional(method.regret)},
          {"log10_regret", json_of_optional(method.log10_regret)},
          {"igd_plus", json_of_optional(method.igd_plus)},
          {"ask_s", method.ask_seconds},
          {"ask_cpu_s", json_of_optional(method.ask_cpu_seconds)},
          {"final_against_baseline", json_of_interval(method.last_difference)},
          {"area_against_baseline", json_of_interval(method.area_difference)}};
}

ordered_json json_of_ranks(const RankSummary& ranks) {
  ordered_json json{{"criterion", ranks.criterion},
                    {"tasks", ranks.tasks},
                    {"mean_ranks", json_of_vector(ranks.friedman.mean_ranks)},
                    {"friedman", {{"chi_squared", ranks.friedman.chi_squared}, {"p", ranks.friedman.p_chi_squared}}},
                    {"iman_davenport", {{"f", nullptr}, {"p", ranks.friedman.p_f}}},
                    {"nemenyi", {{"critical_difference_05", ranks.critical_difference}}}};
  if (std::isfinite(ranks.friedman.f)) json["iman_davenport"]["f"] = ranks.friedman.f;
  json["nemenyi"]["p"] = ordered_json::array();
  for (Eigen::Index i = 0; i < ranks.p.rows(); ++i) {
    json["nemenyi"]["p"].push_back(json_of_vector(ranks.p.row(i).transpose()));
  }
  return json;
}

std::string formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string or_dash(const char* format, const std::optional<double>& value) {
  return value ? formatted(format, *value) : "-";
}

/// Left-aligned columns, two spaces between them.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      text += row[c];
      text += c + 1 < row.size() ? std::string(widths[c] - row[c].size() + 2, ' ') : "\n";
    }
  }
  return text;
}

std::string task_table(const BenchmarkSummary& summary) {
  std::vector<std::vector<std::string>> rows{{"task", "optimizer", "25 %", "50 %", "75 %", "100 %", "sd", "area",
                                              "regret", "IGD+", "final - baseline, 95 %", "ask ms", "cpu ms"}};
  for (const TaskSummary& task : summary.tasks) {
    for (const MethodOnTask& method : task.methods) {
      std::vector<std::string> row{task.task, method.optimizer};
      for (const double value : method.quarters) row.push_back(formatted("%.5f", value));
      row.push_back(formatted("%.5f", method.last.deviation));
      row.push_back(formatted("%.5f", method.area.mean));
      row.push_back(or_dash("%.5f", method.regret));
      row.push_back(or_dash("%.4f", method.igd_plus));
      row.push_back(!method.last_difference ? "baseline"
                                            : formatted("%+.5f", method.last_difference->mean) + " [" +
                                                  formatted("%+.5f", method.last_difference->lower) + ", " +
                                                  formatted("%+.5f", method.last_difference->upper) + "]");
      row.push_back(formatted("%.2f", 1e3 * method.ask_seconds));
      row.push_back(method.ask_cpu_seconds ? formatted("%.2f", 1e3 * *method.ask_cpu_seconds) : "-");
      rows.push_back(std::move(row));
    }
  }
  return aligned(rows);
}

std::string rank_text(const BenchmarkSummary& summary, const RankSummary& ranks) {
  std::string text = "\nRanks by " + ranks.criterion + ", " + std::to_string(ranks.tasks) +
                     " tasks: Friedman chi2 = " + formatted("%.3f", ranks.friedman.chi_squared) +
                     ", p = " + formatted("%.3g", ranks.friedman.p_chi_squared) +
                     "; Iman-Davenport F = " + formatted("%.3f", ranks.friedman.f) +
                     ", p = " + formatted("%.3g", ranks.friedman.p_f) +
                     "; critical difference (Nemenyi, 0.05) = " + formatted("%.3f", ranks.critical_difference) + "\n";
  std::vector<std::vector<std::string>> rows{{"optimizer", "mean rank"}};
  for (const std::string& optimizer : summary.optimizers) rows.front().push_back("p " + optimizer);
  for (std::size_t o = 0; o < summary.optimizers.size(); ++o) {
    const auto i = static_cast<Eigen::Index>(o);
    rows.push_back({summary.optimizers[o], formatted("%.3f", ranks.friedman.mean_ranks[i])});
    for (Eigen::Index j = 0; j < ranks.p.cols(); ++j) {
      rows.back().push_back(i == j ? "-" : formatted("%.3g", ranks.p(i, j)));
    }
  }
  return text + aligned(rows);
}

std::string comparison_text(const BenchmarkSummary& summary) {
  std::vector<std::vector<std::string>> rows{
      {"optimizer", "better", "equal", "worse", "difference of shares, 95 %", "Wilcoxon p"}};
  for (const BaselineComparison& c : summary.comparisons) {
    rows.push_back({c.optimizer, std::to_string(c.better), std::to_string(c.equal), std::to_string(c.worse),
                    formatted("%+.5f", c.difference.mean) + " [" + formatted("%+.5f", c.difference.lower) + ", " +
                        formatted("%+.5f", c.difference.upper) + "]",
                    formatted("%.4g", c.wilcoxon.p)});
  }
  return "\nAgainst " + summary.baseline + ", tasks by mean final hypervolume:\n" + aligned(rows);
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

/// The fewest digits that read back to the same double.
std::string exact(double value) { return ordered_json(value).dump(); }

}  // namespace

ordered_json to_json(const BenchmarkSummary& summary) {
  ordered_json json{{"suite", summary.suite},           {"baseline", summary.baseline},
                    {"reference", summary.reference},   {"seeds", summary.seeds},
                    {"optimizers", summary.optimizers}, {"left_out", summary.left_out},
                    {"tasks", ordered_json::array()}};
  for (const TaskSummary& task : summary.tasks) {
    ordered_json entry{{"task", task.task},
                       {"trials", task.trials},
                       {"bounds", {{"source", to_string(task.bounds)}}},
                       {"best_hypervolume", json_of_optional(task.best_hypervolume)},
                       {"methods", ordered_json::array()}};
    entry["bounds"]["ideal_minimised"] = json_of_vector(task.lower);
    entry["bounds"]["nadir_minimised"] = json_of_vector(task.upper);
    for (const MethodOnTask& method : task.methods) entry["methods"].push_back(json_of_method(method));
    json["tasks"].push_back(std::move(entry));
  }
  json["ranks"] = ordered_json::array();
  for (const RankSummary& ranks : summary.ranks) json["ranks"].push_back(json_of_ranks(ranks));
  json["against_baseline"] = ordered_json::array();
  for (const BaselineComparison& c : summary.comparisons) {
    json["against_baseline"].push_back({{"optimizer", c.optimizer},
                                        {"better", c.better},
                                        {"equal", c.equal},
                                        {"worse", c.worse},
                                        {"share_difference", json_of_interval(c.difference)},
                                        {"wilcoxon", {{"pairs", c.wilcoxon.pairs}, {"p", c.wilcoxon.p}}}});
  }
  json["mean_normalised_hypervolume"] = ordered_json::array();
  for (std::size_t o = 0; o < summary.optimizers.size(); ++o) {
    json["mean_normalised_hypervolume"].push_back({{"optimizer", summary.optimizers[o]},
                                                   {"over_trials", summary.mean_shares[o]},
                                                   {"after_each_5_percent", summary.share_curves[o]}});
  }
  return json;
}

std::string to_text(const BenchmarkSummary& summary) {
  std::string text = "Suite " + summary.suite + ", seeds";
  for (const std::uint64_t seed : summary.seeds) text += " " + std::to_string(seed);
  text += "; mean normalised hypervolume, reference " + formatted("%g", summary.reference) + "\n\n";
  text += task_table(summary);
  for (const RankSummary& ranks : summary.ranks) text += rank_text(summary, ranks);
  if (!summary.comparisons.empty()) text += comparison_text(summary);
  std::vector<std::vector<std::string>> rows{{"optimizer", "mean share over trials", "final share"}};
  for (std::size_t o = 0; o < summary.optimizers.size(); ++o) {
    rows.push_back({summary.optimizers[o], formatted("%.5f", summary.mean_shares[o]),
                    formatted("%.5f", summary.share_curves[o].back())});
  }
  text += "\nShare of the best known hypervolume (of the reference box where none is known), mean over tasks:\n" +
          aligned(rows);
  for (const std::string& reason : summary.left_out) text += "\n" + reason + "\n";
  return text;
}

std::string trials_csv(const std::vector<BenchmarkTask>& tasks, const BenchmarkRuns& runs) {
  std::size_t most = 0;
  for (const BenchmarkTask& task : tasks) most = std::max(most, task.objectives.size());
  std::string csv = "task,optimizer,seed,trial,hypervolume,ask_s,ask_cpu_s";
  for (std::size_t j = 1; j <= most; ++j) csv += ",f" + std::to_string(j);
  csv += "\n";
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    for (std::size_t o = 0; o < runs.optimizers.size(); ++o) {
      for (std::size_t s = 0; s < runs.seeds; ++s) {
        const RunRecord& run = runs.record(t, o, s);
        const RunMeasures measures = measure(tasks[t], run);
        const std::string key = csv_field(run.task) + "," + csv_field(run.optimizer) + "," + std::to_string(run.seed);
        for (std::size_t i = 0; i < run.trials.size(); ++i) {
          const RecordedTrial& trial = run.trials[i];
          csv += key + "," + std::to_string(i) + "," + exact(measures.hypervolume[i]) + "," + exact(trial.ask_seconds) +
                 "," + (trial.ask_cpu_seconds ? exact(*trial.ask_cpu_seconds) : "");
          for (std::size_t j = 0; j < most; ++j) {
            csv += ",";
            if (static_cast<Eigen::Index>(j) < trial.objectives.size()) {
              csv += exact(trial.objectives[static_cast<Eigen::Index>(j)]);
            }
          }
          csv += "\n";
        }
      }
    }
  }
  return csv;
}

}  // namespace hyperego
