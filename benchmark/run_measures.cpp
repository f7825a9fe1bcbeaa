#include <hyperego/benchmark/run_measures.hpp>
#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/moo/front/indicators.hpp>
#include <hyperego/moo/front/pareto_archive.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hyperego {

RunMeasures measure(const BenchmarkTask& task, const RunRecord& run) {
  const auto m = static_cast<Eigen::Index>(task.objectives.size());
  const Eigen::VectorXd reference = Eigen::VectorXd::Constant(m, task.reference);
  ParetoArchive archive(static_cast<int>(m));
  RunMeasures measures;
  double volume = 0;
  for (std::size_t t = 0; t < task.trials; ++t) {
    if (t < run.trials.size()) measures.ask_seconds += run.trials[t].ask_seconds;
    if (t < run.trials.size() && run.trials[t].objectives.size() > 0) {
      const Eigen::VectorXd point = task.normalised(run.trials[t].objectives);
      if (archive.add(t, point).entered && (point.array() < task.reference).all()) {
        volume = hypervolume(archive.front_points(), reference);
      }
    }
    measures.hypervolume.push_back(volume);
  }
  const auto budget = static_cast<double>(task.trials);
  measures.area = std::accumulate(measures.hypervolume.begin(), measures.hypervolume.end(), 0.0) / budget;
  measures.ask_seconds /= std::max(1.0, static_cast<double>(run.trials.size()));
  double cpu = 0;
  bool known = !run.trials.empty();
  for (const RecordedTrial& trial : run.trials) {
    known = known && trial.ask_cpu_seconds.has_value();
    cpu += trial.ask_cpu_seconds.value_or(0);
  }
  if (known) measures.ask_cpu_seconds = cpu / static_cast<double>(run.trials.size());
  if (task.best_hypervolume) {
    measures.regret = *task.best_hypervolume - volume;
    measures.log10_regret = std::log10(std::max(*measures.regret, 1e-6));
  }
  if (task.front.rows() > 0 && !archive.empty()) measures.igd_plus = igd_plus(archive.front_points(), task.front);
  return measures;
}

}  // namespace hyperego
