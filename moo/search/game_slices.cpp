#include <hyperego/core/rng.hpp>
#include <hyperego/moo/search/detail/freezing_game.hpp>
#include <hyperego/moo/search/game_slices.hpp>
#include <hyperego/moo/search/recorded_importance.hpp>
#include <hyperego/shapley/game/game.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

/// `reached` is not finite where the closed set itself was not played.
std::string freezing_reason(const SearchSpace& space, const std::vector<std::size_t>& free, double reached,
                            const std::string& why) {
  std::string names;
  for (const std::size_t i : free) names += (names.empty() ? "" : ", ") + space[i].name;
  std::string sentence = names + (free.size() == 1 ? " reaches" : " reach");
  sentence += std::isfinite(reached)
                  ? " " + std::to_string(static_cast<int>(std::floor(100 * reached + 1e-9))) + " % of the gain"
                  : " enough of the gain";
  return sentence + " that the model sees for this weight vector (" + why + "); the others are frozen";
}

}  // namespace

GameSlices::GameSlices(const SearchState& state, FreezingOptions options)
    : state_(state), options_(std::move(options)) {
  options_.validate();
}

double GameSlices::threshold(std::uint64_t trial) const {
  const std::uint64_t phases = options_.schedule.size();
  const std::uint64_t phase = state_.problem.cost_budget
                                  ? static_cast<std::uint64_t>(state_.share_spent(trial) * static_cast<double>(phases))
                                  : trial * phases / std::max<std::uint64_t>(state_.problem.budget, 1);
  return options_.schedule[std::min(phase, phases - 1)];
}

int GameSlices::players() const { return static_cast<int>(state_.problem.space->searched().size()); }

Configuration GameSlices::completed_baseline(const FittedScalarization& fitted) const {
  const SearchSpace& space = *state_.problem.space;
  const std::vector<Configuration>& evaluated = state_.history.completed();
  std::vector<std::size_t> order(evaluated.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return fitted.predicted[static_cast<Eigen::Index>(a)] < fitted.predicted[static_cast<Eigen::Index>(b)];
  });
  Configuration completion = evaluated[fitted.incumbent];
  for (std::size_t i = 0; i < space.size(); ++i) {
    for (std::size_t k = 0; k < order.size() && !completion.is_set(i); ++k) {
      if (evaluated[order[k]].is_set(i)) completion.set(i, evaluated[order[k]][i]);
    }
    if (!completion.is_set(i)) completion.set(i, space[i].default_code);
  }
  for (const std::size_t i : space.searched()) {
    if (!state_.domain.is_free(i)) completion.set(i, state_.domain.frozen_code(i));
  }
  return completion;
}

Configuration GameSlices::values_to_freeze(const Configuration& incumbent, std::uint64_t trial) const {
  const SearchSpace& space = *state_.problem.space;
  Rng rng(state_.problem.seed, "frozen-values", trial);
  Configuration values = incumbent;
  for (const std::size_t i : space.searched()) {
    if (options_.frozen_values == FreezingOptions::FrozenValues::defaults) values.set(i, space[i].default_code);
    if (options_.frozen_values == FreezingOptions::FrozenValues::random) {
      values.set(i, space[i].from_unit(rng.uniform()));
    }
    if (!state_.domain.is_free(i)) values.set(i, state_.domain.frozen_code(i));
  }
  return values;
}

std::optional<Slice> GameSlices::unfrozen(Decision& decision, std::string reason) {
  last_free_.reset();
  decision.phase = Decision::Phase::full;
  decision.threshold = 0;
  decision.free = state_.domain.free();
  decision.frozen = Configuration();
  decision.reason = std::move(reason);
  return std::nullopt;
}

std::optional<Slice> GameSlices::choose(const FittedScalarization& fitted, Decision& decision) {
  const double tau = threshold(decision.trial);
  record_importance(fitted.model, *state_.problem.space, decision);
  if (tau == 0 || options_.selection == SelectionRule::none) {
    return unfrozen(decision, "the schedule searches the full space in this phase");
  }
  decision.freezing = Decision::Freezing{};
  if (players() > max_players) return unfrozen(decision, "too many hyperparameters for a game; nothing frozen");
  if (!(fitted.model.leave_one_out_r2() > options_.trusted_fit)) {
    return unfrozen(decision,
                    "no signal, nothing frozen: the model predicts left-out trials no better than their mean");
  }

  const FreezingGame played = play(fitted, tau, decision);
  const double gain = played.full - played.empty;
  // `trusted_gain` was chosen with the deviation as it is modelled, not as it is on the scale of the gain.
  const double deviation = fitted.model.deviation(played.maximiser).on_model_scale();
  if (!(gain > options_.trusted_gain * deviation)) {
    return unfrozen(decision, "no signal, nothing frozen: the reachable gain is small against the model's uncertainty");
  }

  Coalition free = played.selection.free;
  std::string why = played.selection.reason;
  if (last_free_ && *last_free_ != free && size_of(*last_free_) <= size_of(free) &&
      value_of(played.game, *last_free_) - played.empty >= (tau - options_.hysteresis) * gain) {
    free = *last_free_;
    why = "kept from the trial before, as it reaches the threshold to within the margin";
  }
  gain_ = gain;
  decision.threshold = tau;
  return freeze_all_but(free, why, decision);
}

