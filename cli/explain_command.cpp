#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/report/explain.hpp>
#include <hyperego/report/trial_table.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "output.hpp"
#include "program.hpp"
#include <algorithm>
#include <cmath>
#include <memory>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

struct ExplainArguments {
  std::string directory, trials, space;
  std::vector<std::string> maximized;
  std::string game;
  std::string index = "SV";
  std::optional<std::uint64_t> order;
  std::string objective, weights;
  std::optional<std::uint64_t> tradeoffs;
  std::string baseline = "default";
  std::string of;
  std::string surrogate = "gp";
  std::string maximum = "optimized";
  std::optional<std::uint64_t> samples;
  std::optional<std::uint64_t> budget;
  bool exact = false;
  std::optional<std::uint64_t> seed;
  OutputOptions output;
};

TrialTable trials_of(const ExplainArguments& arguments) {
  if (!arguments.directory.empty()) return trials_of_run(arguments.directory);
  auto space = std::make_shared<const SearchSpace>(read_configspace_file(arguments.space));
  std::size_t left_out = 0;
  TrialTable trials = read_trial_table(arguments.trials, space, arguments.maximized, &left_out);
  if (left_out > 0) note(fmt::format("{} trials without all objectives are left out", left_out));
  return trials;
}

/// A configuration as JSON text or in a file of its own.
Configuration configuration_of(const std::string& text, const SearchSpace& space, const std::string& option) {
  const bool is_text =
      text.find_first_not_of(" \t\n") != std::string::npos && text[text.find_first_not_of(" \t\n")] == '{';
  const ordered_json json = is_text ? parse_json(text, option) : read_json_file(text);
  return space.legal_configuration_from_json(json, is_text ? option : text);
}

ExplainOptions options_of(const ExplainArguments& arguments, const SearchSpace& space) {
  if (arguments.surrogate == "forest") throw InvalidInput("--surrogate", "the forest is not there yet; use gp");
  ExplainOptions options;
  options.game = game_kind_from(arguments.game, "--game");
  options.maximum = maximum_kind_from(arguments.maximum, "--maximum");
  options.index = interaction_index_of(arguments.index);
  if (arguments.order) options.order = static_cast<int>(*arguments.order);
  if (arguments.samples) options.samples = static_cast<std::size_t>(*arguments.samples);
  options.seed = arguments.seed.value_or(0);
  if (arguments.baseline == "incumbent") {
    options.incumbent_as_baseline = true;
  } else if (arguments.baseline != "default") {
    options.baseline = configuration_of(arguments.baseline, space, "--baseline");
  }
  if (!arguments.of.empty()) options.of = configuration_of(arguments.of, space, "--of");
  const double coalitions = std::ldexp(1.0, static_cast<int>(space.searched().size()));
  if (arguments.budget && static_cast<double>(*arguments.budget) < coalitions) {
    throw InvalidInput(
        "--budget",
        fmt::format("estimates from fewer than all {:.0f} coalitions are not there yet; use --exact", coalitions));
  }
  return options;
}

std::string explanation_table(const ordered_json& json) {
  std::vector<std::pair<std::string, double>> values;
  for (const auto& [name, value] : json.at("values").items()) values.emplace_back(name, value.get<double>());
  std::stable_sort(values.begin(), values.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.second) > std::abs(b.second); });
  double total = 0;
  for (const auto& [name, value] : values) total += std::abs(value);
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : values) {
    rows.push_back(
        {name, short_number(value), total > 0 ? fmt::format("{:.1f} %", 100 * std::abs(value) / total) : "-"});
  }
  std::string text =
      fmt::format("{} of {}, {} of order {}: v(∅) {}, v(N) {}, {} coalitions, leave-one-out R² {}\n",
                  json.at("game").get<std::string>(), json.at("target").dump(), json.at("index").get<std::string>(),
                  json.at("order").dump(), short_text(json.at("empty")), short_text(json.at("full")),
                  json.at("coalitions").dump(), short_text(json.at("fit").value("leave_one_out_r2", ordered_json())));
  text += "baseline " + json.at("baseline").dump() + "\n\n" + table_text({"hyperparameters", "value", "share"}, rows);
  for (const ordered_json& remark : json.at("notes")) text += "note: " + remark.get<std::string>() + "\n";
  return text;
}

