#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/problems/detail/record_segments.hpp>
#include <hyperego/moo/problems/registry.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

namespace hyperego {
namespace {

TEST_CASE("record segments of a wave") {
  // cos 2πx over [0, 1.25]: falls to −1 at 1/2 and never lower.
  const auto wave = [](double x) { return std::cos(2 * std::numbers::pi * x); };
  const auto segments = detail::record_segments(wave, 0, 1.25);
  REQUIRE(segments.size() == 1);
  CHECK(segments[0].second == doctest::Approx(0.5).epsilon(1e-7));
  // Tilted by −x, the second fall starts where it passes the first minimum.
  const auto tilted = [&](double x) { return wave(x) - x; };
  const auto two = detail::record_segments(tilted, 0, 2);
  REQUIRE(two.size() == 2);
  CHECK(tilted(two[1].first) == doctest::Approx(tilted(two[0].second)).epsilon(1e-12));
  const Eigen::VectorXd spread = detail::spread_over({{0, 1}, {3, 4}}, 5);
  CHECK(spread == (Eigen::VectorXd(5) << 0, 0.5, 1, 3.5, 4).finished());
}

TEST_CASE("every known front is non-dominated and lies between ideal and nadir") {
  for (const auto& name : problem_names()) {
    const Problem by_default = make_problem(name);
    if (by_default.front_knowledge() == FrontKnowledge::unknown) continue;
    std::vector<Problem> problems{by_default};
    const bool scalable = name.find("DTLZ") != std::string::npos || name.starts_with("WFG");
    if (scalable)
      problems = {make_problem(name, std::nullopt, 2), make_problem(name, std::nullopt, 3),
                  make_problem(name, std::nullopt, 4)};
    for (const Problem& problem : problems) {
      CAPTURE(name);
      CAPTURE(problem.number_of_objectives());
      const Eigen::MatrixXd front = problem.pareto_front(150);
      REQUIRE(front.rows() >= 2);
      CHECK(front.rows() <= 150);
      CHECK(non_dominated(front).size() == static_cast<std::size_t>(front.rows()));
      const Eigen::VectorXd range = *problem.nadir() - *problem.ideal();
      CHECK(((front.rowwise() - problem.ideal()->transpose()).array() >= -1e-12).all());
      CHECK(((front.rowwise() - problem.nadir()->transpose()).array() <= 1e-12 * range.maxCoeff()).all());
      // The extremes are reached.
      const double scale = range.maxCoeff();
      CHECK((front.colwise().minCoeff().transpose() - *problem.ideal()).cwiseAbs().maxCoeff() <= 1e-9 * scale);
      CHECK((front.colwise().maxCoeff().transpose() - *problem.nadir()).cwiseAbs().maxCoeff() <= 1e-9 * scale);
    }
  }
}

}  // namespace
}  // namespace hyperego
