#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/core/utf8.hpp>
#include <hyperego/imports/trials/import_trials.hpp>
#include <hyperego/report/explanation/explain.hpp>
#include <hyperego/report/record/trial_table.hpp>
#include <hyperego/study/output_file.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "memory_remedy.hpp"
#include "output.hpp"
#include "program.hpp"
#include "source_options.hpp"
#include "watched_work.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

struct ExplainArguments {
  std::vector<std::string> directories, trials;
  SourceOptions source;
  std::string game;
  std::string index = "SV";
  std::optional<std::uint64_t> order;
  std::string weights;
  std::optional<std::uint64_t> tradeoffs;
  std::vector<std::string> baselines;
  std::string aggregate = "mean";
  double level = 0.5;
  std::string of;
  std::string surrogate = "automatic";
  std::string maximum = "optimized";
  std::string samples;
  std::optional<std::uint64_t> draws, replicates, permutations, suggest;
  double reach = ExplainOptions{}.reach;
  double coverage = 0.9;
  std::string optimizer = "parego", ensemble = "random";
  std::optional<std::uint64_t> optimizer_trials;
  std::optional<std::uint64_t> budget;
  bool exact = false;
  std::string estimator;
  double target_error = 0;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> threads;
  std::string saved_game;
  bool force = false;
  OutputOptions output;
};

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

