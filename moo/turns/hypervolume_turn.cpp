#include <hyperego/moo/acquisition/hypervolume_acquisition.hpp>
#include <hyperego/moo/search/acquisition_search.hpp>
#include <hyperego/moo/search/bounds.hpp>
#include <hyperego/moo/search/fidelity_choice.hpp>
#include <hyperego/moo/search/offspring.hpp>
#include <hyperego/moo/turns/turn.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

class HypervolumeTurn final : public Turn {
 public:
  explicit HypervolumeTurn(const TurnParts& parts)
      : state_(parts.state), models_(parts.models), search_(parts.state, parts.models, parts.slices) {}

  std::optional<Suggestion> propose(Suggestion draft) override {
    if (!state_.can_model() || !is_due(draft.trial)) return std::nullopt;
    SearchGoal goal = improve_hypervolume(draft.decision);
    return search_.complete(std::move(draft), std::move(goal));
  }

 private:
  using Surrogates = std::vector<std::shared_ptr<const Surrogate>>;

  [[nodiscard]] bool is_due(std::uint64_t trial) const {
    const std::size_t m = state_.problem.objectives.size();
    if ((m != 2 && m != 3) || state_.options.preference) return false;
    if (state_.problem.cost_budget) return state_.share_spent(trial) >= 1 - state_.options.hypervolume_share;
    const auto budget = static_cast<double>(state_.problem.budget);
    return static_cast<double>(trial) >= (1 - state_.options.hypervolume_share) * budget;
  }

  SearchGoal improve_hypervolume(Decision& decision) {
    const Eigen::MatrixXd objectives = models_.modelled_objectives(decision.notes);
    using Pending = ParEgoOptions::Pending;
    const bool drawn = state_.options.pending == Pending::draw;
    Surrogates surrogates = models_.fit_objectives(objectives, drawn ? Pending::draw : Pending::believer);
    nlohmann::ordered_json models{{"target", "objectives"}};
    for (const auto& surrogate : surrogates) models["objectives"].push_back(surrogate->to_json());
    decision.surrogate = std::make_shared<const nlohmann::ordered_json>(std::move(models));
    decision.phase = Decision::Phase::hypervolume;
    decision.reason = "largest log expected hypervolume improvement in the full space";

    const Normalization bounds = predicted_front_bounds(state_, surrogates, objectives, decision.trial);
    record_bounds(bounds, decision);
    const Eigen::VectorXd reference = bounds.nadir + 0.1 * (bounds.nadir - bounds.ideal);
    std::vector<TargetTransform> transforms;
    for (const auto& surrogate : surrogates) transforms.push_back(surrogate->transform());
    ExpectedHypervolumeImprovement improvement(with_pending(objectives, surrogates), reference, transforms);
    double fit = 1;
    for (const auto& surrogate : surrogates) fit = std::min(fit, surrogate->fit_quality().leave_one_out_r2);
    std::vector<Configuration> front = state_.front_members(objectives);
    std::vector<Configuration> children = offspring(state_, front, fit, decision);
    SearchGoal goal{.improvement = nullptr, .anchors = front, .candidates = std::move(children)};
    goal.origins = std::move(front);
    if (state_.has_fidelities()) {
      const auto shared = std::make_shared<const ExpectedHypervolumeImprovement>(improvement);
      goal.looks =
          looks_at(state_, surrogates, [shared](const Eigen::VectorXd& mean, const Eigen::VectorXd& deviation) {
            return shared->log_value(mean, deviation, false).value;
          });
    }
    goal.improvement = std::make_unique<HypervolumeAcquisition>(std::move(surrogates), std::move(improvement));
    return goal;
  }

  /// `objectives`, and below them what the models, which are conditioned on it, take pending trials to give.
  [[nodiscard]] Eigen::MatrixXd with_pending(const Eigen::MatrixXd& objectives, const Surrogates& surrogates) const {
    const std::vector<Configuration> pending = state_.pending();
    if (pending.empty()) return objectives;
    const auto more = static_cast<Eigen::Index>(pending.size());
    Eigen::MatrixXd all(objectives.rows() + more, objectives.cols());
    all.topRows(objectives.rows()) = objectives;
    for (Eigen::Index j = 0; j < all.cols(); ++j) {
      all.col(j).tail(more) = surrogates[static_cast<std::size_t>(j)]->predict(pending);
    }
    return all;
  }

  const SearchState& state_;
  ModelStore& models_;
  AcquisitionSearch search_;
};

}  // namespace

std::unique_ptr<Turn> hypervolume_turn(const TurnParts& parts) { return std::make_unique<HypervolumeTurn>(parts); }

}  // namespace hyperego
