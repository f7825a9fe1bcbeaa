#include <hyperego/moo/front/indicators.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/problems/registry.hpp>

#include <doctest/doctest.h>

#include "golden/moo/json_matrix.hpp"
#include "shared_data.hpp"
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace hyperego {
namespace {

using test::to_matrix;
using test::to_vector;

double evaluate_error(const Problem& problem, const nlohmann::ordered_json& point) {
  const auto x = point.at("x").get<std::vector<double>>();
  const Eigen::VectorXd golden = to_vector(point.at("f"));
  return ((problem.evaluate(x) - golden).array().abs() / golden.array().abs().max(1)).maxCoeff();
}

void check_values(const Problem& problem, const nlohmann::ordered_json& golden) {
  REQUIRE(golden.at("points").size() == 14);
  for (const auto& point : golden.at("points")) CHECK(evaluate_error(problem, point) <= 1e-9);
  for (const auto& point : golden.at("edge_points")) {
    CAPTURE(point.at("label").get<std::string>());
    if (!point.at("sensitive").get<bool>()) CHECK(evaluate_error(problem, point) <= 1e-9);
  }
}

void check_parameters(const Problem& problem, const nlohmann::ordered_json& golden) {
  const auto parameters = problem.parameters();
  CHECK(parameters.size() == golden.size());
  for (const auto& parameter : parameters) {
    const auto& [name, value] = parameter;
    CAPTURE(parameter.first);
    REQUIRE(golden.contains(name));
    const auto& expected = golden.at(name);
    CHECK(value == (expected.is_boolean() ? (expected.get<bool>() ? 1.0 : 0.0) : expected.get<double>()));
  }
}

/// The largest distance of a row of `theirs` to the nearest row of `ours`.
double farthest_from(const Eigen::MatrixXd& ours, const Eigen::MatrixXd& theirs) {
  double farthest = 0;
  for (Eigen::Index i = 0; i < theirs.rows(); ++i) farthest = std::max(farthest, igd(ours, theirs.row(i)));
  return farthest;
}

bool on_lattice(const std::string& name) {
  if (name.starts_with("WFG")) return name >= "WFG4";
  return name.find("DTLZ") != std::string::npos && name != "DTLZ5" && name != "DTLZ6" && name != "DTLZ7";
}

/// Every golden point has one of ours near it and every one of ours lies on the same surface: no golden point is
/// dominated by ours by more than rounding, and ours are not dominated by golden ones either.
void check_front(const Problem& problem, const nlohmann::ordered_json& golden) {
  if (golden.at("kind") == "approximation") return;
  CHECK(problem.front_knowledge() ==
        (golden.at("kind") == "exact" ? FrontKnowledge::exact : FrontKnowledge::conventional));
  const Eigen::MatrixXd expected = to_matrix(golden.at("points"));
  const Eigen::VectorXd ideal = to_vector(golden.at("ideal"));
  const Eigen::VectorXd nadir = to_vector(golden.at("nadir"));
  // ZDT3, DTLZ7 and the like list the ends of their segments to a few digits only.
  const double tolerance = golden.at("ideal_nadir") == "analytic" ? 1e-12 : 1e-4;
  REQUIRE(problem.ideal().has_value());
  REQUIRE(problem.nadir().has_value());
  CHECK(((*problem.ideal() - ideal).array().abs() / (nadir - ideal).array()).maxCoeff() <= tolerance);
  CHECK(((*problem.nadir() - nadir).array().abs() / (nadir - ideal).array()).maxCoeff() <= tolerance);

  const bool many = problem.number_of_objectives() > 3;
  const Eigen::MatrixXd front = problem.pareto_front(many ? 4096 : 2000);
  CHECK(non_dominated(front).size() == static_cast<std::size_t>(front.rows()));
  const auto scaled = [&](const Eigen::MatrixXd& points) -> Eigen::MatrixXd {
    return (points.rowwise() - ideal.transpose()).array().rowwise() / (nadir - ideal).transpose().array();
  };
  const Eigen::MatrixXd ours = scaled(front);
  const Eigen::MatrixXd theirs = scaled(expected);
  double most_dominated = 0;  // positive when one of ours is better than a golden point in every objective
  for (Eigen::Index i = 0; i < theirs.rows(); ++i) {
    most_dominated =
        std::max(most_dominated, (theirs.row(i).replicate(ours.rows(), 1) - ours).rowwise().minCoeff().maxCoeff());
  }
  const std::string name = problem.name();
  // The golden WFG2 fronts come from a grid, whose non-dominated points reach a little beyond the true segments.
  CHECK(most_dominated <= (name == "WFG2" ? 1e-4 : 1e-8));

  if (on_lattice(name)) {
    // Both are the same lattice, so the same points come out.
    CHECK(farthest_from(scaled(problem.pareto_front(theirs.rows())), theirs) <= 1e-12);
  } else {
    // ZDT5 has 31 points, where pymoo lists the curve through them; with five objectives a grid in the variables is
    // coarse.
    CHECK(farthest_from(ours, theirs) <= (name == "ZDT5" ? 0.26 : many ? 0.2 : 0.03));
  }
}

std::vector<std::filesystem::path> problem_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(test::shared_data() / "golden/problems")) {
    if (entry.path().extension() == ".json") files.push_back("golden/problems" / entry.path().filename());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST_CASE("test problems agree with pymoo") {
  if (!test::have_shared("golden/problems", "golden problems")) return;
  const auto files = problem_files();
  CHECK(files.size() == 54);
  for (const auto& file : files) {
    CAPTURE(file);
    const auto golden = test::read_shared(file);
    const std::string name = golden.at("problem");
    const Problem problem = make_problem(name, golden.at("n_var").get<int>(), golden.at("n_obj").get<int>());
    CHECK(problem.name() == name);
    CHECK(problem.binary() == (golden.at("variable_type") == "binary"));
    CHECK(problem.lower() == to_vector(golden.at("lower")));
    CHECK(problem.upper() == to_vector(golden.at("upper")));
    check_parameters(problem, golden.at("params"));
    check_values(problem, golden);
    check_front(problem, golden.at("pareto_front"));
  }
}

}  // namespace
}  // namespace hyperego
