#include <hyperego/moo/search/detail/freezing_game.hpp>
#include <hyperego/moo/search/freeze_after.hpp>
#include <hyperego/moo/search/recorded_importance.hpp>
#include <hyperego/moo/search/reversion.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

std::string in_percent(double share) { return std::to_string(static_cast<int>(std::lround(100 * share))) + " %"; }

/// "a, b and 3 more", those first without which least would be left.
std::string worth_changing(const SearchSpace& space, const std::map<std::size_t, double>& without) {
  constexpr std::size_t most_named = 3;
  std::vector<std::pair<double, std::size_t>> order;
  for (const auto& [i, share] : without) order.emplace_back(share, i);
  std::stable_sort(order.begin(), order.end());
  std::string text;
  for (std::size_t k = 0; k < std::min(most_named, order.size()); ++k) {
    text += (k == 0 ? "" : ", ") + space[order[k].second].name + " (without it " + in_percent(order[k].first) + ")";
  }
  return order.size() > most_named ? text + " and " + std::to_string(order.size() - most_named) + " more" : text;
}

std::string reduction_reason(const SearchSpace& space, const Decision& decision, std::size_t frozen) {
  const bool for_front = decision.phase == Decision::Phase::hypervolume;
  return std::string("largest log expected ") + (for_front ? "hypervolume improvement" : "improvement") +
         " in the full space; worth changing: " + worth_changing(space, decision.freezing->without) + "; " +
         std::to_string(frozen) + (frozen == 1 ? " other is" : " others are") + " frozen at " +
         (for_front ? "a member of the front" : "the incumbent") + ", which keeps " +
         in_percent(*decision.freezing->kept) + " of it";
}

}  // namespace

FreezeAfter::FreezeAfter(const SearchState& state, FreezingOptions options)
    : state_(state), options_(options), game_(state, std::move(options)) {}

std::optional<Slice> FreezeAfter::choose(const FittedScalarization& fitted, Decision& decision) {
  decision.phase = Decision::Phase::full;
  decision.reason = "largest log expected improvement of this weight vector in the full space";
  record_importance(fitted.model, *state_.problem.space, decision);
  const double tau = game_.threshold(decision.trial);
  const std::size_t players = state_.problem.space->searched().size();
  if (tau > 0 && options_.selection != SelectionRule::none &&
      players <= static_cast<std::size_t>(options_.most_players))
    (void)game_.play(fitted, tau, decision);
  return std::nullopt;
}

std::optional<AcquisitionMaximum> FreezeAfter::reduce(const FoundMaximum& found, Decision& decision) {
  if (found.origins.empty() || options_.selection == SelectionRule::none) return std::nullopt;
  decision.freezing = Decision::Freezing{.kept = 1};
  const std::optional<Reversion> reversion =
      revert(found.acquisition, state_.domain, found.maximum, found.origins, options_.kept_improvement, found.excluded);
  if (!reversion) return std::nullopt;
  const SearchSpace& space = *state_.problem.space;
  decision.freezing->kept = std::exp(reversion->reached.value - found.maximum.value);
  std::vector<bool> is_free(space.size(), false);
  for (std::size_t k = 0; k < reversion->changed.size(); ++k) {
    decision.freezing->without[reversion->changed[k]] = std::exp(reversion->without[k] - found.maximum.value);
    is_free[reversion->changed[k]] = true;
  }
  decision.free.clear();
  decision.frozen = Configuration(space.size());
  std::size_t frozen = 0;
  for (const std::size_t i : space.searched()) {
    if (is_free[i]) decision.free.push_back(i);
    if (is_free[i] || !reversion->origin.is_set(i)) continue;
    decision.frozen.set(i, reversion->origin[i]);
    ++frozen;
  }
  if (decision.phase == Decision::Phase::full) decision.phase = Decision::Phase::frozen;
  decision.reason = reduction_reason(space, decision, frozen);
  return reversion->reached;
}

}  // namespace hyperego
