#include <hyperego/benchmark/summary.hpp>
#include <hyperego/core/error.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace hyperego {
namespace {

using Measured = std::vector<std::vector<std::vector<RunMeasures>>>;  // by task, optimizer and seed

template <typename Of>
MeanAndDeviation over_seeds(const std::vector<RunMeasures>& runs, Of of) {
  MeanAndDeviation result;
  const auto n = static_cast<double>(runs.size());
  for (const RunMeasures& run : runs) result.mean += of(run) / n;
  double squares = 0;
  for (const RunMeasures& run : runs) squares += (of(run) - result.mean) * (of(run) - result.mean);
  result.deviation = runs.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
  return result;
}

template <typename Of>
std::optional<double> mean_where_known(const std::vector<RunMeasures>& runs, Of of) {
  double sum = 0;
  for (const RunMeasures& run : runs) {
    if (!of(run)) return std::nullopt;
    sum += *of(run);
  }
  return sum / static_cast<double>(runs.size());
}

template <typename Of>
std::vector<double> paired_differences(const std::vector<RunMeasures>& runs, const std::vector<RunMeasures>& others,
                                       Of of) {
  std::vector<double> differences(runs.size());
  for (std::size_t s = 0; s < runs.size(); ++s) differences[s] = of(runs[s]) - of(others[s]);
  return differences;
}

double area_of(const RunMeasures& run) { return run.area; }
double last_of(const RunMeasures& run) { return run.last(); }

MethodOnTask method_on_task(const std::string& optimizer, const std::vector<RunMeasures>& runs,
                            const std::vector<RunMeasures>* baseline) {
  MethodOnTask method{.optimizer = optimizer, .last = over_seeds(runs, last_of), .area = over_seeds(runs, area_of)};
  const std::size_t budget = runs.front().hypervolume.size();
  for (std::size_t t = 0; t < budget; ++t) {
    method.curve.push_back(over_seeds(runs, [t](const RunMeasures& run) { return run.hypervolume[t]; }));
  }
  for (std::size_t quarter = 1; quarter <= 4; ++quarter) {
    method.quarters.push_back(method.curve[(budget * quarter + 3) / 4 - 1].mean);
  }
  method.regret = mean_where_known(runs, [](const RunMeasures& run) { return run.regret; });
  method.log10_regret = mean_where_known(runs, [](const RunMeasures& run) { return run.log10_regret; });
  method.igd_plus = mean_where_known(runs, [](const RunMeasures& run) { return run.igd_plus; });
  method.ask_seconds = over_seeds(runs, [](const RunMeasures& run) { return run.ask_seconds; }).mean;
  method.ask_cpu_seconds = mean_where_known(runs, [](const RunMeasures& run) { return run.ask_cpu_seconds; });
  if (baseline != nullptr) {
    method.last_difference = stratified_bootstrap({paired_differences(runs, *baseline, last_of)});
    method.area_difference = stratified_bootstrap({paired_differences(runs, *baseline, area_of)});
  }
  return method;
}

double on_grid(double value) { return std::round(value * 1e9) / 1e9; }

/// The score of a method on a task, greater is better.
using Score = std::optional<double> (*)(const MethodOnTask&);

std::optional<RankSummary> rank_summary(const BenchmarkSummary& summary, const std::string& criterion, Score score) {
  const auto k = static_cast<Eigen::Index>(summary.optimizers.size());
  Eigen::MatrixXd scores(static_cast<Eigen::Index>(summary.tasks.size()), k);
  Eigen::Index rows = 0;
  for (const TaskSummary& task : summary.tasks) {
    bool known = true;
    for (Eigen::Index o = 0; o < k; ++o) {
      const auto value = score(task.methods[static_cast<std::size_t>(o)]);
      known = known && value.has_value();
      scores(rows, o) = on_grid(value.value_or(0));
    }
    if (known) ++rows;
  }
  if (k < 2 || rows < 2) return std::nullopt;
  RankSummary ranks{.criterion = criterion, .tasks = static_cast<int>(rows)};
  ranks.friedman = friedman_test(scores.topRows(rows));
  ranks.critical_difference = nemenyi_critical_difference(static_cast<int>(k), ranks.tasks);
  ranks.p = Eigen::MatrixXd::Ones(k, k);
  for (Eigen::Index a = 0; a < k; ++a) {
    for (Eigen::Index b = 0; b < k; ++b) {
      if (a == b) continue;
      const double difference = ranks.friedman.mean_ranks[a] - ranks.friedman.mean_ranks[b];
      ranks.p(a, b) = nemenyi_p_value(difference, static_cast<int>(k), ranks.tasks);
    }
  }
  return ranks;
}

BaselineComparison against_baseline(const BenchmarkSummary& summary, const Measured& measured, std::size_t optimizer,
                                    std::size_t baseline) {
  BaselineComparison comparison{.optimizer = summary.optimizers[optimizer]};
  std::vector<std::vector<double>> shares;
  Eigen::VectorXd means(static_cast<Eigen::Index>(summary.tasks.size()));
  for (std::size_t t = 0; t < summary.tasks.size(); ++t) {
    shares.push_back(paired_differences(measured[t][optimizer], measured[t][baseline], last_of));
    for (double& share : shares.back()) share /= whole_hypervolume(summary.tasks[t], summary.reference);
    const double sum = std::accumulate(shares.back().begin(), shares.back().end(), 0.0);
    const double mean = on_grid(sum / static_cast<double>(shares.back().size()));
    means[static_cast<Eigen::Index>(t)] = mean;
    (mean > 0 ? comparison.better : mean < 0 ? comparison.worse : comparison.equal) += 1;
  }
  comparison.difference = stratified_bootstrap(shares);
  comparison.wilcoxon = wilcoxon_signed_rank(means);
  return comparison;
}

void add_shares(BenchmarkSummary& summary) {
  constexpr std::size_t steps = 20;
  const auto tasks = static_cast<double>(summary.tasks.size());
  summary.share_curves.assign(summary.optimizers.size(), std::vector<double>(steps, 0));
  summary.mean_shares.assign(summary.optimizers.size(), 0);
  for (const TaskSummary& task : summary.tasks) {
    const double one = whole_hypervolume(task, summary.reference) * tasks;
    for (std::size_t o = 0; o < task.methods.size(); ++o) {
      const auto& curve = task.methods[o].curve;
      summary.mean_shares[o] += task.methods[o].area.mean / one;
      for (std::size_t step = 0; step < steps; ++step) {
        summary.share_curves[o][step] += curve[(curve.size() * (step + 1) + steps - 1) / steps - 1].mean / one;
      }
    }
  }
}

}  // namespace

