#pragma once

#include <hyperego/benchmark/benchmark.hpp>
#include <hyperego/benchmark/paired_bootstrap.hpp>
#include <hyperego/benchmark/rank_statistics.hpp>
#include <hyperego/benchmark/run_measures.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

struct MeanAndDeviation {
  double mean = 0;
  double deviation = 0;  ///< sample standard deviation over seeds; 0 for one seed
};

/// An optimizer on a task, over seeds.
struct MethodOnTask {
  std::string optimizer = {};
  MeanAndDeviation last = {};         ///< hypervolume when the budget is spent
  MeanAndDeviation area = {};         ///< mean hypervolume over trials
  std::vector<double> quarters = {};  ///< mean hypervolume after 25, 50, 75 and 100 % of the trials
  std::optional<double> regret = {}, log10_regret = {}, igd_plus = {};  ///< means
  double ask_seconds = 0;                                               ///< wall clock
  std::optional<double> ask_cpu_seconds = {};                           ///< processor time
  std::vector<MeanAndDeviation> curve = {};                             ///< hypervolume after every trial
  /// Of last and area to the baseline, paired by seed; nothing for the baseline itself.
  std::optional<BootstrapInterval> last_difference = {}, area_difference = {};
};

struct TaskSummary {
  std::string task = {};
  std::uint64_t trials = 0;
  BoundsSource bounds = BoundsSource::given;
  Eigen::VectorXd lower = {}, upper = {};  ///< of the minimised objectives
  std::optional<double> best_hypervolume = {};
  std::vector<MethodOnTask> methods = {};
};

/// What a share of 1 is: the best known hypervolume, or that of the reference box.
[[nodiscard]] double whole_hypervolume(const TaskSummary& task, double reference);

/// Friedman's test and Nemenyi's critical difference for one criterion, tasks as blocks (means over seeds).
struct RankSummary {
  std::string criterion = {};  ///< "final_hypervolume", "area_under_curve" or "igd_plus"
  int tasks = 0;               ///< that have the criterion
  FriedmanTest friedman = {};
  double critical_difference = 0;  ///< at level 0.05
  Eigen::MatrixXd p = {};          ///< of every pair, Nemenyi
};

/// One optimizer against the baseline over all tasks, by final hypervolume.
struct BaselineComparison {
  std::string optimizer = {};
  int better = 0, equal = 0, worse = 0;  ///< tasks, by the mean over seeds
  BootstrapInterval difference = {};     ///< in shares (see BenchmarkSummary)
  WilcoxonTest wilcoxon = {};            ///< of the tasks' mean differences, in shares
};

/// What a benchmark says. A share is hypervolume over that of the best known front, or over the reference box where
/// none is known, so that tasks can be averaged. Scores that differ by less than 1e-9 are equal.
struct BenchmarkSummary {
  std::string suite = {};
  std::string baseline = {};
  double reference = 1.1;
  std::vector<std::uint64_t> seeds = {};
  std::vector<std::string> optimizers = {};
  std::vector<std::string> left_out = {};
  std::vector<TaskSummary> tasks = {};
  std::vector<RankSummary> ranks = {};  ///< where there are two optimizers and two tasks at least
  std::vector<BaselineComparison> comparisons = {};
  std::vector<std::vector<double>> share_curves = {};  ///< by optimizer: mean share after 5, 10, … 100 % of the budget
  std::vector<double> mean_shares = {};                ///< by optimizer: mean share over trials, then over tasks
};

/// Judges all runs. Falls back to the first optimizer where the baseline is left out.
/// @throws InvalidInput where every optimizer is left out.
[[nodiscard]] BenchmarkSummary summarize(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks,
                                         const BenchmarkRuns& runs);

/// summary.json; curves are left out, as they are in trials.csv.
[[nodiscard]] nlohmann::ordered_json to_json(const BenchmarkSummary& summary);

/// summary.txt: the tables that a person reads.
[[nodiscard]] std::string to_text(const BenchmarkSummary& summary);

/// trials.csv: task, optimizer, seed, trial, hypervolume, ask seconds (wall clock, processor) and raw objectives f1,
/// f2, … (empty where a trial failed), a row for every trial.
[[nodiscard]] std::string trials_csv(const std::vector<BenchmarkTask>& tasks, const BenchmarkRuns& runs);

}  // namespace hyperego
