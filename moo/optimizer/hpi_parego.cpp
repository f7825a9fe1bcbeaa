#include <hyperego/core/error.hpp>
#include <hyperego/moo/optimizer/hpi_parego.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/game/lazy_tunability.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace hyperego {
namespace {

/// A value for every hyperparameter: that of λ0 where set there, else that of the best-predicted evaluated
/// configuration in which it is set, else its default.
Configuration completed_baseline(const SearchSpace& space, const Configuration& baseline,
                                 const std::vector<Configuration>& evaluated, const Eigen::VectorXd& predicted) {
  std::vector<std::size_t> order(evaluated.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return predicted[static_cast<Eigen::Index>(a)] < predicted[static_cast<Eigen::Index>(b)];
  });
  Configuration completion = baseline;
  for (std::size_t i = 0; i < space.size(); ++i) {
    for (std::size_t k = 0; k < order.size() && !completion.is_set(i); ++k) {
      if (evaluated[order[k]].is_set(i)) completion.set(i, evaluated[order[k]][i]);
    }
    if (!completion.is_set(i)) completion.set(i, space[i].default_code);
  }
  return completion;
}

/// What a played game says, whether its whole table is known or only some coalitions.
struct Played {
  Decision::Game game;
  double empty = 0;
  double full = 0;
  Configuration maximiser;      // of the grand coalition
  std::vector<double> shapley;  // empty where only some coalitions were played
  Selection selection;
};

Played play_whole_table(const ScalarizedModel& model, const Blends& blends, const FreezingOptions& freezing,
                        double threshold, std::uint64_t seed) {
  const GameTable table = play_game(model, blends, {.sign = -1, .keep_maximisers = true, .seed = seed});
  Played played;
  played.game.coalitions.resize(table.values.size());
  std::iota(played.game.coalitions.begin(), played.game.coalitions.end(), Coalition{0});
  played.game.values = table.values;
  played.empty = table.empty();
  played.full = table.full();
  played.maximiser = table.maximisers.back();
  played.shapley = shapley_values(table.values);
  played.selection = select_free(freezing.selection, table.values, played.shapley, threshold, blends.space(), seed);
  return played;
}

Played play_best_first(const ScalarizedModel& model, const Blends& blends, const FreezingOptions& freezing,
                       double threshold, std::uint64_t seed) {
  LazyTunability game(model, blends, {.sign = -1, .seed = seed});
  const CoalitionSearchResult found = coalition_search(
      game, threshold, blends.space(), {.coalitions = static_cast<std::size_t>(freezing.coalition_budget), .beam = 4});
  Played played;
  played.game.coalitions = game.played();
  for (const Coalition coalition : played.game.coalitions) played.game.values.push_back(game.value(coalition));
  played.empty = game.empty();
  played.full = game.full();
  played.maximiser = game.maximiser(grand_coalition(game.number_of_players()));
  played.selection = found.selection;
  return played;
}

double value_of(const Decision::Game& game, Coalition coalition) {
  const auto found = std::find(game.coalitions.begin(), game.coalitions.end(), coalition);
  return found == game.coalitions.end() ? -std::numeric_limits<double>::infinity()
                                        : game.values[static_cast<std::size_t>(found - game.coalitions.begin())];
}

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

void FreezingOptions::validate() const {
  if (schedule.empty()) throw InvalidInput("schedule", "needs at least one threshold");
  for (const double threshold : schedule) {
    if (!(threshold >= 0 && threshold <= 1)) throw InvalidInput("schedule", "thresholds must be in [0, 1]");
  }
  if (game_samples < 1) throw InvalidInput("game_samples", "must be at least 1");
  if (most_players < 1 || most_players > 20) throw InvalidInput("most_players", "must be in [1, 20]");
  if (coalition_budget < 1) throw InvalidInput("coalition_budget", "must be at least 1");
  if (!(trusted_gain >= 0)) throw InvalidInput("trusted_gain", "must not be negative");
  if (!(trusted_fit <= 1)) throw InvalidInput("trusted_fit", "must be at most 1");
  if (!(hysteresis >= 0 && hysteresis <= 1)) throw InvalidInput("hysteresis", "must be in [0, 1]");
  if (!(least_improvement_share >= 0 && least_improvement_share <= 1)) {
    throw InvalidInput("least_improvement_share", "must be in [0, 1]");
  }
}

HpiParEgo::HpiParEgo(OptimizationProblem problem, const ParEgoOptions& options, FreezingOptions freezing)
    : ParEgo(std::move(problem), options), freezing_(std::move(freezing)) {
  freezing_.validate();
}

double HpiParEgo::threshold(std::uint64_t trial) const {
  const std::uint64_t phases = freezing_.schedule.size();
  const std::uint64_t phase = trial * phases / std::max<std::uint64_t>(problem().budget, 1);
  return freezing_.schedule[std::min(phase, phases - 1)];
}

Configuration HpiParEgo::values_to_freeze(const Configuration& incumbent, std::uint64_t trial) const {
  const SearchSpace& space = *problem().space;
  Rng rng(problem().seed, "frozen-values", trial);
  Configuration values = incumbent;
  for (const std::size_t i : space.searched()) {
    if (freezing_.frozen_values == FreezingOptions::FrozenValues::defaults) values.set(i, space[i].default_code);
    if (freezing_.frozen_values == FreezingOptions::FrozenValues::random) {
      values.set(i, space[i].from_unit(rng.uniform()));
    }
    if (!full_space().is_free(i)) values.set(i, full_space().frozen_code(i));
  }
  return values;
}

Slice HpiParEgo::unfrozen(Decision& decision, std::string reason) {
  last_free_.reset();
  decision.phase = Decision::Phase::full;
  decision.threshold = 0;
  decision.free = full_space().free();
  decision.frozen = Configuration();
  decision.reason = std::move(reason);
  return full_space();
}

