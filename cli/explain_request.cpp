#include "explain_request.hpp"

#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/imports/trials/import_trials.hpp>
#include <hyperego/report/explanation/explain.hpp>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include <algorithm>
#include <string>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

void require_within_bounds(const TrialTable& table) {
  for (std::size_t j = 0; j < table.objectives.size(); ++j) {
    const Objective& objective = table.objectives[j];
    const auto values = table.values.col(static_cast<Eigen::Index>(j));
    const bool is_within = (!objective.lower || values.minCoeff() >= *objective.lower) &&
                           (!objective.upper || values.maxCoeff() <= *objective.upper);
    if (is_within) continue;
    throw InvalidInput("--bounds", "the trials have values of \"" + objective.name + "\" from " +
                                       number_text(values.minCoeff(), 6) + " to " + number_text(values.maxCoeff(), 6) +
                                       ", outside of its bounds; correct them");
  }
}

/// The one that is explained; several that are named are explained as trade-offs.
std::optional<std::string> explained_objective(const ExplainArguments& arguments, const TrialTable& first) {
  const std::vector<std::string>& named = arguments.source.objectives;
  if (arguments.tradeoffs && !arguments.saved_game.empty()) {
    throw InvalidInput("--save-game", "keeps one game, and --tradeoffs plays several; explain one with --weights");
  }
  if (named.size() == 1 && (!arguments.weights.empty() || arguments.tradeoffs)) {
    throw InvalidInput("--objective", "excludes --weights and --tradeoffs, which are for several objectives");
  }
  const bool is_ours = !std::all_of(arguments.directories.begin(), arguments.directories.end(), is_foreign);
  if (named.size() > 1 && is_ours) {
    throw InvalidInput("--objective", "a run directory has its objectives; name the one to be explained");
  }
  if (named.size() != 1) return std::nullopt;
  // Of other programs' trials the column that was named, whatever prefix it has lost.
  return is_ours ? objective_choice(named.front(), "--objective").name : first.objectives.front().name;
}

/// A configuration as JSON text or in a file of its own.
Configuration configuration_of(const std::string& text, const SearchSpace& space, const std::string& option) {
  const bool is_text =
      text.find_first_not_of(" \t\n") != std::string::npos && text[text.find_first_not_of(" \t\n")] == '{';
  const ordered_json json = is_text ? parse_json(text, option) : read_json_file(text);
  return space.legal_configuration_from_json(json, is_text ? option : text);
}

/// A number of configurations to draw, or the file of a list of them.
void set_samples(const std::string& text, const std::shared_ptr<const SearchSpace>& space, ExplainOptions& options) {
  if (text.empty()) return;
  if (text.find_first_not_of("0123456789") != std::string::npos) {
    options.sample_list = import_configurations(text, space);
    return;
  }
  const bool is_short = text.size() <= 8;
  const std::size_t count = is_short ? std::stoul(text) : 0;
  if (count < 1 || count > 10'000'000) {
    throw InvalidInput("--samples", "is \"" + text + "\"; a number must be in [1, 10000000]");
  }
  options.samples = count;
}

}  // namespace

std::vector<TrialTable> explained_trials(const ExplainArguments& arguments) {
  const bool are_all_ours =
      arguments.trials.empty() && std::none_of(arguments.directories.begin(), arguments.directories.end(), is_foreign);
  if (are_all_ours && arguments.source.is_used()) {
    throw InvalidInput("--space, --maximize, --ignore and --study",
                       "are for trials of other programs; a run directory has its own");
  }
  std::vector<TrialTable> tables;
  const ImportOptions options = arguments.source.read();
  for (const std::string& source : arguments.trials) tables.push_back(trials_of_import(import_trials(source, options)));
  for (const std::string& directory : arguments.directories) {
    tables.push_back(is_foreign(directory) ? trials_of_import(import_trials(directory, options))
                                           : trials_of_run(directory));
  }
  for (TrialTable& table : tables) {
    arguments.source.set_bounds(table.objectives);
    require_within_bounds(table);
  }
  return tables;
}

ExplainOptions explain_options(const ExplainArguments& arguments, const std::shared_ptr<const SearchSpace>& space) {
  ExplainOptions options = arguments.options;
  options.model = model_kind_from(arguments.surrogate, "--surrogate");
  options.game = game_kind_from(arguments.game, "--game");
  options.maximum = maximum_kind_from(arguments.maximum, "--maximum");
  options.index = interaction_index_of(arguments.index);
  options.aggregate = game_aggregate_from(arguments.aggregate, "--aggregate");
  if (!arguments.estimator.empty()) options.estimator = estimator_of(arguments.estimator);
  options.bias.ensemble = comma_separated(arguments.ensemble, "--against");
  if (arguments.order) options.order = static_cast<int>(*arguments.order);
  if (arguments.suggest) options.suggest = *arguments.suggest;
  if (arguments.optimizer_trials) options.bias.trials = *arguments.optimizer_trials;
  if (arguments.seed) options.seed = *arguments.seed;
  if (arguments.threads) options.threads = static_cast<int>(*arguments.threads);
  set_samples(arguments.samples, space, options);
  for (const std::string& baseline : arguments.baselines) {
    if (baseline == "incumbent") {
      options.incumbent_as_baseline = true;
    } else {
      options.baselines.push_back(baseline == "default" ? space->default_configuration()
                                                        : configuration_of(baseline, *space, "--baseline"));
    }
  }
  if (!arguments.of.empty()) options.of = configuration_of(arguments.of, *space, "--of");
  return options;
}

std::vector<ExplainTarget> explain_targets(const ExplainArguments& arguments, const TrialTable& first) {
  const std::optional<std::string> objective = explained_objective(arguments, first);
  const auto objectives = static_cast<int>(first.objectives.size());
  std::vector<ExplainTarget> targets;
  if (arguments.tradeoffs) {
    for (const Eigen::VectorXd& weights : tradeoffs(objectives, static_cast<std::size_t>(*arguments.tradeoffs))) {
      targets.push_back({.objective = std::nullopt, .weights = weights});
    }
    return targets;
  }
  ExplainTarget& target = targets.emplace_back();
  target.objective = objective;
  if (!arguments.weights.empty()) {
    const auto weights = comma_separated_numbers(arguments.weights, "--weights");
    target.weights = Eigen::Map<const Eigen::VectorXd>(weights.data(), static_cast<Eigen::Index>(weights.size()));
  } else if (!target.objective && objectives > 1) {
    note("neither --objective nor --weights is given, so the trade-off with equal weights is explained");
  }
  return targets;
}

}  // namespace hyperego::cli
