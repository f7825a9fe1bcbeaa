#include <hyperego/core/error.hpp>
#include <hyperego/core/parallel.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/optimizer/optimizer_game.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace hyperego {
namespace {

constexpr int most_tuned_players = 16;

/// The players in `coalition` free, everything else as in the baseline.
Slice slice_of(const std::shared_ptr<const SearchSpace>& space, const Configuration& baseline, Coalition coalition) {
  std::vector<bool> free(space->size(), false);
  Configuration frozen(space->size());
  for (std::size_t i = 0; i < space->size(); ++i) {
    frozen.set(i, baseline.is_set(i) ? baseline[i] : (*space)[i].default_code);
  }
  for (std::size_t p = 0; p < space->searched().size(); ++p) {
    if (contains(coalition, static_cast<int>(p))) free[space->searched()[p]] = true;
  }
  return {space, std::move(free), std::move(frozen)};
}

/// The smallest value that the optimizer finds.
double best_found(const BlendPredictor& predictor, const OptimizationProblem& problem,
                  const nlohmann::ordered_json& options, double sign, StepCounter& evaluations) {
  const std::unique_ptr<Optimizer> optimizer = make_optimizer(problem, options, "optimizer");
  double best = std::numeric_limits<double>::infinity();
  for (std::uint64_t trial = 0; trial < problem.budget; ++trial) {
    const std::vector<Suggestion> suggestions = optimizer->ask(1);
    if (suggestions.empty()) break;
    const Configuration& configuration = suggestions.front().configuration;
    const double value = -sign * predictor.predict(std::span(&configuration, 1))[0];
    if (!std::isfinite(value)) {
      throw InvalidInput("predictor", "the prediction for " + problem.space->to_json(configuration).dump() +
                                          " is not finite; a game needs finite values");
    }
    best = std::min(best, value);
    optimizer->tell({.number = suggestions.front().trial,
                     .configuration = configuration,
                     .outcome = {.objectives = Eigen::VectorXd::Constant(1, value)}});
    evaluations.advance();
  }
  return best;
}

}  // namespace

void OptimizerGameOptions::validate() const {
  if (trials < 1) throw InvalidInput("trials", "must be at least 1");
  if (sign != 1 && sign != -1) throw InvalidInput("sign", "must be 1 or -1");
  if (threads < 0) throw InvalidInput("threads", "must not be negative; 0 leaves the choice to OpenMP");
}

GameTable play_optimizer(const BlendPredictor& predictor, const std::shared_ptr<const SearchSpace>& space,
                         const Configuration& baseline, const nlohmann::ordered_json& optimizer,
                         const OptimizerGameOptions& options) {
  options.validate();
  const Legality legality = space->check(baseline);
  if (!legality) throw InvalidInput("baseline", legality.reason);
  const auto players = static_cast<int>(space->searched().size());
  if (players < 1 || players > most_tuned_players) {
    throw InvalidInput("players", "there are " + std::to_string(players) +
                                      "; an optimizer runs once for each coalition, so this game has 1 to " +
                                      std::to_string(most_tuned_players) + " of them: hold or drop hyperparameters");
  }
  GameTable table;
  table.kind = GameKind::optimizer_bias;
  table.closed = false;
  table.sign = options.sign;
  for (const std::size_t i : space->searched()) table.players.push_back((*space)[i].name);
  table.held = options.held & grand_coalition(players);
  table.seed = options.seed;
  table.values.resize(std::size_t{1} << players);
  const std::uint64_t tuned = (std::uint64_t{1} << (players - size_of(table.held))) - 1;
  StepCounter evaluations(options.progress, "runs of the optimizer", 1 + tuned * options.trials);
  in_parallel(table.values.size(), threads_for(predictor, options.threads), [&](std::size_t coalition) {
    if ((coalition & table.held) != 0) return;
    OptimizationProblem problem{.space = space,
                                .objectives = {{.name = "value"}},
                                .initial_configurations = {baseline},
                                .budget = coalition == 0 ? 1 : options.trials,
                                .seed = options.seed,
                                .within = slice_of(space, baseline, coalition)};
    table.values[coalition] = -best_found(predictor, problem, optimizer, options.sign, evaluations);
  });
  for (std::size_t coalition = 0; coalition < table.values.size(); ++coalition) {
    table.values[coalition] = table.values[coalition & ~table.held];
  }
  table.predictions = options.trials << players;
  return table;
}

}  // namespace hyperego