std::vector<TrialTable> trials_of(const ExplainArguments& arguments) {
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

ExplainOptions options_of(const ExplainArguments& arguments, const std::shared_ptr<const SearchSpace>& own_space) {
  const SearchSpace& space = *own_space;
  ExplainOptions options;
  options.model = model_kind_from(arguments.surrogate, "--surrogate");
  options.game = game_kind_from(arguments.game, "--game");
  options.maximum = maximum_kind_from(arguments.maximum, "--maximum");
  options.index = interaction_index_of(arguments.index);
  if (arguments.order) options.order = static_cast<int>(*arguments.order);
  set_samples(arguments.samples, own_space, options);
  options.suggest = arguments.suggest.value_or(0);
  options.draws = arguments.draws;
  options.permutations = arguments.permutations;
  options.reach = arguments.reach;
  options.replicates = arguments.replicates;
  options.coverage = arguments.coverage;
  options.aggregate = game_aggregate_from(arguments.aggregate, "--aggregate");
  options.level = arguments.level;
  options.bias = {.optimizer = arguments.optimizer,
                  .ensemble = comma_separated(arguments.ensemble, "--against"),
                  .trials = arguments.optimizer_trials.value_or(40)};
  options.seed = arguments.seed.value_or(0);
  options.threads = static_cast<int>(arguments.threads.value_or(0));
  for (const std::string& baseline : arguments.baselines) {
    if (baseline == "incumbent") {
      options.incumbent_as_baseline = true;
    } else {
      options.baselines.push_back(baseline == "default" ? space.default_configuration()
                                                        : configuration_of(baseline, space, "--baseline"));
    }
  }
  if (!arguments.of.empty()) options.of = configuration_of(arguments.of, space, "--of");
  options.budget = arguments.budget;
  options.exact = arguments.exact;
  if (!arguments.estimator.empty()) options.estimator = estimator_of(arguments.estimator);
  options.target_standard_error = arguments.target_error;
  return options;
}

/// What is said of one value: itself and its intervals, to the digits that these leave certain.
struct ValueText {
  std::string value;
  std::string model;     ///< "[0.1, 0.3]"; empty where there is no such interval, as is the next
  std::string sampling;  ///< "± 0.02", or "-" where it is not known
};

/// @param gain v(N) − v(∅): nothing is told apart below a ten-thousandth of it
ValueText value_text(const ordered_json& intervals, const std::string& name, double value, double gain) {
  ValueText text;
  const double least = 0.01 * std::abs(gain);
  double width = 0;
  const auto ends = [&](const char* kind) {
    const ordered_json& interval = intervals.at(kind).at(name);
    return std::pair(interval.at(0).get<double>(), interval.at(1).get<double>());
  };
  if (intervals.contains("sampling")) {
    const auto [low, high] = ends("sampling");
    width = high - low;
    const double half = std::max(high - value, value - low);
    const std::string shown = half < least ? number_text_within(half, least) : number_text(half, 2);
    text.sampling = std::isfinite(half) ? "± " + shown : "-";  // too few coalitions for a standard error
  }
  if (intervals.contains("model")) {
    const auto [low, high] = ends("model");
    if (high > low) width = std::max(high - low, least);
    text.model = fmt::format("[{}, {}]", number_text_within(low, width), number_text_within(high, width));
  }
  text.value = number_text_within(value, width);
  return text;
}

/// The leave-one-out R² of the fit, or of each of several.
std::string fit_text(const ordered_json& fit) {
  if (fit.is_object()) return number_text(fit.at("leave_one_out_r2").get<double>(), 2);
  std::string text;
  for (const ordered_json& one : fit) text += (text.empty() ? "" : ", ") + fit_text(one);
  return text;
}

/// The objective or the trade-off that is explained, or those of several studies.
std::string target_text(const ordered_json& target) {
  if (target.is_array()) return target_text(target.front()) + fmt::format(" in {} studies", target.size());
  if (target.contains("weights")) return "the trade-off with weights " + short_text(target.at("weights"));
  const auto name = target.at("objective").get<std::string>();
  return target.contains("scale") ? "ln of " + name : name;
}

std::string baseline_text(const ordered_json& baseline) {
  if (!baseline.is_array()) return "The baseline is " + short_text(baseline) + ".";
  std::string text;
  for (const ordered_json& one : baseline) text += (text.empty() ? "" : "; ") + short_text(one);
  return "The baselines are " + text + ".";
}

/// Sentences: what was played, what it gave and how far it can be trusted.
std::string heading_text(const ordered_json& json) {
  if (!json.contains("full")) {  // no game was played
    return fmt::format("Shares of the total sensitivity of {}.\nThe model predicts left-out trials with R² {}.\n",
                       printable(target_text(json.at("target"))), fit_text(json.at("fit")));
  }
  const auto empty = json.at("empty").get<double>();
  const auto full = json.at("full").get<double>();
  const double place = 0.1 * std::abs(full - empty);
  std::string game = json.at("game").get<std::string>();
  std::replace(game.begin(), game.end(), '_', ' ');
  std::string text = fmt::format(
      "The {} game of {}, {} of order {} from {} coalitions.\nIt goes from v(∅) = {} to v(N) = {}, a difference of "
      "{}.\n",
      game, printable(target_text(json.at("target"))), json.at("index").get<std::string>(), json.at("order").dump(),
      json.at("coalitions").dump(), number_text_within(empty, place), number_text_within(full, place),
      number_text_within(full - empty, place));
  text += fmt::format("The model predicts left-out trials with R² {}.", fit_text(json.at("fit")));
  if (json.contains("faithfulness")) {
    text += fmt::format(" The values explain the coalitions with R² {}.",
                        number_text(json.at("faithfulness").get<double>(), 2));
  }
  return text + "\n" + printable(baseline_text(json.at("baseline"))) + "\n";
}

/// The configurations to evaluate next, the most telling first.
std::string suggestions_text(const ordered_json& suggestions) {
  if (suggestions.empty()) return "There is no configuration left whose evaluation would narrow this.\n";
  std::vector<std::string> names;
  for (const ordered_json& one : suggestions) {
    for (const auto& [name, value] : one.at("configuration").items()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  std::vector<std::string> head{"evaluate"};
  head.insert(head.end(), names.begin(), names.end());
  head.emplace_back("doubt left");
  std::vector<std::vector<std::string>> rows;
  for (const ordered_json& one : suggestions) {
    rows.push_back({std::to_string(rows.size() + 1)});
    const ordered_json& configuration = one.at("configuration");
    for (const std::string& name : names) {
      rows.back().push_back(configuration.contains(name) ? short_text(configuration.at(name)) : "-");
    }
    rows.back().push_back(fmt::format("{:.0f} %", 100 * one.at("left").get<double>()));
  }
  return "These would narrow the answer most, and leave so much of the variance of the values:\n" +
         table_text(head, rows);
}

std::string explanation_table(const ordered_json& json) {
  std::vector<std::pair<std::string, double>> values;
  std::vector<std::string> unknown;
  for (const auto& [name, value] : json.at("values").items()) {
    if (value.is_null()) {
      unknown.push_back(name);
    } else {
      values.emplace_back(name, value.get<double>());
    }
  }
  std::stable_sort(values.begin(), values.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.second) > std::abs(b.second); });
  double total = 0;
  for (const auto& [name, value] : values) total += std::abs(value);
  const ordered_json& intervals = json.at("intervals");
  std::vector<std::string> head{"hyperparameters", "value", "share"};
  for (const char* kind : {"model", "sampling"}) {
    if (intervals.contains(kind))
      head.push_back(fmt::format("{:.0f} %, {}", 100 * intervals.at("coverage").get<double>(), kind));
  }
  const bool is_tested = json.contains("p_values") && json.at("order") == 1;
  if (is_tested) head.emplace_back("p");
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : values) {
    ValueText shown =
        value_text(intervals, name, value, json.at("full").get<double>() - json.at("empty").get<double>());
    rows.push_back({name, shown.value, total > 0 ? fmt::format("{:.1f} %", 100 * std::abs(value) / total) : "-"});
    for (std::string* interval : {&shown.model, &shown.sampling}) {
      if (!interval->empty()) rows.back().push_back(std::move(*interval));
    }
    if (is_tested) rows.back().push_back(number_text(json.at("p_values").at(name).get<double>(), 2));
  }
  for (const std::string& name : unknown) {
    rows.push_back({name, "not known"});
    rows.back().resize(head.size(), "-");
  }
  std::string text = json.contains("summary") ? printable(json.at("summary").get<std::string>()) + "\n\n" : "";
  text += heading_text(json) + "\n" + table_text(head, rows);
  for (const ordered_json& remark : json.at("notes")) text += "note: " + remark.get<std::string>() + "\n";
  if (json.contains("suggestions")) text += "\n" + suggestions_text(json.at("suggestions"));
  return text;
}

