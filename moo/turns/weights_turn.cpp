#include <hyperego/moo/model/scalarized_model.hpp>
#include <hyperego/moo/scalarization/weights.hpp>
#include <hyperego/moo/search/acquisition_search.hpp>
#include <hyperego/moo/search/bounds.hpp>
#include <hyperego/moo/search/fidelity_choice.hpp>
#include <hyperego/moo/search/offspring.hpp>
#include <hyperego/moo/turns/turn.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

/// Evaluated configurations around which the acquisition is searched: those of the lowest predictions.
std::vector<Configuration> best_predicted(const std::vector<Configuration>& evaluated,
                                          const Eigen::VectorXd& predicted) {
  constexpr std::size_t most = 8;
  std::vector<std::size_t> order(evaluated.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return predicted[static_cast<Eigen::Index>(a)] < predicted[static_cast<Eigen::Index>(b)];
  });
  order.resize(std::min(order.size(), most));
  std::vector<Configuration> best;
  for (const std::size_t i : order) best.push_back(evaluated[i]);
  return best;
}

class WeightsTurn final : public Turn {
 public:
  explicit WeightsTurn(const TurnParts& parts)
      : state_(parts.state),
        models_(parts.models),
        slices_(parts.slices),
        search_(parts.state, parts.models, parts.slices) {}

  std::optional<Suggestion> propose(Suggestion draft) override {
    if (!state_.can_model()) return std::nullopt;
    choose_weights(draft.decision);
    const Eigen::MatrixXd objectives = models_.modelled_objectives(draft.decision.notes);
    const std::unique_ptr<const ScalarizedModel> model = fit(objectives, draft.decision);
    draft.decision.surrogate = std::make_shared<const nlohmann::ordered_json>(model->to_json());
    SearchGoal goal = improve(*model, objectives, draft.decision);
    std::optional<Suggestion> suggestion = search_.complete(std::move(draft), std::move(goal));
    if (!suggestion) return std::nullopt;
    const Prediction at_choice = model->posterior(std::span(&suggestion->configuration, 1));
    suggestion->decision.scalarised = Decision::Prediction{at_choice.mean[0], std::sqrt(at_choice.variance[0])};
    return suggestion;
  }

 private:
  void choose_weights(Decision& decision) const {
    const OptimizationProblem& problem = state_.problem;
    const std::uint64_t index = state_.trials_after_design(decision.trial) / state_.options.reweigh;
    decision.preference = state_.options.preference;
    decision.weights = decision.preference
                           ? preferred_weights(*decision.preference, index, problem.seed)
                           : stratified_weights(static_cast<int>(problem.objectives.size()), index, problem.seed);
  }

  [[nodiscard]] bool models_objectives(std::uint64_t trial) const {
    using Target = ParEgoOptions::Target;
    if (state_.options.target != Target::alternate) return state_.options.target == Target::objectives;
    return state_.has_many_objectives() ? trial % 4 != 1 : trial % 2 == 0;
  }

  [[nodiscard]] std::unique_ptr<const ScalarizedModel> fit(const Eigen::MatrixXd& objectives, Decision& decision) {
    const double rho = state_.options.rho;
    if (models_objectives(decision.trial)) {
      auto surrogates = models_.fit_objectives(objectives);
      const Normalization bounds = predicted_front_bounds(state_, surrogates, objectives, decision.trial);
      record_bounds(bounds, decision);
      return std::make_unique<ObjectiveSurrogates>(std::move(surrogates), decision.weights, bounds.ideal, bounds.nadir,
                                                   rho);
    }
    const Normalization bounds = front_bounds(state_, objectives);
    record_bounds(bounds, decision);
    return std::make_unique<ScalarizedSurrogate>(
        models_.fit(augmented_chebyshev(bounds.apply(models_.all_modelled_objectives()), decision.weights, rho)));
  }

  [[nodiscard]] SearchGoal improve(const ScalarizedModel& model, const Eigen::MatrixXd& objectives,
                                   Decision& decision) {
    const std::vector<Configuration>& evaluated = state_.history.completed();
    const Eigen::VectorXd predicted = model.predict(evaluated);
    Eigen::Index incumbent = 0;
    const double best = predicted.minCoeff(&incumbent);
    SearchGoal goal{.improvement = model.expected_improvement(best), .anchors = best_predicted(evaluated, predicted)};
    if (state_.has_fidelities()) goal.looks = looks_at(state_, model, best);
    goal.candidates = offspring(state_, state_.front_members(objectives), model.leave_one_out_r2(), decision);
    if (goal.candidates.empty()) {
      goal.origins = {evaluated[static_cast<std::size_t>(incumbent)]};
      goal.slice = slices_.choose({model, predicted, static_cast<std::size_t>(incumbent)}, decision);
    }
    return goal;
  }

  const SearchState& state_;
  ModelStore& models_;
  SliceChooser& slices_;
  AcquisitionSearch search_;
};

}  // namespace

std::unique_ptr<Turn> weights_turn(const TurnParts& parts) { return std::make_unique<WeightsTurn>(parts); }

}  // namespace hyperego