double whole_hypervolume(const TaskSummary& task, double reference) {
  return task.best_hypervolume.value_or(std::pow(reference, static_cast<double>(task.lower.size())));
}

BenchmarkSummary summarize(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks,
                           const BenchmarkRuns& runs) {
  if (runs.optimizers.empty()) throw InvalidInput("optimizers", "are all left out; there is nothing to compare");
  BenchmarkSummary summary{.suite = suite.name,
                           .baseline = suite.baseline,
                           .reference = suite.reference,
                           .seeds = suite.seeds,
                           .optimizers = runs.optimizers,
                           .left_out = runs.left_out};
  const auto found = std::find(runs.optimizers.begin(), runs.optimizers.end(), suite.baseline);
  const auto baseline = found == runs.optimizers.end() ? 0 : static_cast<std::size_t>(found - runs.optimizers.begin());
  summary.baseline = runs.optimizers[baseline];

  Measured measured(tasks.size());
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    measured[t].resize(runs.optimizers.size());
    for (std::size_t o = 0; o < runs.optimizers.size(); ++o) {
      for (std::size_t s = 0; s < runs.seeds; ++s) measured[t][o].push_back(measure(tasks[t], runs.record(t, o, s)));
    }
    TaskSummary task{.task = tasks[t].name,
                     .trials = tasks[t].trials,
                     .bounds = tasks[t].bounds,
                     .lower = tasks[t].lower,
                     .upper = tasks[t].upper,
                     .best_hypervolume = tasks[t].best_hypervolume};
    for (std::size_t o = 0; o < runs.optimizers.size(); ++o) {
      task.methods.push_back(
          method_on_task(runs.optimizers[o], measured[t][o], o == baseline ? nullptr : &measured[t][baseline]));
    }
    summary.tasks.push_back(std::move(task));
  }
  const std::vector<std::pair<std::string, Score>> criteria{
      {"final_hypervolume", [](const MethodOnTask& m) { return std::optional(m.last.mean); }},
      {"area_under_curve", [](const MethodOnTask& m) { return std::optional(m.area.mean); }},
      {"igd_plus", [](const MethodOnTask& m) { return m.igd_plus ? std::optional(-*m.igd_plus) : std::nullopt; }}};
  for (const auto& [criterion, score] : criteria) {
    if (auto ranks = rank_summary(summary, criterion, score)) summary.ranks.push_back(std::move(*ranks));
  }
  for (std::size_t o = 0; o < runs.optimizers.size(); ++o) {
    if (o != baseline) summary.comparisons.push_back(against_baseline(summary, measured, o, baseline));
  }
  add_shares(summary);
  return summary;
}

}  // namespace hyperego
