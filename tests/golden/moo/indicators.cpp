#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/moo/front/indicators.hpp>

#include <doctest/doctest.h>

#include "golden/moo/json_matrix.hpp"
#include "shared_data.hpp"
#include <cmath>
#include <string>

namespace hyperego {
namespace {

using test::to_matrix;
using test::to_vector;

void check_close(double value, double golden, double tolerance, const std::string& what) {
  INFO(what << ": " << value << " against " << golden);
  CHECK(std::abs(value - golden) <= tolerance);
}

void check_case(const nlohmann::ordered_json& entry) {
  const std::string name = entry.at("name");
  CAPTURE(name);
  const Eigen::MatrixXd points = to_matrix(entry.at("points"));
  const Eigen::VectorXd reference = to_vector(entry.at("reference"));
  const double golden = entry.at("hypervolume");
  check_close(hypervolume(points, reference), golden, 1e-10 * golden, "hypervolume");
  if (entry.contains("hypervolume_contributions")) {
    const Eigen::VectorXd expected = to_vector(entry.at("hypervolume_contributions"));
    const Eigen::VectorXd contributions = hypervolume_contributions(points, reference);
    REQUIRE(contributions.size() == expected.size());
    check_close((contributions - expected).cwiseAbs().maxCoeff(), 0, 1e-10 * golden, "largest error of a contribution");
  }
  const Eigen::MatrixXd front = to_matrix(entry.at("comparison_front"));
  const double scale = std::max(1.0, front.cwiseAbs().maxCoeff());
  check_close(igd(points, front), entry.at("igd"), 1e-12 * scale, "IGD");
  check_close(igd_plus(points, front), entry.at("igd_plus"), 1e-12 * scale, "IGD+");
  check_close(additive_epsilon(points, front), entry.at("epsilon_additive"), 1e-12 * scale, "additive epsilon");
  if (entry.contains("r2_exact")) {
    const double r2 = entry.at("r2_exact");
    check_close(r2_exact(points, to_vector(entry.at("r2_ideal"))), r2, 1e-10 * std::max(1.0, std::abs(r2)), "R2");
  }
}

TEST_CASE("indicators agree with moocore and pagmo") {
  for (int m = 2; m <= 8; ++m) {
    const std::string file = "golden/indicators/indicators_m" + std::to_string(m) + ".json";
    if (!test::have_shared(file, "golden indicators")) continue;
    CAPTURE(file);
    const auto golden = test::read_shared(file);
    REQUIRE_FALSE(golden.at("cases").empty());
    for (const auto& entry : golden.at("cases")) check_case(entry);
  }
}

}  // namespace
}  // namespace hyperego
