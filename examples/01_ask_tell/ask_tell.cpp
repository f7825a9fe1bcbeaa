// Ask for a configuration, evaluate it in your own way, tell the outcome: hyperego inside a program that keeps its own
// loop.
#include <hyperego/hyperego.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

using namespace hyperego;

namespace {

// Something to be tuned: the first objective falls as x falls, the second as x grows, and both suffer from a bad rate
// or mode.
Eigen::VectorXd evaluate(const SearchSpace& space, const Configuration& configuration) {
  const double x = configuration[space.index_of("x")];
  const double rate = configuration[space.index_of("rate")];
  const bool slow = std::get<std::string>(space[2].value_of(configuration[2])) == "slow";
  const double loss = 1 + 4 * std::abs(std::log10(rate) + 2) + (slow ? 2 : 0);
  return Eigen::Vector2d(x, loss * (1 - std::sqrt(x / loss)));
}

}  // namespace

int main() {
  const auto space = std::make_shared<const SearchSpace>(std::vector{
      make_float("x", 0, 1), make_float("rate", 1e-4, 1, true), make_categorical("mode", {"slow", "fast"})});
  const auto optimizer = make_optimizer({.space = space,
                                         .objectives = {{.name = "f1"}, {.name = "f2"}},
                                         .initial_configurations = {},
                                         .budget = 60,
                                         .seed = 1},
                                        {{"name", "hpi-parego"}}, "optimizer");

  ParetoArchive archive(2);
  while (true) {
    const std::vector<Suggestion> suggestions = optimizer->ask(1);
    if (suggestions.empty() || suggestions.front().trial >= 60) break;
    const Suggestion& suggestion = suggestions.front();
    const Eigen::VectorXd objectives = evaluate(*space, suggestion.configuration);
    archive.add(suggestion.trial, objectives);
    optimizer->tell(
        {.number = suggestion.trial,
         .configuration = suggestion.configuration,
         .outcome = {.status = TrialStatus::completed, .objectives = objectives, .constraints = {}, .message = {}}});
  }

  // The best front is f2 = 1 - sqrt(f1), which leaves a third of the box below it.
  const Eigen::Vector2d reference(1.1, 1.1);
  const double share = hypervolume(archive.front_points(), reference) / (1.21 - 1.0 / 3);
  std::printf("more than ten points on the front: %s\n", archive.size() > 10 ? "yes" : "no");
  std::printf("more than 80 %% of the best possible hypervolume: %s\n", share > 0.8 ? "yes" : "no");
  return 0;
}
