#include <hyperego/core/error.hpp>
#include <hyperego/moo/problems/registry.hpp>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "output.hpp"
#include "program.hpp"
#include <memory>

namespace hyperego::cli {
namespace {

using nlohmann::ordered_json;

struct ProblemArguments {
  std::string name;
  std::string points;
  std::optional<std::uint64_t> variables;
  std::optional<std::uint64_t> objectives;
  std::optional<std::uint64_t> relevant;
  double shift = 0;
  OutputOptions output;

  [[nodiscard]] Problem problem(std::optional<int> width = std::nullopt) const {
    const auto number = [](const std::optional<std::uint64_t>& value) {
      return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
    };
    return make_problem(name, variables ? number(variables) : width, number(objectives),
                        {.relevant = number(relevant), .shift = shift});
  }
};

ordered_json json_of(const Eigen::VectorXd& values) {
  ordered_json json = ordered_json::array();
  for (const double value : values) json.push_back(value);
  return json;
}

int list(const ProblemArguments& arguments) {
  const ordered_json json{{"problems", problem_names()}};
  print_data(arguments.output, json, [] {
    std::string text;
    for (const std::string& name : problem_names()) text += name + "\n";
    return text;
  });
  return ExitCode::done;
}

ordered_json description(const Problem& problem) {
  ordered_json json{{"problem", problem.name()},
                    {"variables", problem.number_of_variables()},
                    {"objectives", problem.number_of_objectives()},
                    {"binary", problem.binary()},
                    {"lower", json_of(problem.lower())},
                    {"upper", json_of(problem.upper())},
                    {"relevant", problem.relevant()}};
  json["parameters"] = ordered_json::object();
  for (const auto& [name, value] : problem.parameters()) json["parameters"][name] = value;
  json["ideal"] = problem.ideal() ? json_of(*problem.ideal()) : ordered_json(nullptr);
  json["nadir"] = problem.nadir() ? json_of(*problem.nadir()) : ordered_json(nullptr);
  const FrontKnowledge front = problem.front_knowledge();
  json["front"] = front == FrontKnowledge::exact          ? "exact"
                  : front == FrontKnowledge::conventional ? "conventional"
                                                          : "unknown";
  return json;
}

int describe(const ProblemArguments& arguments) {
  const ordered_json json = description(arguments.problem());
  print_data(arguments.output, json, [&] {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [name, value] : json.items()) rows.push_back({name, short_text(value)});
    return table_text({"member", "value"}, rows);
  });
  return ExitCode::done;
}

int evaluate(const ProblemArguments& arguments) {
  const Eigen::MatrixXd points = read_points(arguments.points);
  const Problem problem =
      arguments.problem(points.rows() > 0 ? std::optional(static_cast<int>(points.cols())) : std::nullopt);
  ordered_json json{{"objectives", ordered_json::array()}};
  std::vector<std::vector<std::string>> rows;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    const Eigen::VectorXd x = points.row(i);
    try {
      json["objectives"].push_back(json_of(problem.evaluate({x.data(), static_cast<std::size_t>(x.size())})));
    } catch (const InvalidInput& error) {
      throw InvalidInput(arguments.points + "/" + std::to_string(i), error.what());
    }
    rows.push_back({std::to_string(i), json["objectives"].back().dump()});
  }
  print_data(arguments.output, json, [&] { return table_text({"point", "objectives"}, rows); });
  return ExitCode::done;
}

void add_sizes(CLI::App& command, ProblemArguments& arguments, const std::string& default_variables) {
  command.add_option("NAME", arguments.name, "One of `problem list`, upper or lower case")->required();
  add_whole_number(command, "--variables", arguments.variables,
                   "Number of variables (default: " + default_variables + ")", 1, 100000);
  add_whole_number(command, "--objectives", arguments.objectives,
                   "Number of objectives (default: the customary number)", 1, 1000);
  add_whole_number(command, "--relevant", arguments.relevant,
                   "How many of the variables matter, spread among the others (default: all)", 1, 100000);
  command.add_option("--shift", arguments.shift,
                     "How far from the ends of the ranges the optimum is moved, as a share of them (default: 0)");
}

}  // namespace

void add_problem_commands(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<ProblemArguments>();
  CLI::App* problem = app.add_subcommand("problem", "Built-in multi-objective test problems");
  problem->require_subcommand(1);

  CLI::App* list_command = problem->add_subcommand("list", "Names of all problems");
  add_output_options(*list_command, arguments->output);
  list_command->callback([&action, arguments] { action = [arguments] { return list(*arguments); }; });

  CLI::App* describe_command = problem->add_subcommand("describe", "Sizes, bounds, and what is known of the front");
  add_sizes(*describe_command, *arguments, "the customary number");
  add_output_options(*describe_command, arguments->output);
  describe_command->callback([&action, arguments] { action = [arguments] { return describe(*arguments); }; });

  CLI::App* evaluate_command = problem->add_subcommand("evaluate", "Objectives of points, in their order");
  add_sizes(*evaluate_command, *arguments, "the width of the points");
  evaluate_command->add_option("--points", arguments->points, "A JSON array of points in the problem's own units")
      ->required()
      ->type_name("FILE");
  add_output_options(*evaluate_command, arguments->output);
  evaluate_command->callback([&action, arguments] { action = [arguments] { return evaluate(*arguments); }; });
}

}  // namespace hyperego::cli
