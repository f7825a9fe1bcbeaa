#include <hyperego/moo/search/detail/freezing_game.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/game/lazy_tunability.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

namespace hyperego {
namespace {

FreezingGame play_whole_table(const ScalarizedModel& model, const Blends& blends, const FreezingOptions& options,
                              double threshold, std::uint64_t seed, const ProgressHook& progress) {
  const GameTable table =
      play_game(model, blends, {.sign = -1, .keep_maximisers = true, .seed = seed, .progress = progress});
  FreezingGame played;
  played.game.coalitions.resize(table.values.size());
  std::iota(played.game.coalitions.begin(), played.game.coalitions.end(), Coalition{0});
  played.game.values = table.values;
  played.empty = table.empty();
  played.full = table.full();
  played.maximiser = table.maximisers.back();
  played.shapley = shapley_values(table.values);
  played.selection = select_free(options.selection, table.values, played.shapley, threshold, blends.space(), seed);
  return played;
}

FreezingGame play_best_first(const ScalarizedModel& model, const Blends& blends, const FreezingOptions& options,
                             double threshold, std::uint64_t seed) {
  LazyTunability game(model, blends, {.sign = -1, .seed = seed});
  const CoalitionSearchResult found = coalition_search(
      game, threshold, blends.space(), {.coalitions = static_cast<std::size_t>(options.coalition_budget), .beam = 4});
  FreezingGame played;
  played.game.coalitions = game.played();
  for (const Coalition coalition : played.game.coalitions) played.game.values.push_back(game.value(coalition));
  played.empty = game.empty();
  played.full = game.full();
  played.maximiser = game.maximiser(grand_coalition(game.number_of_players()));
  played.selection = found.selection;
  return played;
}

}  // namespace

FreezingGame play_freezing_game(const ScalarizedModel& model, const Blends& blends, const FreezingOptions& options,
                                double threshold, std::uint64_t seed, const ProgressHook& progress) {
  const auto players = static_cast<int>(blends.space().searched().size());
  return players <= options.most_players ? play_whole_table(model, blends, options, threshold, seed, progress)
                                         : play_best_first(model, blends, options, threshold, seed);
}

double value_of(const Decision::Game& game, Coalition coalition) {
  const auto found = std::find(game.coalitions.begin(), game.coalitions.end(), coalition);
  return found == game.coalitions.end() ? -std::numeric_limits<double>::infinity()
                                        : game.values[static_cast<std::size_t>(found - game.coalitions.begin())];
}

}  // namespace hyperego
