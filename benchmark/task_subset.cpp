#include <hyperego/benchmark/star_discrepancy.hpp>
#include <hyperego/benchmark/task_subset.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace hyperego {
namespace {

/// Columns mapped to [0, 1]; those of one value are left out.
TaskFeatures scaled(const std::vector<std::string>& names, const Eigen::MatrixXd& raw) {
  TaskFeatures features;
  features.values.resize(raw.rows(), raw.cols());
  Eigen::Index kept = 0;
  for (Eigen::Index f = 0; f < raw.cols(); ++f) {
    const double least = raw.col(f).minCoeff();
    const double range = raw.col(f).maxCoeff() - least;
    if (!(range > 0)) continue;
    features.names.push_back(names[static_cast<std::size_t>(f)]);
    features.values.col(kept++) = ((raw.col(f).array() - least) / range).cwiseMin(1.0);
  }
  if (kept == 0) throw InvalidInput("tasks", "are alike in every feature, so that none stands for others");
  features.values.conservativeResize(Eigen::NoChange, kept);
  return features;
}

}  // namespace

TaskFeatures performance_features(const BenchmarkSummary& summary, std::size_t most) {
  if (summary.tasks.size() < 2) throw InvalidInput("tasks", "is one; a subset is chosen from two or more");
  const std::size_t count = std::min(most, summary.optimizers.size());
  std::vector<std::string> names;
  Eigen::MatrixXd raw(static_cast<Eigen::Index>(summary.tasks.size()), static_cast<Eigen::Index>(count));
  for (std::size_t o = 0; o < count; ++o) {
    names.push_back("share of " + summary.optimizers[o]);
    for (std::size_t t = 0; t < summary.tasks.size(); ++t) {
      const TaskSummary& task = summary.tasks[t];
      raw(static_cast<Eigen::Index>(t), static_cast<Eigen::Index>(o)) =
          task.methods[o].last.mean / whole_hypervolume(task, summary.reference);
    }
  }
  return scaled(names, raw);
}

TaskFeatures description_features(const std::vector<BenchmarkTask>& tasks) {
  if (tasks.size() < 2) throw InvalidInput("tasks", "is one; a subset is chosen from two or more");
  Eigen::MatrixXd raw(static_cast<Eigen::Index>(tasks.size()), 3);
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    const std::vector<std::size_t> searched = tasks[t].space->searched();
    const auto other = std::count_if(searched.begin(), searched.end(), [&](std::size_t i) {
      return !std::holds_alternative<FloatDomain>((*tasks[t].space)[i].domain);
    });
    const auto d = static_cast<double>(searched.size());
    raw.row(static_cast<Eigen::Index>(t)) << std::log(std::max(d, 1.0)), static_cast<double>(other) / std::max(d, 1.0),
        std::log(static_cast<double>(tasks[t].objectives.size()));
  }
  return scaled({"log hyperparameters", "share that are no floats", "log objectives"}, raw);
}

TaskSubset representative_subset(const TaskFeatures& features, const std::vector<std::string>& names,
                                 std::size_t count) {
  TaskSubset subset{.features = features.names};
  const auto chosen_rows = [&](const std::vector<std::size_t>& rows) {
    Eigen::MatrixXd chosen(static_cast<Eigen::Index>(count), features.values.cols());
    for (std::size_t i = 0; i < count; ++i) {
      chosen.row(static_cast<Eigen::Index>(i)) = features.values.row(static_cast<Eigen::Index>(rows[i]));
    }
    return star_discrepancy(chosen);
  };
  const std::vector<std::size_t> rows = low_discrepancy_subset(features.values, count);
  for (const std::size_t row : rows) subset.tasks.push_back(names[row]);
  subset.discrepancy = chosen_rows(rows);
  constexpr std::uint64_t draws = 100;
  for (std::uint64_t draw = 0; draw < draws; ++draw) {
    Rng rng(0, "typical subset", draw);
    std::vector<std::size_t> order(names.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i < count; ++i) std::swap(order[i], order[i + rng.below(order.size() - i)]);
    subset.typical_discrepancy += chosen_rows(order) / static_cast<double>(draws);
  }
  return subset;
}

nlohmann::ordered_json to_json(const TaskSubset& subset) {
  return {{"tasks", subset.tasks},
          {"features", subset.features},
          {"star_discrepancy", subset.discrepancy},
          {"star_discrepancy_of_random_subsets", subset.typical_discrepancy}};
}

}  // namespace hyperego