FreezingGame GameSlices::play(const FittedScalarization& fitted, double tau, Decision& decision) {
  const auto& space = state_.problem.space;
  const Configuration& baseline = state_.history.completed()[fitted.incumbent];
  completion_ = completed_baseline(fitted);
  const std::uint64_t seed = Rng(state_.problem.seed, "game", decision.trial)();
  const Blends blends(space, baseline, draw_samples(space, static_cast<std::size_t>(options_.game_samples), seed),
                      BlendTreatment::repair, completion_);
  FreezingGame played = play_freezing_game(fitted.model, blends, options_, tau, seed, state_.progress);
  played.game.players = space->searched();
  decision.baseline = baseline;
  for (std::size_t p = 0; p < played.shapley.size(); ++p) decision.shapley[space->searched()[p]] = played.shapley[p];
  decision.game = played.game;
  record_agreement(decision);
  return played;
}

std::optional<Slice> GameSlices::freeze_all_but(Coalition free, const std::string& why, Decision& decision) {
  const SearchSpace& space = *state_.problem.space;
  if (free == grand_coalition(players())) {
    return unfrozen(decision, "every hyperparameter matters for this weight vector; nothing frozen");
  }
  last_free_ = free;
  const double reached = (value_of(*decision.game, free) - value_of(*decision.game, 0)) / gain_;

  const Configuration values = values_to_freeze(completion_, decision.trial);
  std::vector<bool> is_free(space.size(), false);
  decision.free.clear();
  decision.frozen = Configuration(space.size());
  for (int p = 0; p < players(); ++p) {
    const std::size_t i = space.searched()[static_cast<std::size_t>(p)];
    if (contains(free, p) && state_.domain.is_free(i)) {
      is_free[i] = true;
      decision.free.push_back(i);
    } else {
      decision.frozen.set(i, values[i]);
    }
  }
  if (decision.free.empty()) return unfrozen(decision, "what matters is frozen by the user; nothing else is frozen");
  decision.phase = Decision::Phase::frozen;
  decision.reason = freezing_reason(space, decision.free, reached, why);
  if (options_.frozen_values != FreezingOptions::FrozenValues::incumbent) {
    const bool defaults = options_.frozen_values == FreezingOptions::FrozenValues::defaults;
    decision.reason += defaults ? " at their defaults" : " at random values";
  }
  return Slice(state_.problem.space, std::move(is_free), values);
}

std::optional<Slice> GameSlices::widen(double share, Decision& decision) {
  const SearchSpace& space = *state_.problem.space;
  const int size = size_of(*last_free_);
  Coalition wider = grand_coalition(players());
  double best = 0;
  for (std::size_t k = 0; k < decision.game->coalitions.size(); ++k) {
    const Coalition candidate = decision.game->coalitions[k];
    if (size_of(candidate) <= size || size_of(candidate) > size_of(wider)) continue;
    if (close_over_parents(candidate, space) != candidate) continue;
    if (size_of(candidate) == size_of(wider) && decision.game->values[k] <= best) continue;
    wider = candidate;
    best = decision.game->values[k];
  }
  if (wider == grand_coalition(players())) {
    return unfrozen(
        decision,
        "no smaller set of hyperparameters promises as much improvement as the full space (the largest tried: " +
            std::to_string(static_cast<int>(100 * share)) + " %); nothing frozen");
  }
  return freeze_all_but(wider,
                        "fewer promise less than " +
                            std::to_string(static_cast<int>(std::lround(100 * least_improvement_share()))) +
                            " % of the expected improvement in the full space",
                        decision);
}

void GameSlices::save(nlohmann::ordered_json& state) const {
  if (!last_free_) return;
  std::vector<std::string> names;
  const SearchSpace& space = *state_.problem.space;
  for (std::size_t p = 0; p < space.searched().size(); ++p) {
    if (contains(*last_free_, static_cast<int>(p))) names.push_back(space[space.searched()[p]].name);
  }
  state["free"] = names;
}

void GameSlices::load(const JsonReader& state) {
  last_free_.reset();
  const auto free = state.find("free");
  if (!free) return;
  const SearchSpace& space = *state_.problem.space;
  Coalition coalition = 0;
  for (const std::string& name : free->strings()) {
    const auto& searched = space.searched();
    const auto found = std::find(searched.begin(), searched.end(), space.index_of(name));
    if (found == searched.end()) free->fail("\"" + name + "\" is not searched");
    coalition |= Coalition{1} << (found - searched.begin());
  }
  last_free_ = coalition;
}

}  // namespace hyperego
