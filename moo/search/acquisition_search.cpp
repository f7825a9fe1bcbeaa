#include <hyperego/core/rng.hpp>
#include <hyperego/moo/search/acquisition_search.hpp>
#include <hyperego/moo/search/fidelity_choice.hpp>
#include <hyperego/moo/search/uniform_draw.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>
#include <utility>

namespace hyperego {

AcquisitionSearch::AcquisitionSearch(const SearchState& state, ModelStore& models, SliceChooser& slices)
    : state_(state), models_(models), slices_(slices) {}

std::optional<Suggestion> AcquisitionSearch::complete(Suggestion draft, SearchGoal goal) {
  const ComposedAcquisition acquisition = compose(goal, draft.trial);
  std::optional<Suggestion> found;
  const std::vector<Configuration> known =
      goal.looks ? worth_going_on(state_, acquisition.function()) : std::vector<Configuration>{};
  goal.anchors.insert(goal.anchors.end(), known.begin(), known.end());
  const Suggestion blank = goal.looks ? draft : Suggestion{};
  if (const std::optional<AcquisitionMaximum> chosen = choose(acquisition.function(), goal, draft.decision)) {
    draft.configuration = chosen->configuration;
    draft.decision.acquisition = chosen->value;
    found = std::move(draft);
  } else {
    found = drawn_uniformly(
        state_, std::move(draft), Decision::Phase::fallback,
        "the search for the largest acquisition met only evaluated configurations; drawn uniformly instead");
  }
  if (goal.looks) found = with_best_look(state_, acquisition.function(), *goal.looks, known, std::move(found), blank);
  if (!found) return std::nullopt;
  found->decision.feasibility = acquisition.feasibility(found->configuration);
  found->decision.prior = acquisition.prior(found->configuration);
  return found;
}

ComposedAcquisition AcquisitionSearch::compose(SearchGoal& goal, std::uint64_t trial) {
  ComposedAcquisition acquisition(std::move(goal.improvement), *state_.problem.space);
  acquisition.weigh_by_feasibility(models_.fit_feasibility());
  if (state_.prior) {
    const auto trials = static_cast<double>(state_.problem.budget);
    const double planned = std::min(trials, state_.problem.cost_budget.value_or(trials));  // full evaluations
    const double beta = state_.options.prior_strength.value_or(planned / 100);
    acquisition.weigh_by_prior(*state_.prior, beta / static_cast<double>(state_.trials_after_design(trial) + 1));
    for (Configuration& place : likely_places(trial)) goal.anchors.push_back(std::move(place));
  }
  return acquisition;
}

/// Good places according to the prior.
std::vector<Configuration> AcquisitionSearch::likely_places(std::uint64_t trial) const {
  constexpr int draws = 3;
  const SearchSpace& space = *state_.problem.space;
  std::vector<Configuration> places{state_.domain.decode(state_.prior->mode(space))};
  Rng rng(state_.problem.seed, "believed-places", trial);
  for (int k = 0; k < draws; ++k) {
    Eigen::VectorXd uniform(static_cast<Eigen::Index>(space.size()));
    for (double& u : uniform) u = rng.uniform();
    places.push_back(state_.domain.decode(state_.prior->quantile(uniform)));
  }
  return places;
}

std::optional<AcquisitionMaximum> AcquisitionSearch::choose(const AcquisitionFunction& acquisition,
                                                            const SearchGoal& goal, Decision& decision) {
  if (!goal.candidates.empty()) {
    Eigen::Index best = 0;
    const double value = acquisition.values(goal.candidates).maxCoeff(&best);
    return AcquisitionMaximum{goal.candidates[static_cast<std::size_t>(best)], value};
  }
  std::optional<AcquisitionMaximum> found = maximize(acquisition, goal, decision);
  if (!found || goal.slice) return found;
  const std::function<bool(const Configuration&)> seen = [this](const Configuration& c) {
    return state_.history.seen(c);
  };
  std::optional<AcquisitionMaximum> reduced = slices_.reduce({acquisition, *found, goal.origins, seen}, decision);
  return reduced ? reduced : found;
}

std::optional<AcquisitionMaximum> AcquisitionSearch::maximize(const AcquisitionFunction& acquisition,
                                                              const SearchGoal& goal, Decision& decision) {
  const auto seen = [this](const Configuration& configuration) { return state_.history.seen(configuration); };
  AcquisitionMaximizerOptions options = state_.options.maximizer;
  options.progress = state_.progress;
  const auto search = [&](const Slice& region, std::string_view purpose) {
    return maximize_acquisition(acquisition, region, goal.anchors, seen,
                                Rng(state_.problem.seed, purpose, decision.trial), options, &decision.notes);
  };
  if (!goal.slice) return search(state_.domain, "candidates");
  const double least_share = slices_.least_improvement_share();
  std::optional<AcquisitionMaximum> anywhere;
  if (least_share > 0) anywhere = search(state_.domain, "full-candidates");
  for (std::optional<Slice> slice = goal.slice; slice;) {
    std::optional<AcquisitionMaximum> chosen = search(*slice, "candidates");
    if (!chosen) {
      while (slice) slice = slices_.widen(0, decision);  // until nothing is frozen, here and in what is remembered
      decision.phase = Decision::Phase::fallback;
      decision.reason = "the reduced space has nothing new to offer; searched the full space instead";
      return anywhere ? anywhere : search(state_.domain, "full-candidates");
    }
    const double share = anywhere ? std::exp(chosen->value - anywhere->value) : 1;
    if (share >= least_share) return chosen;
    slice = slices_.widen(share, decision);
  }
  return anywhere;
}

}  // namespace hyperego
