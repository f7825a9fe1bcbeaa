#include <hyperego/core/configspace_json.hpp>
#include <hyperego/imports/trials/import_trials.hpp>
#include <hyperego/imports/trials/imported_study.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "output.hpp"
#include "program.hpp"
#include "source_options.hpp"
#include <memory>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

struct ImportArguments {
  std::string source;
  std::string out;
  SourceOptions options;
  OutputOptions output;
};

ordered_json json_of(const ImportedTrials& imported, const std::string& out) {
  ordered_json json{{"directory", out},
                    {"source", imported.where},
                    {"kind", imported.kind},
                    {"trials", imported.trials.size()},
                    {"failed", imported.failures()}};
  json["objectives"] = ordered_json::array();
  for (const Objective& objective : imported.objectives) {
    json["objectives"].push_back({{"name", objective.name},
                                  {"direction", objective.direction == Direction::maximize ? "maximize" : "minimize"}});
  }
  json["space_inferred"] = imported.is_space_inferred;
  json["space"] = to_configspace_json(*imported.space);
  json["notes"] = imported.notes;
  return json;
}

std::string summary_of(const ImportedTrials& imported, const std::string& out) {
  std::string text = fmt::format("{} trials ({} failed) of {} are in {}\n\n", imported.trials.size(),
                                 imported.failures(), imported.kind, out);
  std::vector<std::vector<std::string>> rows;
  for (const Hyperparameter& hyperparameter : imported.space->hyperparameters()) {
    const Value value = hyperparameter.value_of(hyperparameter.default_code);
    rows.push_back({printable(hyperparameter.name), printable(hyperparameter.describe()), printable(to_string(value))});
  }
  text += table_text({"hyperparameter", "domain", "default"}, rows) + "\n";
  for (const Objective& objective : imported.objectives) {
    text += fmt::format("objective: {} is {}\n", printable(objective.name),
                        objective.direction == Direction::maximize ? "maximized" : "minimized");
  }
  for (const std::string& remark : imported.notes) text += "note: " + printable(remark) + "\n";
  if (imported.is_space_inferred) {
    text +=
        fmt::format("to correct the space, copy {0}/space.json, edit the copy and import again with --space\n", out);
  }
  return text;
}

int import(const ImportArguments& arguments) {
  ImportedTrials imported = import_trials(arguments.source, arguments.options.read());
  arguments.options.set_bounds(imported.objectives);
  write_run_directory(imported, arguments.out);
  if (!shows_table(arguments.output)) {
    for (const std::string& remark : imported.notes) note(remark);
  }
  print_data(arguments.output, json_of(imported, arguments.out), [&] { return summary_of(imported, arguments.out); });
  return ExitCode::done;
}

}  // namespace

void add_import_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<ImportArguments>();
  CLI::App* command = app.add_subcommand(
      "import", "Make a run directory of trials of another program: tables, JSON, Optuna, SMAC3, DeepCAVE, Ray Tune");
  command->add_option("SOURCE", arguments->source, "The file or folder that it has left (docs/tables.md)")->required();
  command->add_option("--out", arguments->out, "The run directory to make")->type_name("DIR")->required();
  add_source_options(*command, arguments->options,
                     "An objective, with =minimize or =maximize (may be repeated; needed where the source does not say "
                     "what was optimized)");
  add_output_options(*command, arguments->output);
  command->callback([&action, arguments] { action = [arguments] { return import(*arguments); }; });
}

}  // namespace hyperego::cli
