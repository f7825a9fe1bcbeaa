#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "output.hpp"
#include "program.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

struct YahpoArguments {
  std::string scenario;
  std::string configurations;
  std::string targets;
  std::string data;
  OutputOptions output;

  [[nodiscard]] YahpoScenario loaded() const {
    (void)yahpo_metadata(scenario);  // an unknown scenario is worth saying before missing data
    return YahpoScenario::load(yahpo_data_directory(data, scenario), scenario);
  }
};

std::string direction_of(const Objective& objective) {
  return objective.direction == Direction::maximize ? "maximize" : "minimize";
}

int list(const YahpoArguments& arguments) {
  // Without any data the catalogue is still worth seeing; a directory that is named must be there.
  const bool named = !arguments.data.empty() || std::getenv("HYPEREGO_YAHPO_DATA") != nullptr;
  std::vector<std::string> present;
  if (named) {
    for (const auto& folder : yahpo_data_directories(arguments.data)) {
      for (std::string& name : yahpo_scenarios(folder)) present.push_back(std::move(name));
    }
  }
  if (!named) note("no data directory is named (--data or HYPEREGO_YAHPO_DATA), so none is available");
  ordered_json json{{"scenarios", ordered_json::array()}};
  std::vector<std::vector<std::string>> rows;
  for (const YahpoMetadata& scenario : yahpo_catalogue()) {
    const bool available = std::find(present.begin(), present.end(), scenario.name) != present.end();
    ordered_json targets = ordered_json::array();
    for (const Objective& target : scenario.targets) targets.push_back(target.name);
    json["scenarios"].push_back({{"scenario", scenario.name}, {"available", available}, {"targets", targets}});
    rows.push_back({scenario.name, available ? "yes" : "no", targets.dump()});
  }
  print_data(arguments.output, json, [&] { return table_text({"scenario", "available", "targets"}, rows); });
  return ExitCode::done;
}

ordered_json description(const YahpoScenario& scenario) {
  ordered_json json{{"scenario", scenario.name()},
                    {"instance_parameter", scenario.instance_parameter()},
                    {"instances", scenario.instances()}};
  json["targets"] = ordered_json::array();
  for (const Objective& target : scenario.targets()) {
    json["targets"].push_back({{"name", target.name}, {"direction", direction_of(target)}});
  }
  json["fidelities"] = ordered_json::array();
  for (const YahpoFidelity& fidelity : scenario.fidelities()) {
    json["fidelities"].push_back({{"name", fidelity.name}, {"full", to_json(fidelity.full)}});
  }
  json["suite"] = ordered_json::array();
  for (const YahpoSuiteEntry& entry : scenario.suite()) {
    json["suite"].push_back({{"instance", entry.instance}, {"targets", entry.targets}});
  }
  json["space"] = to_configspace_json(scenario.search_space());
  return json;
}

std::string description_table(const ordered_json& json) {
  std::string text = json.at("scenario").get<std::string>() + "\n\n";
  std::vector<std::vector<std::string>> rows;
  for (const ordered_json& target : json.at("targets"))
    rows.push_back({short_text(target.at("name")), short_text(target.at("direction"))});
  text += table_text({"target", "direction"}, rows) + "\n";
  rows.clear();
  for (const ordered_json& fidelity : json.at("fidelities"))
    rows.push_back({short_text(fidelity.at("name")), short_text(fidelity.at("full"))});
  text += table_text({"fidelity", "full"}, rows) + "\n";
  rows.clear();
  for (const ordered_json& entry : json.at("suite"))
    rows.push_back({short_text(entry.at("instance")), short_text(entry.at("targets"))});
  text += table_text({"suite instance", "targets"}, rows) + "\n";
  return text + json.at("instance_parameter").get<std::string>() + ": " + json.at("instances").dump() + "\n";
}

int describe(const YahpoArguments& arguments) {
  const ordered_json json = description(arguments.loaded());
  print_data(arguments.output, json, [&] { return description_table(json); });
  return ExitCode::done;
}

int evaluate(const YahpoArguments& arguments) {
  const YahpoScenario scenario = arguments.loaded();
  std::vector<Eigen::Index> columns;
  if (arguments.targets.empty()) {
    for (std::size_t i = 0; i < scenario.targets().size(); ++i) columns.push_back(static_cast<Eigen::Index>(i));
  } else {
    for (const std::string& name : comma_separated(arguments.targets, "--targets")) {
      columns.push_back(static_cast<Eigen::Index>(scenario.target_index(name)));
    }
  }
  const ordered_json file = read_json_file(arguments.configurations);
  std::vector<Configuration> configurations;
  std::vector<std::string> assumed_full;
  for (const JsonReader& reader : JsonReader(file, arguments.configurations).elements()) {
    configurations.push_back(scenario.read_configuration(reader.json(), reader.where(), &assumed_full));
  }
  for (const std::string& fidelity : assumed_full)
    note("fidelity " + fidelity + " is not given everywhere and taken to be full there");
  const Eigen::MatrixXd values = scenario.evaluate(configurations);
  ordered_json json{{"objectives", ordered_json::array()}};
  std::vector<std::vector<std::string>> rows;
  for (Eigen::Index i = 0; i < values.rows(); ++i) {
    ordered_json row = ordered_json::array();
    for (const Eigen::Index column : columns) row.push_back(values(i, column));
    rows.push_back({std::to_string(i), row.dump()});
    json["objectives"].push_back(std::move(row));
  }
  print_data(arguments.output, json, [&] { return table_text({"configuration", "objectives"}, rows); });
  return ExitCode::done;
}

}  // namespace

void add_yahpo_commands(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<YahpoArguments>();
  CLI::App* yahpo = app.add_subcommand("yahpo", "YAHPO Gym scenarios, evaluated natively");
  yahpo->require_subcommand(1);
  const auto add = [&](const char* name, const char* description, bool has_scenario) {
    CLI::App* command = yahpo->add_subcommand(name, description);
    if (has_scenario) command->add_option("SCENARIO", arguments->scenario, "One of `yahpo list`")->required();
    command
        ->add_option("--data", arguments->data,
                     "Folder with yahpo_data, several separated by colons (default: HYPEREGO_YAHPO_DATA)")
        ->type_name("DIR");
    add_output_options(*command, arguments->output);
    return command;
  };
  add("list", "Scenarios, and whether their data are there", false)->callback([&action, arguments] {
    action = [arguments] { return list(*arguments); };
  });
  add("describe", "Instances, targets with directions, fidelities, suite entries and space of a scenario", true)
      ->callback([&action, arguments] { action = [arguments] { return describe(*arguments); }; });
  CLI::App* evaluate_command = add("evaluate", "Targets of configurations, in their order", true);
  evaluate_command
      ->add_option("--configs", arguments->configurations,
                   "A JSON array of configurations, each with its instance (and fidelity)")
      ->required()
      ->type_name("FILE");
  evaluate_command
      ->add_option("--targets", arguments->targets, "Targets to print (default: all, in the scenario's order)")
      ->type_name("a,b,…");
  evaluate_command->callback([&action, arguments] { action = [arguments] { return evaluate(*arguments); }; });
}

}  // namespace hyperego::cli
