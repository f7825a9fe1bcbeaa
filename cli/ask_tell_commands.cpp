#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/non_finite_json.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/outcome_json.hpp>
#include <hyperego/study/schedule.hpp>
#include <hyperego/study/serve.hpp>
#include <hyperego/study/status_json.hpp>
#include <hyperego/study/study.hpp>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "interruption.hpp"
#include "output.hpp"
#include "program.hpp"
#include "status_table.hpp"
#include "terminal.hpp"
#include <memory>
#include <unistd.h>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

struct AskTellArguments {
  std::string directory;
  std::optional<std::uint64_t> count;
  std::optional<std::uint64_t> trial;
  std::string configuration;
  std::string objectives;
  std::string failed;
  bool stdio = false;
  OutputOptions output;
};

/// Calls from several shells at once take turns.
constexpr double lock_patience_s = 10;

Study opened(const std::string& directory) {
  Study study(RunDirectory::read_specification(directory), directory, OpenMode::resume, {}, lock_patience_s);
  for (const std::string& repair : study.directory()->repairs()) note(repair);
  return study;
}

int status(const AskTellArguments& arguments) {
  const StudyHistory history = RunDirectory::read_history(arguments.directory);
  ordered_json json = status_json(history, FileLock::is_held(std::filesystem::path(arguments.directory) / "lock"));
  json["directory"] = arguments.directory;
  if (json.at("trials").at("running") != 0) {
    const std::string reason = reason_for_waiting(std::filesystem::path(arguments.directory) / "slurm");
    if (!reason.empty()) json["waiting_for"] = reason;
  }
  print_data(arguments.output, json,
             [&] { return status_table(json, *history.study().space, terminal_columns(STDOUT_FILENO)); });
  return ExitCode::done;
}

std::string trials_table(const ordered_json& trials) {
  const bool has_fidelity = !trials.empty() && trials.front().contains("fidelity");
  std::vector<std::vector<std::string>> rows;
  for (const ordered_json& trial : trials) {
    rows.push_back(
        {short_text(trial.at("trial")), short_text(trial.at("configuration")), short_text(trial.at("seed"))});
    if (has_fidelity) rows.back().push_back(short_text(trial.at("fidelity")));
  }
  std::vector<std::string> columns{"trial", "configuration", "seed"};
  if (has_fidelity) columns.emplace_back("fidelity");
  return table_text(columns, rows);
}

int ask(const AskTellArguments& arguments) {
  require_stdout();
  Study study = opened(arguments.directory);
  const AskedTrials asked =
      ask_within_limits(study, static_cast<std::size_t>(arguments.count.value_or(1)), study.history().elapsed_s());
  if (asked.trials.empty() && asked.limit) note(asked.limit->message);
  ordered_json json = ordered_json::array();
  for (const PendingTrial& trial : asked.trials) {
    json.push_back(to_json(trial, study.specification()));
  }
  print_data(arguments.output, json, [&] { return trials_table(json); });
  const bool gave_up = asked.trials.empty() && asked.limit && stopped_by_itself(asked.limit->reason);
  return gave_up ? ExitCode::stopped_by_itself : ExitCode::done;
}

Configuration configuration_of(const AskTellArguments& arguments, const Study& study) {
  constexpr auto option = "--configuration";
  return study.specification().space->legal_configuration_from_json(parse_json(arguments.configuration, option),
                                                                    option);
}

int tell(const AskTellArguments& arguments, bool has_failed) {
  Study study = opened(arguments.directory);
  Outcome outcome{.status = TrialStatus::failed, .message = arguments.failed};
  if (!has_failed) {
    outcome = outcome_from_json(parse_json_with_non_finite(arguments.objectives, "--objectives"), study.specification(),
                                "--objectives");
  }
  const std::uint64_t trial =
      arguments.trial ? *arguments.trial : study.add(configuration_of(arguments, study), outcome);
  const bool is_new = !arguments.trial || study.tell(trial, outcome, study.history().elapsed_s());
  if (!is_new) note("trial " + std::to_string(trial) + " has been told the same before; nothing has changed");
  study.write_front();
  const auto limit = reached_limit(study.history(), study.history().elapsed_s());
  if (limit) {
    study.stop({std::string(to_string(limit->reason)), limit->message});
    note(limit->message);
  }
  const Outcome& told = *study.history().records()[trial].outcome;
  ordered_json json{{"trial", trial}, {"status", std::string(to_string(told.status))}};
  if (!told.message.empty()) json["message"] = told.message;
  if (!is_new) json["repeated"] = true;
  const auto volume = study.history().hypervolume();
  json["front_size"] = study.history().archive().size();
  json["hypervolume"] = volume ? ordered_json(*volume) : ordered_json(nullptr);
  print_data(arguments.output, json, [&] {
    const std::string why = told.message.empty() ? "" : " (" + printable(told.message) + ")";
    return "trial " + std::to_string(trial) + ": " + std::string(to_string(told.status)) + why + "\n";
  });
  return ExitCode::done;
}

