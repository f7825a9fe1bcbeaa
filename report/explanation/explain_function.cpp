#include <hyperego/core/error.hpp>
#include <hyperego/report/explanation/detail/explained_games.hpp>
#include <hyperego/report/explanation/detail/explanation_json.hpp>
#include <hyperego/report/explanation/detail/negated_predictor.hpp>
#include <hyperego/report/explanation/detail/repetitions.hpp>
#include <hyperego/report/explanation/explain_function.hpp>
#include <hyperego/shapley/game/game.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

using detail::ExplainedStudy;
using detail::TargetContext;
using nlohmann::ordered_json;

constexpr std::size_t samples_of_a_function = 1000;

std::vector<std::string> players_of(const SearchSpace& space) {
  std::vector<std::string> names;
  for (const std::size_t i : space.searched()) names.push_back(space[i].name);
  return names;
}

void require_alike(std::span<const ExplainedFunction> functions) {
  if (functions.empty()) throw InvalidInput("functions", "there is none; give at least one");
  for (const ExplainedFunction& function : functions) {
    if (!function.space) throw InvalidInput("space", "is null; give the function a space");
    if (!function.predictor) throw InvalidInput("function", "is null; give one");
    const ExplainedFunction& first = functions.front();
    if (players_of(*function.space) != players_of(*first.space)) {
      throw InvalidInput("functions", "they have different hyperparameters; only functions of the same are aggregated");
    }
    if (function.direction != first.direction || function.name != first.name) {
      throw InvalidInput("functions", "they differ in name or direction; only values of one kind are aggregated");
    }
  }
}

void require_possible(const ExplainOptions& options) {
  options.validate();
  if (options.draws.value_or(0) > 0) {
    throw InvalidInput("draws", "are of models of trials; there is no doubt of a function that is given");
  }
  if (options.incumbent_as_baseline) {
    throw InvalidInput("incumbent_as_baseline", "a function has no trials; give the baseline itself");
  }
}

Configuration legal_in(const SearchSpace& space, const Configuration& configuration, const char* what) {
  const Legality legality = space.check(configuration);
  if (!legality) throw InvalidInput(what, legality.reason);
  return configuration;
}

/// The sample with the lowest prediction.
Configuration best_sample(const ExplainedStudy& study, const ExplainOptions& options) {
  const std::vector<Configuration> samples = draw_samples(study.space, *options.samples, options.seed);
  const Eigen::VectorXd values = study.models.front().predictor().predict(samples);
  Eigen::Index best = 0;
  values.minCoeff(&best);
  return samples[static_cast<std::size_t>(best)];
}

ExplainedStudy study_of(const ExplainedFunction& function, const ExplainOptions& options, TargetContext& context) {
  std::shared_ptr<const BlendPredictor> predictor = function.predictor;
  if (function.direction == Direction::maximize) predictor = std::make_shared<detail::NegatedPredictor>(predictor);
  ExplainedStudy study{.space = function.space,
                       .trials = {},
                       .models = {TargetModel(std::move(predictor))},
                       .baselines = {{}},
                       .of = {},
                       .held = 0};
  std::vector<Configuration>& baselines = study.baselines.front();
  for (const Configuration& baseline : options.baselines) {
    baselines.push_back(legal_in(*study.space, baseline, "baseline"));
  }
  if (baselines.empty()) baselines.push_back(study.space->default_configuration());
  for (const Configuration& baseline : baselines) {
    ordered_json json = study.space->to_json(baseline);
    auto& known = context.baselines;
    if (std::find(known.begin(), known.end(), json) == known.end()) known.push_back(std::move(json));
  }
  if (options.game == GameKind::ablation) {
    study.of.push_back(options.of ? legal_in(*study.space, *options.of, "of") : best_sample(study, options));
    context.ofs.push_back(study.space->to_json(study.of.front()));
    if (!options.of) {
      context.notes.push_back("what is explained is the best of " + std::to_string(*options.samples) +
                              " samples, as no configuration was given");
    }
  }
  return study;
}

}  // namespace

ordered_json explain_functions(std::span<const ExplainedFunction> functions, const ExplainOptions& options,
                               GameTable* played) {
  require_alike(functions);
  require_possible(options);
  const auto players = static_cast<int>(functions.front().space->searched().size());
  ExplainOptions resolved = options;
  resolved.order = options.order.value_or(default_order(options.index, players));
  resolved.samples = options.samples.value_or(samples_of_a_function);
  resolved.draws = 0;
  check_order(options.index, *resolved.order, players);

  TargetContext context;
  const std::string& name = functions.front().name;
  context.objective = Objective{.name = name, .direction = functions.front().direction};
  std::vector<ExplainedStudy> studies;
  for (const ExplainedFunction& function : functions) {
    context.targets.push_back({{"objective", name}});
    studies.push_back(study_of(function, resolved, context));
  }
  context.games = studies.size() * studies.front().baselines.front().size();
  const detail::ExplainedGames games(studies, resolved);
  std::vector<detail::ExplainedGame> explained = games.play();
  const detail::Repetitions repetitions(games, explained, players, resolved);
  for (const std::string& note : {games.note(), repetitions.note()}) {
    if (!note.empty()) context.notes.push_back(note);
  }
  ordered_json json = detail::explanation_to_json(explained.front(), games.method(), context,
                                                  repetitions.intervals(explained.front(), 0), resolved);
  if (played != nullptr) *played = std::move(explained.front().table);
  return json;
}

ordered_json explain(const ExplainedFunction& function, const ExplainOptions& options, GameTable* played) {
  return explain_functions(std::span(&function, 1), options, played);
}

}  // namespace hyperego
