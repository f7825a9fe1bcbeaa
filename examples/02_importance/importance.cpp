// Importance without an optimizer: games on any function of a configuration.
#include <hyperego/hyperego.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

using namespace hyperego;

namespace {

// The quality of bread. Yeast counts for itself; a hot oven and a long time are good only together.
double quality(const Configuration& bread) { return 4 * bread[0] + 2 * bread[1] * bread[2]; }

void print(const InteractionValues& values, const std::vector<std::string>& players) {
  for (std::size_t i = 0; i < values.interactions.size(); ++i) {
    std::printf("  %-14s %+.1f\n", describe(values.interactions[i], players).c_str(), values.values[i]);
  }
}

}  // namespace

int main() {
  const auto space = std::make_shared<const SearchSpace>(
      std::vector{make_float("yeast", 0, 1), make_float("heat", 0, 1), make_float("time", 0, 1)});
  const FunctionPredictor function(space, quality);
  const Configuration baseline(std::vector<double>{0, 0, 0.5});

  // Why is this bread better than the baseline?
  const Configuration bread(std::vector<double>{1, 1, 1});
  const GameTable ablation = play_game(function, Blends(space, baseline, {bread}), {.kind = GameKind::ablation});
  std::puts("ablation, Shapley values:");
  print(interaction_values(ablation.values, InteractionIndex::sv, 1), ablation.players);
  std::puts("ablation, faithful interactions up to pairs:");
  print(interaction_values(ablation.values, InteractionIndex::fsii, 2), ablation.players);

  // What can be gained by tuning? A black box has no gradient, so each maximum is that of the best sample.
  const GameTable tunability =
      play_game(function, Blends(space, baseline, draw_samples(space, 256, 1)), {.kind = GameKind::tunability});
  std::puts("tunability, Shapley values:");
  print(interaction_values(tunability.values, InteractionIndex::sv, 1), tunability.players);
  return 0;
}
