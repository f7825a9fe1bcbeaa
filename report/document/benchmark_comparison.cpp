#include <hyperego/core/error.hpp>
#include <hyperego/report/document/benchmark_comparison.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace hyperego {
namespace {

using nlohmann::ordered_json;
using namespace detail;

using Task = BenchmarkResult::Task;

constexpr std::size_t points_of_curve = 50;

/// Benchmarks with the names that their optimizers have here.
struct Benchmarks {
  std::span<const BenchmarkResult> results;
  std::span<const std::string> labels;

  [[nodiscard]] std::string method(std::size_t k, const std::string& optimizer) const {
    return results.size() == 1 ? optimizer : labels[k] + ": " + optimizer;
  }
  [[nodiscard]] std::vector<std::string> methods() const {
    std::vector<std::string> names;
    for (std::size_t k = 0; k < results.size(); ++k) {
      for (const std::string& optimizer : results[k].optimizers) names.push_back(method(k, optimizer));
    }
    return names;
  }
};

void require_same_measure(const Benchmarks& all) {
  struct First {
    std::size_t result;
    const Task* task;
  };
  std::map<std::string, First> seen;
  for (std::size_t k = 0; k < all.results.size(); ++k) {
    for (const Task& task : all.results[k].tasks) {
      const auto [entry, is_new] = seen.emplace(task.name, First{k, &task});
      const First& first = entry->second;
      if (is_new || (task.ideal == first.task->ideal && task.nadir == first.task->nadir &&
                     all.results[k].reference == all.results[first.result].reference)) {
        continue;
      }
      throw InvalidInput(all.labels[k], "its task " + task.name + " has other bounds or another reference than in " +
                                            all.labels[first.result] +
                                            ", so hypervolumes cannot be compared; report them one by one");
    }
  }
}

std::string seeds_in_words(const BenchmarkResult& result) {
  std::vector<std::string> seeds;
  for (const std::uint64_t seed : result.seeds) seeds.push_back(std::to_string(seed));
  return counted(seeds.size(), "seed") + " (" + listed(seeds) + ")";
}

std::string in_short(const Benchmarks& all, std::size_t k) {
  const BenchmarkResult& result = all.results[k];
  const auto best = std::max_element(result.shares.begin(), result.shares.end(),
                                     [](const auto& a, const auto& b) { return a.over_trials < b.over_trials; });
  std::string text = (all.results.size() == 1 ? std::string("The suite ") : all.labels[k] + ": the suite ") +
                     result.suite + " compares " + listed(result.optimizers) + " on " +
                     counted(result.tasks.size(), "task") + " with " + seeds_in_words(result) + ".";
  if (best != result.shares.end()) {
    text += " The largest share of the best known hypervolume, mean over trials and tasks, is that of " +
            result.optimizers[static_cast<std::size_t>(best - result.shares.begin())] + ", " +
            in_words(best->over_trials) + ".";
  }
  return text;
}

ordered_json method_table(const Benchmarks& all) {
  ordered_json table =
      empty_table({"optimizer", "tasks", "seeds", "mean share over trials", "final share", "seconds of an ask"});
  for (std::size_t k = 0; k < all.results.size(); ++k) {
    const BenchmarkResult& result = all.results[k];
    for (std::size_t o = 0; o < result.optimizers.size(); ++o) {
      double seconds = 0;
      for (const Task& task : result.tasks) {
        if (o < task.methods.size()) seconds += task.methods[o].ask_s / static_cast<double>(result.tasks.size());
      }
      table["rows"].push_back({all.method(k, result.optimizers[o]), result.tasks.size(), result.seeds.size(),
                               result.shares[o].over_trials, result.shares[o].after_each_5_percent.back(), seconds});
    }
  }
  return table;
}

ordered_json baseline_table(const Benchmarks& all) {
  ordered_json table = empty_table({"optimizer", "against", "tasks better", "equal", "worse", "difference of shares",
                                    "low (95 %)", "high (95 %)", "Wilcoxon p"});
  for (std::size_t k = 0; k < all.results.size(); ++k) {
    for (const BenchmarkResult::AgainstBaseline& one : all.results[k].against_baseline) {
      table["rows"].push_back({all.method(k, one.optimizer), all.results[k].baseline, one.better, one.equal, one.worse,
                               one.difference, one.lower, one.upper, one.p});
    }
  }
  return table;
}

ordered_json share_table(const Benchmarks& all) {
  ordered_json table = empty_table({"optimizer", "% of the budget", "share"});
  for (std::size_t k = 0; k < all.results.size(); ++k) {
    for (std::size_t o = 0; o < all.results[k].optimizers.size(); ++o) {
      const std::vector<double>& shares = all.results[k].shares[o].after_each_5_percent;
      for (std::size_t step = 0; step < shares.size(); ++step) {
        table["rows"].push_back({all.method(k, all.results[k].optimizers[o]), 5 * (step + 1), shares[step]});
      }
    }
  }
  return table;
}

/// Means and ± one standard deviation over seeds, at most about `points_of_curve` for each curve.
ordered_json task_curve_table(const Benchmarks& all) {
  ordered_json table = empty_table({"task", "optimizer", "trials", "hypervolume", "low", "high"});
  for (std::size_t k = 0; k < all.results.size(); ++k) {
    for (const Task& task : all.results[k].tasks) {
      for (const BenchmarkResult::Method& method : task.methods) {
        const std::size_t stride = std::max<std::size_t>(1, method.curve.size() / points_of_curve);
        for (std::size_t t = 0; t < method.curve.size(); ++t) {
          if (t % stride != 0 && t + 1 != method.curve.size()) continue;
          const auto& [mean, deviation] = method.curve[t];
          table["rows"].push_back(
              {task.name, all.method(k, method.optimizer), t + 1, mean, mean - deviation, mean + deviation});
        }
      }
    }
  }
  return table;
}

ordered_json task_table(const Benchmarks& all) {
  ordered_json table = empty_table({"task", "trials", "optimizer", "final hypervolume", "± (seeds)", "mean over trials",
                                    "± (seeds) of it", "regret", "IGD+", "seconds of an ask"});
  const auto known = [](const std::optional<double>& value) { return value ? ordered_json(*value) : nullptr; };
  for (std::size_t k = 0; k < all.results.size(); ++k) {
    for (const Task& task : all.results[k].tasks) {
      for (const BenchmarkResult::Method& method : task.methods) {
        table["rows"].push_back({task.name, task.trials, all.method(k, method.optimizer), method.last.mean,
                                 method.last.deviation, method.area.mean, method.area.deviation, known(method.regret),
                                 known(method.igd_plus), method.ask_s});
      }
    }
  }
  std::stable_sort(table["rows"].begin(), table["rows"].end(),
                   [](const ordered_json& a, const ordered_json& b) { return a.front() < b.front(); });
  return table;
}

/// The best first, with half a critical difference to both sides.
ordered_json rank_table(const BenchmarkResult& result, const BenchmarkResult::Ranks& ranks) {
  std::vector<std::size_t> order(result.optimizers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return ranks.means[a] < ranks.means[b]; });
  ordered_json table = empty_table({"optimizer", "mean rank", "low", "high"});
  const double half = ranks.critical_difference / 2;
  for (const std::size_t o : order) {
    table["rows"].push_back({result.optimizers[o], ranks.means[o], ranks.means[o] - half, ranks.means[o] + half});
  }
  return table;
}