Slice HpiParEgo::choose_slice(const Scalarization& scalarization, Decision& decision) {
  const SearchSpace& space = *problem().space;
  const double tau = threshold(decision.trial);
  if (tau == 0 || freezing_.selection == SelectionRule::none) {
    return unfrozen(decision, "the schedule searches the full space in this phase");
  }
  const auto players = static_cast<int>(space.searched().size());
  if (players > max_players) return unfrozen(decision, "too many hyperparameters for a game; nothing frozen");
  const double fit = scalarization.model.leave_one_out_r2();
  if (!(fit > freezing_.trusted_fit)) {
    return unfrozen(decision,
                    "no signal, nothing frozen: the model predicts left-out trials no better than their mean");
  }

  const Configuration& baseline = history().completed()[scalarization.incumbent];
  Configuration completion = completed_baseline(space, baseline, history().completed(), scalarization.predicted);
  for (const std::size_t i : space.searched()) {
    if (!full_space().is_free(i)) completion.set(i, full_space().frozen_code(i));
  }
  const std::uint64_t seed = Rng(problem().seed, "game", decision.trial)();
  const Blends blends(problem().space, baseline,
                      draw_samples(problem().space, static_cast<std::size_t>(freezing_.game_samples), seed),
                      BlendTreatment::repair, completion);
  Played played = players <= freezing_.most_players
                      ? play_whole_table(scalarization.model, blends, freezing_, tau, seed)
                      : play_best_first(scalarization.model, blends, freezing_, tau, seed);
  played.game.players = space.searched();
  decision.baseline = baseline;
  for (std::size_t p = 0; p < played.shapley.size(); ++p) decision.shapley[space.searched()[p]] = played.shapley[p];
  decision.game = played.game;

  const double gain = played.full - played.empty;
  // `trusted_gain` was chosen with the deviation as it is modelled, not as it is on the scale of the gain.
  const double deviation = scalarization.model.deviation(played.maximiser).on_model_scale();
  if (!(gain > freezing_.trusted_gain * deviation)) {
    return unfrozen(decision, "no signal, nothing frozen: the reachable gain is small against the model's uncertainty");
  }

  Coalition free = played.selection.free;
  std::string why = played.selection.reason;
  if (last_free_ && *last_free_ != free && size_of(*last_free_) <= size_of(free) &&
      value_of(played.game, *last_free_) - played.empty >= (tau - freezing_.hysteresis) * gain) {
    free = *last_free_;
    why = "kept from the trial before, as it reaches the threshold to within the margin";
  }
  completion_ = std::move(completion);
  gain_ = gain;
  decision.threshold = tau;
  return freeze_all_but(free, why, decision);
}

Slice HpiParEgo::freeze_all_but(Coalition free, const std::string& why, Decision& decision) {
  const SearchSpace& space = *problem().space;
  const auto players = static_cast<int>(space.searched().size());
  if (free == grand_coalition(players)) {
    return unfrozen(decision, "every hyperparameter matters for this weight vector; nothing frozen");
  }
  last_free_ = free;
  const double reached = (value_of(*decision.game, free) - value_of(*decision.game, 0)) / gain_;

  const Configuration values = values_to_freeze(completion_, decision.trial);
  std::vector<bool> is_free(space.size(), false);
  decision.free.clear();
  decision.frozen = Configuration(space.size());
  for (int p = 0; p < players; ++p) {
    const std::size_t i = space.searched()[static_cast<std::size_t>(p)];
    if (contains(free, p) && full_space().is_free(i)) {
      is_free[i] = true;
      decision.free.push_back(i);
    } else {
      decision.frozen.set(i, values[i]);
    }
  }
  if (decision.free.empty()) return unfrozen(decision, "what matters is frozen by the user; nothing else is frozen");
  decision.phase = Decision::Phase::frozen;
  decision.reason = freezing_reason(space, decision.free, reached, why);
  if (freezing_.frozen_values != FreezingOptions::FrozenValues::incumbent) {
    const bool defaults = freezing_.frozen_values == FreezingOptions::FrozenValues::defaults;
    decision.reason += defaults ? " at their defaults" : " at random values";
  }
  return {problem().space, std::move(is_free), values};
}

Slice HpiParEgo::widen_slice(double share, Decision& decision) {
  const SearchSpace& space = *problem().space;
  const int size = size_of(*last_free_);
  Coalition wider = grand_coalition(static_cast<int>(space.searched().size()));
  double best = 0;
  for (std::size_t k = 0; k < decision.game->coalitions.size(); ++k) {
    const Coalition candidate = decision.game->coalitions[k];
    if (size_of(candidate) <= size || size_of(candidate) > size_of(wider)) continue;
    if (close_over_parents(candidate, space) != candidate) continue;
    if (size_of(candidate) == size_of(wider) && decision.game->values[k] <= best) continue;
    wider = candidate;
    best = decision.game->values[k];
  }
  if (wider == grand_coalition(static_cast<int>(space.searched().size()))) {
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

void HpiParEgo::save_state(nlohmann::ordered_json& state) const {
  if (!last_free_) return;
  std::vector<std::string> names;
  const SearchSpace& space = *problem().space;
  for (std::size_t p = 0; p < space.searched().size(); ++p) {
    if (contains(*last_free_, static_cast<int>(p))) names.push_back(space[space.searched()[p]].name);
  }
  state["free"] = names;
}

void HpiParEgo::load_state(const JsonReader& state) {
  last_free_.reset();
  const auto free = state.find("free");
  if (!free) return;
  const SearchSpace& space = *problem().space;
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