/// The game of an explanation, in a form that `hyperego shapley` reads, is known by the members that lead it.
OutputKind saved_game_kind() {
  return {"a game that explain has saved", [](const std::filesystem::path& file) {
            const std::string text = beginning_of(file);
            return text.rfind("{\"game\":\"", 0) == 0 && text.find("\"treatment\":\"") != std::string::npos;
          }};
}

Overwrite overwrite_of(const ExplainArguments& arguments) {
  return arguments.force ? Overwrite::any_file : Overwrite::own_kind;
}

void save_game(const ExplainArguments& arguments, const GameTable& table) {
  if (table.values.empty() || table.players.empty()) {
    throw InvalidInput("--save-game", "only some coalitions were played, so there is no table to keep; use --exact");
  }
  write_output(arguments.saved_game, dump_utf8(table.to_json()) + "\n", saved_game_kind(), overwrite_of(arguments));
}

/// The one that is asked for, or so many trade-offs.
std::vector<ExplainTarget> targets_of(const ExplainArguments& arguments, const TrialTable& first) {
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

std::string what_is_shorter(const ExplainOptions& options) {
  if (options.game == GameKind::optimizer_bias) {
    return "fewer --optimizer-trials, fewer optimizers in --against, fewer hyperparameters";
  }
  return "fewer --samples, --draws or --replicates, a --budget of coalitions, --surrogate forest where trials are many";
}

void print_explanations(const ExplainArguments& arguments, const std::vector<ordered_json>& explanations) {
  const ordered_json json = arguments.tradeoffs ? ordered_json(explanations) : explanations.front();
  print_data(arguments.output, json, [&] {
    std::string text;
    for (const ordered_json& element : explanations) text += (text.empty() ? "" : "\n") + explanation_table(element);
    return text;
  });
}

int explain_trials(const ExplainArguments& arguments) {
  if (!arguments.saved_game.empty()) check_output(arguments.saved_game, saved_game_kind(), overwrite_of(arguments));
  std::vector<TrialTable> tables = trials_of(arguments);
  ExplainOptions options = options_of(arguments, tables.front().space);
  const std::vector<ExplainTarget> targets = targets_of(arguments, tables.front());
  WorkSize size = work_size(tables, options.samples);
  size.is_process = options.model != ModelKind::forest;
  std::vector<GameTable> games;
  std::vector<ordered_json> explanations;
  int code = watched(
      what_is_shorter(options), [&](const std::string& phase) { return memory_remedy(phase, size); },
      [&](const ProgressHook& progress) {
        options.progress = progress;
        std::vector<TrialModels> models;
        for (TrialTable& table : tables) {
          models.emplace_back(std::move(table), options.model, options.seed, options.reach, progress);
        }
        explanations = explain(models, targets, options, &games);
      });
  if (code != 0) return code;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const Eigen::VectorXd& weights = targets[t].weights;
    if (!arguments.tradeoffs || explanations[t].contains("weights")) continue;
    explanations[t]["weights"] = std::vector<double>(weights.begin(), weights.end());
  }
  if (!arguments.saved_game.empty())
    code = undisturbed([&] { save_game(arguments, games.empty() ? GameTable{} : games.front()); });
  if (code != 0) return code;
  print_explanations(arguments, explanations);
  return ExitCode::done;
}

}  // namespace

