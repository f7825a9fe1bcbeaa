#include <hyperego/core/number_text.hpp>
#include <hyperego/moo/model/chebyshev_improvement.hpp>
#include <hyperego/moo/model/expected_improvement.hpp>
#include <hyperego/moo/search/fidelity_choice.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace hyperego {
namespace {

std::string percent(double share) { return std::to_string(static_cast<int>(std::lround(100 * share))) + " %"; }

std::string reason_of(const Look& look, const Fidelity& fidelity, const PartialTrials::Standing* standing) {
  if (look.is_full && standing != nullptr && standing->reached > 0) {
    return "in full, as no further look promises more improvement per cost than finishing what is known up to " +
           number_text(standing->reached, 3) + " " + fidelity.name;
  }
  if (look.is_full) return "in full, as no look at a lower fidelity promises more improvement per cost";
  return "a look that costs " + percent(look.cost) + " of a full evaluation and correlates " +
         number_text(look.correlation, 2) + " with it; " + percent(look.share_going_on) +
         " of what it may show would be worth going on with";
}

/// log of the improvement per cost, weighed as the acquisition weighs it (feasibility, prior).
double weighed_rate(const Look& look, const Looks& looks, const Configuration& configuration, double acquisition) {
  const Look whole = looks.full(configuration);
  return look.log_rate + acquisition - (whole.log_rate + std::log(std::max(whole.cost, 1e-9)));
}

}  // namespace

std::shared_ptr<const Looks> looks_at(const SearchState& state,
                                      std::span<const std::shared_ptr<const Surrogate>> surrogates,
                                      ImprovementOfMoments improvement) {
  std::vector<std::shared_ptr<const GaussianProcessSurrogate>> processes;
  for (const auto& surrogate : surrogates) {
    processes.push_back(std::dynamic_pointer_cast<const GaussianProcessSurrogate>(surrogate));
    if (!processes.back()) return nullptr;
  }
  return std::make_shared<const Looks>(state.partial, std::move(processes), std::move(improvement));
}

std::shared_ptr<const Looks> looks_at(const SearchState& state, const ScalarizedModel& scalarized, double best) {
  if (const auto* own = dynamic_cast<const ScalarizedSurrogate*>(&scalarized)) {
    const std::shared_ptr<const Surrogate> surrogate(std::shared_ptr<void>{}, &own->surrogate());
    const double least = surrogate->to_model(best).on_model_scale();
    return looks_at(state, std::span(&surrogate, 1),
                    [least](const Eigen::VectorXd& mean, const Eigen::VectorXd& deviation) {
                      return log_expected_improvement(mean[0], deviation[0], least).value;
                    });
  }
  const auto& model = dynamic_cast<const ObjectiveSurrogates&>(scalarized);
  std::vector<std::shared_ptr<const Surrogate>> weighted;
  for (const std::size_t j : model.weighted()) weighted.push_back(model.shared_objective(j));
  const std::vector<WeightedObjective> terms = model.terms();
  const double rho = model.rho();
  return looks_at(state, weighted, [=](const Eigen::VectorXd& mean, const Eigen::VectorXd& deviation) {
    return log_chebyshev_improvement(terms, mean, deviation, best, rho, false).value;
  });
}

std::vector<Configuration> worth_going_on(const SearchState& state, const AcquisitionFunction& acquisition) {
  constexpr std::size_t most = 8;
  const double full = state.partial.fidelity()->full;
  std::vector<Configuration> known;
  std::vector<double> costs;
  for (const PartialTrials::Standing& standing : state.partial.standings()) {
    if (!standing.can_go_on()) continue;
    known.push_back(standing.configuration);
    costs.push_back(state.partial.cost(full, &standing));
  }
  if (known.empty()) return known;
  Eigen::VectorXd rates = acquisition.values(known);
  for (Eigen::Index i = 0; i < rates.size(); ++i) {
    rates[i] -= std::log(std::max(costs[static_cast<std::size_t>(i)], 1e-9));
  }
  std::vector<std::size_t> order(known.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rates[static_cast<Eigen::Index>(a)] > rates[static_cast<Eigen::Index>(b)];
  });
  order.resize(std::min(order.size(), most));
  std::vector<Configuration> result;
  for (const std::size_t i : order) result.push_back(known[i]);
  return result;
}

std::optional<Suggestion> with_best_look(const SearchState& state, const AcquisitionFunction& acquisition,
                                         const Looks& looks, const std::vector<Configuration>& known,
                                         std::optional<Suggestion> found, Suggestion blank) {
  std::vector<Configuration> candidates;
  if (found) candidates.push_back(found->configuration);
  candidates.insert(candidates.end(), known.begin(), known.end());
  if (candidates.empty()) return found;
  const Eigen::VectorXd values = acquisition.values(candidates);
  std::optional<Look> best;
  double best_rate = 0;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Look look = looks.best(candidates[i]);
    const double rate = weighed_rate(look, looks, candidates[i], values[static_cast<Eigen::Index>(i)]);
    if (best && !(rate > best_rate)) continue;
    best = look;
    best_rate = rate;
    chosen = i;
  }
  if (!found || chosen > 0) {
    if (found) blank.decision = std::move(found->decision);
    blank.configuration = candidates[chosen];
    blank.decision.phase = Decision::Phase::promotion;
    blank.decision.reason = "a known configuration promises more improvement per cost than the best new one";
    blank.decision.free = state.domain.free();  // it is nowhere that a slice was
    blank.decision.frozen = Configuration();
    blank.decision.threshold = 0;
    blank.decision.acquisition = values[static_cast<Eigen::Index>(chosen)];
    found = std::move(blank);
  }
  const PartialTrials::Standing* standing = state.partial.standing(found->configuration);
  set_fidelity(state, best->fidelity, reason_of(*best, *state.partial.fidelity(), standing), *found);
  found->decision.fidelity->correlation = best->correlation;
  found->decision.fidelity->information_per_cost = best->information / std::max(best->cost, 1e-9);
  return found;
}

void set_fidelity(const SearchState& state, double value, std::string reason, Suggestion& suggestion) {
  const Fidelity& fidelity = *state.partial.fidelity();
  const PartialTrials::Standing* standing = state.partial.standing(suggestion.configuration);
  suggestion.fidelity = fidelity.below_full(value);
  if (standing != nullptr && fidelity.training == Fidelity::Training::continues && standing->reached < value) {
    suggestion.continues = standing->trial;
  }
  Decision::FidelityChoice choice;
  choice.value = value;
  choice.cost = state.partial.cost(value, suggestion.continues ? standing : nullptr);
  choice.correlation = suggestion.fidelity ? 0 : 1;
  choice.reason = std::move(reason);
  suggestion.decision.fidelity = std::move(choice);
}

void set_usual_fidelity(const SearchState& state, Suggestion& suggestion) {
  if (!state.has_fidelities() || suggestion.decision.fidelity) return;
  using Phase = Decision::Phase;
  const Phase phase = suggestion.decision.phase;
  if (phase == Phase::initial || phase == Phase::random || phase == Phase::fallback) {
    set_fidelity(state, design_fidelity(*state.partial.fidelity()), "a first look, before a model says what one tells",
                 suggestion);
  } else {
    set_fidelity(state, state.partial.fidelity()->full, "in full, as it is not asked for by what it promises",
                 suggestion);
  }
}

}  // namespace hyperego