int explain_trials(const ExplainArguments& arguments) {
  const TrialTable trials = trials_of(arguments);
  const ExplainOptions options = options_of(arguments, *trials.space);
  if (arguments.tradeoffs) {
    ordered_json json = ordered_json::array();
    for (const Eigen::VectorXd& weights :
         tradeoffs(static_cast<int>(trials.objectives.size()), static_cast<std::size_t>(*arguments.tradeoffs))) {
      json.push_back(explain(trials, {.objective = std::nullopt, .weights = weights}, options));
      if (!json.back().contains("weights"))
        json.back()["weights"] = std::vector<double>(weights.begin(), weights.end());
    }
    print_data(arguments.output, json, [&] {
      std::string text;
      for (const ordered_json& element : json) text += (text.empty() ? "" : "\n") + explanation_table(element);
      return text;
    });
    return ExitCode::done;
  }
  ExplainTarget target;
  if (!arguments.objective.empty()) target.objective = arguments.objective;
  if (!arguments.weights.empty()) {
    const auto weights = comma_separated_numbers(arguments.weights, "--weights");
    target.weights = Eigen::Map<const Eigen::VectorXd>(weights.data(), static_cast<Eigen::Index>(weights.size()));
  } else if (!target.objective && trials.objectives.size() > 1) {
    note("neither --objective nor --weights is given, so the trade-off with equal weights is explained");
  }
  const ordered_json json = explain(trials, target, options);
  print_data(arguments.output, json, [&] { return explanation_table(json); });
  return ExitCode::done;
}

}  // namespace

void add_explain_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<ExplainArguments>();
  CLI::App* command =
      app.add_subcommand("explain", "Importance of hyperparameters in a run or a trial table, by HyperSHAP games");
  auto* directory = command->add_option("DIR", arguments->directory, "A run directory");
  auto* trials = command->add_option("--trials", arguments->trials, "A trial table instead: CSV with a header, or JSON")
                     ->type_name("FILE")
                     ->excludes(directory);
  auto* space =
      command->add_option("--space", arguments->space, "Its space, ConfigSpace JSON")->type_name("FILE")->needs(trials);
  trials->needs(space);
  command
      ->add_option("--maximize", arguments->maximized,
                   "An objective of the table that is to be large (may be repeated)")
      ->type_name("NAME")
      ->needs(trials)
      ->expected(1)
      ->take_all();
  command->add_option("--game", arguments->game, "ablation, sensitivity, tunability or mistunability")
      ->type_name("GAME")
      ->required();
  command
      ->add_option("--index", arguments->index,
                   "SV, BV, SII, BII, CHII, k-SII, STII, FSII, FBII, Moebius or Co-Moebius (default: SV)")
      ->type_name("INDEX");
  add_whole_number(*command, "--order", arguments->order, "Largest interaction (default: 1 for SV and BV, else 2)", 1,
                   63);
  auto* objective =
      command->add_option("--objective", arguments->objective, "Explain this objective")->type_name("NAME");
  auto* weights = command
                      ->add_option("--weights", arguments->weights,
                                   "Explain the trade-off with these weights (default: equal ones)")
                      ->type_name("w1,w2,…")
                      ->excludes(objective);
  add_whole_number(*command, "--tradeoffs", arguments->tradeoffs, "Explain so many trade-offs across all weights", 1,
                   10000)
      ->excludes(objective)
      ->excludes(weights);
  command->add_option(
      "--baseline", arguments->baseline,
      "incumbent (the best of the trials), default, or a configuration (JSON or its file) (default: default)");
  command
      ->add_option("--of", arguments->of,
                   "What ablation explains, a configuration (JSON or its file) (default: the incumbent)")
      ->type_name("CONFIG");
  command->add_option("--surrogate", arguments->surrogate, "Model of the trials (default: gp)")
      ->check(CLI::IsMember({"gp", "forest"}));
  command
      ->add_option("--maximum", arguments->maximum, "How maxima are taken: optimized or sampled (default: optimized)")
      ->check(CLI::IsMember({"optimized", "sampled"}));
  add_whole_number(*command, "--samples", arguments->samples,
                   "Configurations drawn (default: 1000 for optimized, else 10000)", 1, 10000000);
  auto* exact = command->add_flag("--exact", arguments->exact, "Play all coalitions (the default)");
  add_whole_number(*command, "--budget", arguments->budget, "Largest number of coalitions (default: all)", 2)
      ->excludes(exact);
  add_whole_number(*command, "--seed", arguments->seed, "Seed of samples and fit (default: 0)", 0);
  add_output_options(*command, arguments->output);
  command->callback([&action, arguments] {
    if (arguments->directory.empty() && arguments->trials.empty()) throw CLI::RequiredError("DIR or --trials");
    action = [arguments] { return explain_trials(*arguments); };
  });
}

}  // namespace hyperego::cli