int enqueue(const AskTellArguments& arguments) {
  Study study = opened(arguments.directory);
  study.enqueue(configuration_of(arguments, study));
  const std::size_t count = study.history().enqueued().size();
  print_data(arguments.output, {{"enqueued", count}},
             [&] { return std::to_string(count) + " configurations are next in line\n"; });
  return ExitCode::done;
}

int serve(const AskTellArguments& arguments) {
  StopSignal stop;
  const Interruption interruption(stop);
  Study study = opened(arguments.directory);
  serve_lines(study, STDIN_FILENO, STDOUT_FILENO, stop);
  study.write_front();
  if (!stop) return ExitCode::done;
  note("everything told is saved; serve the directory again to go on");
  return 128 + stop.reason();
}

CLI::App* add_directory_command(CLI::App& app, const std::string& name, const std::string& description,
                                AskTellArguments& arguments) {
  CLI::App* command = app.add_subcommand(name, description);
  command->add_option("DIR", arguments.directory, "The run directory")->required();
  add_output_options(*command, arguments.output);
  return command;
}

}  // namespace

void add_ask_tell_commands(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<AskTellArguments>();
  CLI::App* status_command =
      add_directory_command(app, "status", "Where a study stands: trials by state, front, hypervolume", *arguments);
  status_command->callback([&action, arguments] { action = [arguments] { return status(*arguments); }; });

  CLI::App* ask_command = add_directory_command(app, "ask", "Ask for the next configurations to evaluate", *arguments);
  add_whole_number(*ask_command, "--count", arguments->count, "How many (default: 1)", 1, 100000);
  ask_command->callback([&action, arguments] { action = [arguments] { return ask(*arguments); }; });

  CLI::App* enqueue_command =
      add_directory_command(app, "enqueue", "Put a configuration next in line: the next trial tries it", *arguments);
  enqueue_command->add_option("--configuration", arguments->configuration, "Its values: {\"name\": value, …}")
      ->type_name("JSON")
      ->required();
  enqueue_command->callback([&action, arguments] { action = [arguments] { return enqueue(*arguments); }; });

  CLI::App* serve_command =
      app.add_subcommand("serve", "Answer ask, tell and the like, one JSON object a line (docs/serve.md)");
  serve_command->add_option("DIR", arguments->directory, "The run directory")->required();
  serve_command->add_flag("--stdio", arguments->stdio, "Requests from stdin, answers to stdout")->required();
  serve_command->callback([&action, arguments] { action = [arguments] { return serve(*arguments); }; });

  CLI::App* tell_command = add_directory_command(app, "tell", "Tell the result of a trial", *arguments);
  auto* trial = add_whole_number(*tell_command, "--trial", arguments->trial, "The trial's number, as ask gave it", 0);
  auto* own = tell_command
                  ->add_option("--configuration", arguments->configuration,
                               "Instead of a number: a configuration that you have evaluated yourself")
                  ->type_name("JSON")
                  ->excludes(trial);
  auto* objectives =
      tell_command
          ->add_option("--objectives", arguments->objectives,
                       "Its objectives in raw direction: {\"name\": value, …} or [values in the study's order]")
          ->type_name("JSON");
  auto* failed = tell_command->add_option("--failed", arguments->failed, "It failed, and why")
                     ->type_name("TEXT")
                     ->excludes(objectives);
  tell_command->callback([&action, arguments, trial, own, objectives, failed] {
    if (trial->empty() && own->empty()) throw CLI::RequiredError("--trial or --configuration");
    if (objectives->empty() && failed->empty()) throw CLI::RequiredError("--objectives or --failed");
    const bool has_failed = !failed->empty();
    action = [arguments, has_failed] { return tell(*arguments, has_failed); };
  });
}

}  // namespace hyperego::cli