std::string criterion_in_words(const std::string& criterion) {
  if (criterion == "final_hypervolume") return "final hypervolume";
  if (criterion == "area_under_curve") return "mean hypervolume over trials";
  return criterion == "igd_plus" ? "IGD+" : criterion;
}

ordered_json outcome_of(const Benchmarks& all) {
  ordered_json section = empty_section("outcome", "Outcome");
  for (std::size_t k = 0; k < all.results.size(); ++k) section["text"].push_back(in_short(all, k));
  section["text"].push_back(
      "A share is hypervolume over that of the best front known, or over the reference box where none is known, so "
      "that "
      "tasks can be averaged.");
  if (all.results.size() > 1) {
    section["text"].push_back(
        "Shares are averaged over the tasks of each benchmark, so they compare only where the benchmarks have the same "
        "tasks and budgets.");
  }
  for (const BenchmarkResult& result : all.results) {
    for (const std::string& sentence : result.left_out) section["text"].push_back(sentence);
  }
  add_table(section, "methods", "The optimizers", method_table(all));
  const ordered_json baseline = baseline_table(all);
  if (!baseline.at("rows").empty()) add_table(section, "baseline", "Against the baseline", baseline);
  return section;
}

ordered_json progress_of(const Benchmarks& all) {
  ordered_json section = empty_section("progress", "Progress");
  add_figure(section, "shares", "Share of the best known hypervolume", "Mean over seeds and tasks; larger is better.",
             {{"kind", "curves"}, {"x", 1}, {"y", 2}, {"studies", all.methods()}}, share_table(all));
  add_figure(
      section, "task-curves", "Hypervolume on each task",
      "Normalised hypervolume of everything evaluated so far, mean over seeds; bands are one standard deviation.",
      {{"kind", "task-curves"}, {"studies", all.methods()}}, task_curve_table(all));
  return section;
}