void add_explain_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<ExplainArguments>();
  CLI::App* command =
      app.add_subcommand("explain", "Importance of hyperparameters in a run or a trial table, by HyperSHAP games");
  auto* directory = command->add_option("DIR", arguments->directories,
                                        "A run directory, or several with the same hyperparameters to be aggregated");
  command
      ->add_option("--trials", arguments->trials,
                   "Trials of another program instead: a table, JSON, or what Optuna, SMAC3, DeepCAVE or Ray Tune has "
                   "left (docs/tables.md; may be repeated)")
      ->type_name("SOURCE")
      ->excludes(directory)
      ->expected(1)
      ->take_all();
  add_source_options(*command, arguments->source,
                     "Explain this objective; of a table, the column that it is (several: their trade-off)");
  command
      ->add_option("--maximize", arguments->source.maximized, "The same as --objective NAME=maximize (may be repeated)")
      ->type_name("NAME")
      ->expected(1)
      ->take_all();
  command->add_option("--game", arguments->game, "ablation, sensitivity, tunability, mistunability or optimizer_bias")
      ->type_name("GAME")
      ->required();
  command
      ->add_option("--index", arguments->index,
                   "SV, BV, SII, BII, CHII, k-SII, STII, FSII, FBII, Moebius or Co-Moebius (default: SV)")
      ->type_name("INDEX");
  add_whole_number(*command, "--order", arguments->order, "Largest interaction (default: 1 for SV and BV, else 2)", 1,
                   63);
  auto* weights = command
                      ->add_option("--weights", arguments->weights,
                                   "Explain the trade-off with these weights (default: equal ones)")
                      ->type_name("w1,w2,…");
  add_whole_number(*command, "--tradeoffs", arguments->tradeoffs, "Explain so many trade-offs across all weights", 1,
                   10000)
      ->excludes(weights);
  command
      ->add_option(
          "--baseline", arguments->baselines,
          "incumbent (the best of the trials), default, or a configuration (JSON or its file); may be repeated, "
          "and the games are then aggregated (default: default)")
      ->expected(1)
      ->take_all();
  command
      ->add_option("--aggregate", arguments->aggregate,
                   "How games of several studies or baselines are joined: mean, quantile, min, max or variance "
                   "(default: mean)")
      ->type_name("NAME");
  command->add_option("--level", arguments->level, "Level of --aggregate quantile (default: 0.5)")
      ->check(CLI::Range(0.0, 1.0));
  command
      ->add_option("--of", arguments->of,
                   "What ablation explains, a configuration (JSON or its file) (default: the incumbent)")
      ->type_name("CONFIG");
  command
      ->add_option("--surrogate", arguments->surrogate,
                   "Model of the trials: gp, forest or automatic (default), which is gp up to 2,000 trials")
      ->check(CLI::IsMember({"automatic", "gp", "forest"}));
  command
      ->add_option("--maximum", arguments->maximum, "How maxima are taken: optimized or sampled (default: optimized)")
      ->check(CLI::IsMember({"optimized", "sampled"}));
  command
      ->add_option("--samples", arguments->samples,
                   "Configurations drawn (default: 1000 for optimized, else 10000), or a file that lists them, in any "
                   "form that trials have")
      ->type_name("N|FILE");
  add_whole_number(*command, "--suggest", arguments->suggest,
                   "Name so many configurations whose evaluation would narrow the answer most", 1, 1000);
  add_whole_number(
      *command, "--draws", arguments->draws,
      "Plausible functions played for the intervals of the model, of each of two kinds of models (default: "
      "32 up to 10 hyperparameters, 16 up to 20)",
      0, 100000);
  command
      ->add_option(
          "--reach", arguments->reach,
          "How far predictions may go beyond the best trial, in distances from there to the sqrt(n)-th best one "
          "(default: 0.5; inf: as far as they like)")
      ->check(CLI::Range(0.0, std::numeric_limits<double>::infinity()));
  add_whole_number(*command, "--permutations", arguments->permutations,
                   "Permutations for the p-values of hyperparameters; 0: no p-values (default: 39)", 0, 100000);
  add_whole_number(*command, "--replicates", arguments->replicates,
                   "Other sample lists played for the intervals of sampling (default: 4 up to 10 hyperparameters)", 0,
                   100000);
  command->add_option("--coverage", arguments->coverage, "Of the intervals (default: 0.9)")
      ->check(CLI::Range(0.01, 0.9999));
  command
      ->add_option("--optimizer", arguments->optimizer, "The optimizer that optimizer_bias studies (default: parego)")
      ->type_name("NAME");
  command->add_option("--against", arguments->ensemble, "Those that optimizer_bias compares it with (default: random)")
      ->type_name("NAME,…");
  add_whole_number(*command, "--optimizer-trials", arguments->optimizer_trials,
                   "Evaluations of the model that each of them has for every coalition (default: 40)", 1, 100000);
  command
      ->add_option("--save-game", arguments->saved_game,
                   "Keep the value table of the game in a file that `hyperego shapley` reads")
      ->type_name("FILE");
  command->add_flag("--force", arguments->force, "Let --save-game replace a file that is no saved game");
  auto* exact =
      command->add_flag("--exact", arguments->exact, "Play all coalitions (the default up to 16 hyperparameters)");
  add_whole_number(*command, "--budget", arguments->budget,
                   "Estimate the index from so many coalitions (default above 16 hyperparameters: 4096)", 2)
      ->excludes(exact);
  command
      ->add_option(
          "--estimator", arguments->estimator,
          "permutation, kernel-shap, regression, svarm or kernel-shap-iq (default: regression for SV, FSII and FBII, "
          "else svarm)")
      ->type_name("NAME");
  command
      ->add_option("--target-error", arguments->target_error,
                   "Stop an estimate where all its standard errors are at most this (default: 0, spend the budget)")
      ->check(CLI::NonNegativeNumber);
  add_whole_number(*command, "--seed", arguments->seed, "Seed of samples and fit (default: 0)", 0);
  add_whole_number(*command, "--threads", arguments->threads, "0: as many as there are (default: 0)", 0, 1024);
  add_output_options(*command, arguments->output);
  command->callback([&action, arguments] {
    if (arguments->directories.empty() && arguments->trials.empty()) throw CLI::RequiredError("DIR or --trials");
    action = [arguments] { return explain_trials(*arguments); };
  });
}

}  // namespace hyperego::cli
