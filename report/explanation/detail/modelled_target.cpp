#include <hyperego/core/error.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/moo/search/initial_design.hpp>
#include <hyperego/report/explanation/detail/modelled_target.hpp>

#include <algorithm>
#include <utility>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

ordered_json list(const Eigen::VectorXd& values) { return std::vector<double>(values.begin(), values.end()); }

ModelledTarget objective_target(TrialModels& models, const std::string& name, MoreOpinions more) {
  const std::size_t j = models.trials().objective_index(name);
  ordered_json description{{"objective", name}};
  if (models.is_logarithmic(j)) description["scale"] = "log";
  return {models.objective(j, more), models.targets().col(static_cast<Eigen::Index>(j)), std::move(description)};
}

Eigen::VectorXd checked_weights(const Eigen::VectorXd& given, std::size_t objectives) {
  const auto m = static_cast<Eigen::Index>(objectives);
  Eigen::VectorXd weights = given.size() == 0 ? Eigen::VectorXd::Constant(m, 1.0) : given;
  if (weights.size() != m) {
    throw InvalidInput("weights", "there are " + std::to_string(weights.size()) + " for " + std::to_string(m) +
                                      " objectives; give one for each");
  }
  if (!weights.allFinite() || weights.minCoeff() < 0 || weights.sum() <= 0) {
    throw InvalidInput("weights", "must be finite, not negative and not all 0");
  }
  return weights / weights.sum();
}

ModelledTarget tradeoff_target(TrialModels& models, const Eigen::VectorXd& given, MoreOpinions more,
                               std::vector<std::string>& notes) {
  const Eigen::VectorXd weights = checked_weights(given, models.trials().objectives.size());
  const Eigen::MatrixXd& targets = models.targets();
  // The first trials stand for those that no optimizer has chosen; a table without such an order loses nothing by it.
  const auto first = static_cast<Eigen::Index>(
      default_initial_trials(models.trials().space->searched().size(), static_cast<std::uint64_t>(targets.rows())));
  const Normalization bounds = normalize_by_front(targets, std::min(first, targets.rows()), models.trials().objectives);
  notes.insert(notes.end(), bounds.notes.begin(), bounds.notes.end());
  return {models.tradeoff(weights, bounds.ideal, bounds.nadir, more),
          augmented_chebyshev(bounds.apply(targets), weights),
          {{"weights", list(weights)}, {"ideal", list(bounds.ideal)}, {"nadir", list(bounds.nadir)}}};
}

}  // namespace

ModelledTarget modelled_target(TrialModels& models, const ExplainTarget& target, MoreOpinions more,
                               std::vector<std::string>& notes) {
  notes.insert(notes.end(), models.notes().begin(), models.notes().end());
  const std::vector<Objective>& objectives = models.trials().objectives;
  if (target.objective) return objective_target(models, *target.objective, more);
  if (objectives.size() == 1) return objective_target(models, objectives.front().name, more);
  return tradeoff_target(models, target.weights, more, notes);
}

}  // namespace hyperego::detail