ordered_json ranks_section(const Benchmarks& all) {
  ordered_json section = empty_section("ranks", "Ranks");
  for (std::size_t k = 0; k < all.results.size(); ++k) {
    for (std::size_t c = 0; c < all.results[k].ranks.size(); ++c) {
      const BenchmarkResult::Ranks& ranks = all.results[k].ranks[c];
      const std::string title = (all.results.size() == 1 ? std::string() : all.labels[k] + ": ") + "Mean rank by " +
                                criterion_in_words(ranks.criterion);
      section["text"].push_back(title + " over " + counted(ranks.tasks, "task") +
                                ": that the optimizers are equal has p = " + in_words(ranks.p) +
                                " (Friedman's test as Iman and Davenport correct it).");
      add_figure(
          section, "ranks-" + std::to_string(k + 1) + "-" + std::to_string(c + 1), title,
          "1 is best. Whiskers are half of Nemenyi's critical difference at level 0.05 to both sides: optimizers "
          "whose whiskers do not meet differ.",
          {{"kind", "bars"}, {"value", "mean rank"}, {"low", 2}, {"high", 3}, {"interval", "critical difference"}},
          rank_table(all.results[k], ranks));
    }
  }
  if (section["text"].empty()) section["text"].push_back("Ranks need two optimizers and two tasks at least.");
  return section;
}

ordered_json tasks_section(const Benchmarks& all) {
  ordered_json section = empty_section("tasks", "Tasks");
  section["text"].push_back(
      "Hypervolumes are normalised by bounds that no optimizer has a part in; regret is the distance to the best front "
      "known and IGD+ that to a sample of it, both where it is known.");
  add_table(section, "tasks", "Means over seeds", task_table(all));
  return section;
}

}  // namespace

ordered_json benchmark_comparison_document(std::span<const BenchmarkResult> results,
                                           const std::vector<std::string>& labels) {
  const Benchmarks all{results, labels};
  require_same_measure(all);
  ordered_json document{{"kind", "comparison"},
                        {"title", "Benchmark " + listed(labels)},
                        {"refreshing", false},
                        {"time", ordered_json::object()},
                        {"shared", ordered_json::object()}};
  document["sections"] = {outcome_of(all), progress_of(all), ranks_section(all), tasks_section(all)};
  return document;
}

}  // namespace hyperego
