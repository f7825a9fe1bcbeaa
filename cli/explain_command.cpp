#include <hyperego/core/error.hpp>
#include <hyperego/core/utf8.hpp>
#include <hyperego/report/explanation/explain.hpp>
#include <hyperego/study/output_file.hpp>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "explain_arguments.hpp"
#include "explain_request.hpp"
#include "explanation_text.hpp"
#include "memory_remedy.hpp"
#include "output.hpp"
#include "program.hpp"
#include "watched_work.hpp"
#include <memory>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

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
    for (const ordered_json& element : explanations) text += (text.empty() ? "" : "\n") + explanation_text(element);
    return text;
  });
}

int explain_trials(const ExplainArguments& arguments) {
  if (!arguments.saved_game.empty()) check_output(arguments.saved_game, saved_game_kind(), overwrite_of(arguments));
  std::vector<TrialTable> tables = explained_trials(arguments);
  ExplainOptions options = explain_options(arguments, tables.front().space);
  const std::vector<ExplainTarget> targets = explain_targets(arguments, tables.front());
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
  add_explain_options(*command, *arguments);
  command->callback([&action, arguments] {
    if (arguments->directories.empty() && arguments->trials.empty()) throw CLI::RequiredError("DIR or --trials");
    action = [arguments] { return explain_trials(*arguments); };
  });
}

}  // namespace hyperego::cli
