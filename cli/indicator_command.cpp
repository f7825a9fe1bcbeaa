#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/moo/front/indicators.hpp>
#include <hyperego/moo/front/simplex_lattice.hpp>
#include <hyperego/study/run_directory.hpp>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "output.hpp"
#include "program.hpp"
#include <memory>

namespace hyperego::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

struct IndicatorArguments {
  std::string indicator;
  std::string front;
  std::string reference;
  std::string reference_set;
  OutputOptions output;
};

/// The objectives of a run's own front.json, which are raw; other files are taken as minimised.
std::vector<Objective> objectives_of(const fs::path& front) {
  const fs::path folder = front.has_parent_path() ? front.parent_path() : fs::path(".");
  if (front.filename() != "front.json" || !fs::exists(folder / "study.json") || !fs::exists(folder / "journal.jsonl"))
    return {};
  return RunDirectory::read_specification(folder).objectives;
}

void minimise(Eigen::MatrixXd& points, const std::vector<Objective>& objectives) {
  for (std::size_t i = 0; i < objectives.size() && static_cast<Eigen::Index>(i) < points.cols(); ++i) {
    if (objectives[i].direction == Direction::maximize) points.col(static_cast<Eigen::Index>(i)) *= -1;
  }
}

Eigen::VectorXd reference_point(const IndicatorArguments& arguments, Eigen::Index width,
                                const std::vector<Objective>& objectives) {
  if (arguments.reference.empty())
    throw InvalidInput("--reference", "is missing; " + arguments.indicator + " needs one number per objective");
  const auto numbers = comma_separated_numbers(arguments.reference, "--reference");
  if (width > 0 && static_cast<Eigen::Index>(numbers.size()) != width) {
    throw InvalidInput("--reference", "has " + std::to_string(numbers.size()) + " numbers where the front has " +
                                          std::to_string(width) + " objectives");
  }
  Eigen::MatrixXd point =
      Eigen::Map<const Eigen::RowVectorXd>(numbers.data(), static_cast<Eigen::Index>(numbers.size()));
  minimise(point, objectives);
  return point.row(0);
}

constexpr Eigen::Index most_weights = 10000;  // of R2 for three and more objectives

double value_of(const IndicatorArguments& arguments, const Eigen::MatrixXd& points,
                const std::vector<Objective>& objectives) {
  if (arguments.indicator == "hypervolume")
    return hypervolume(points, reference_point(arguments, points.cols(), objectives));
  if (arguments.indicator == "r2") {
    const Eigen::VectorXd ideal = reference_point(arguments, points.cols(), objectives);
    if (ideal.size() == 2) return r2_exact(points, ideal);
    return r2(points, ideal, simplex_lattice_within(static_cast<int>(ideal.size()), most_weights));
  }
  if (arguments.reference_set.empty())
    throw InvalidInput("--reference-set", "is missing; " + arguments.indicator + " compares with one");
  Eigen::MatrixXd set = read_points(arguments.reference_set);
  minimise(set, objectives);
  if (arguments.indicator == "igd") return igd(points, set);
  if (arguments.indicator == "igd+") return igd_plus(points, set);
  return additive_epsilon(points, set);
}

int indicator(const IndicatorArguments& arguments) {
  const std::vector<Objective> objectives = objectives_of(arguments.front);
  Eigen::MatrixXd points = read_points(arguments.front);
  minimise(points, objectives);
  if (!objectives.empty()) note("directions of the objectives are taken from study.json beside the front");
  const ordered_json json{{"indicator", arguments.indicator}, {"value", value_of(arguments, points, objectives)}};
  print_data(arguments.output, json, [&] { return arguments.indicator + " " + short_text(json.at("value")) + "\n"; });
  return ExitCode::done;
}

}  // namespace

void add_indicator_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<IndicatorArguments>();
  CLI::App* command = app.add_subcommand("indicator", "Quality of a front (all objectives minimised)");
  command->add_option("INDICATOR", arguments->indicator, "hypervolume, igd, igd+, epsilon (additive) or r2")
      ->required()
      ->check(CLI::IsMember({"hypervolume", "igd", "igd+", "epsilon", "r2"}));
  command
      ->add_option("FRONT.json", arguments->front,
                   "Array of points; in a run directory's front.json maximised objectives are turned round, here and "
                   "in the reference")
      ->required();
  command->add_option("--reference", arguments->reference, "Reference point of the hypervolume, ideal point of r2")
      ->type_name("r1,r2,…");
  command
      ->add_option("--reference-set", arguments->reference_set,
                   "Array of points that igd, igd+ and epsilon compare with")
      ->type_name("FILE");
  add_output_options(*command, arguments->output);
  command->callback([&action, arguments] { action = [arguments] { return indicator(*arguments); }; });
}

}  // namespace hyperego::cli
