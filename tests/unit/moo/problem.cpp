#include <hyperego/core/error.hpp>
#include <hyperego/moo/problems/registry.hpp>
#include <hyperego/moo/problems/wfg.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace hyperego {
namespace {

Eigen::VectorXd at(const Problem& problem, const std::vector<double>& x) { return problem.evaluate(x); }

/// A user's own problem: only what the concept asks for.
struct Parabolas {
  std::string name() const { return "parabolas"; }
  int number_of_variables() const { return 1; }
  int number_of_objectives() const { return 2; }
  Eigen::VectorXd lower() const { return Eigen::VectorXd::Constant(1, -1.0); }
  Eigen::VectorXd upper() const { return Eigen::VectorXd::Constant(1, width); }
  Eigen::VectorXd evaluate(std::span<const double> x) const {
    return Eigen::Vector2d(x[0] * x[0], (x[0] - 1) * (x[0] - 1));
  }
  double width = 2;
};

TEST_CASE("any type that models the concept is a problem") {
  const Problem problem = Parabolas{};
  const Problem copy = problem;
  CHECK(copy.name() == "parabolas");
  CHECK(copy.upper()(0) == 2);
  CHECK(at(copy, {0.5}) == Eigen::Vector2d(0.25, 0.25));
  CHECK_FALSE(copy.binary());
  CHECK(copy.front_knowledge() == FrontKnowledge::unknown);
  CHECK_FALSE(copy.ideal().has_value());
  CHECK_THROWS_AS(static_cast<void>(copy.pareto_front(10)), InvalidInput);
  CHECK_THROWS_AS(Problem(Parabolas{.width = -2}), InvalidInput);
}

TEST_CASE("points outside the domain are refused by name") {
  const Problem problem = make_problem("zdt1", 2);
  CHECK_THROWS_WITH_AS(at(problem, {0.5, 1.5}), "x[1]: is 1.5; give a value in [0, 1]", InvalidInput);
  CHECK_THROWS_WITH_AS(at(problem, {0.5}), "x: has 1 values; ZDT1 takes 2 variables", InvalidInput);
  CHECK_THROWS_AS(at(problem, {0.5, std::nan("")}), InvalidInput);
  std::vector<double> bits(80, 1.0);
  bits[3] = 0.5;
  CHECK_THROWS_WITH_AS(at(make_problem("ZDT5"), bits), "x[3]: is 0.5; give 0 or 1", InvalidInput);
}

TEST_CASE("values by hand") {
  // ZDT1: g = 1 + 9 · 0.5, f2 = g (1 − √(f1 / g)).
  CHECK(at(make_problem("ZDT1", 3), {0.22, 0.25, 0.75}).isApprox(Eigen::Vector2d(0.22, 5.5 * (1 - 0.2)), 1e-14));
  CHECK(at(make_problem("ZDT2", 2), {0.5, 0}).isApprox(Eigen::Vector2d(0.5, 0.75), 1e-15));
  // ZDT5: all ones is f1 = 1 and the best g, all zeros f1 = 0 and g = 2 a group.
  CHECK(at(make_problem("ZDT5"), std::vector<double>(80, 1.0)).isApprox(Eigen::Vector2d(1, 0), 1e-14));
  CHECK(at(make_problem("ZDT5"), std::vector<double>(80, 0.0))(1) ==
        doctest::Approx((20 - 10 / 31.0) / (10 - 10 / 31.0)));
  // DTLZ1 and 2 on the front and one step off it.
  CHECK(at(make_problem("DTLZ1"), std::vector<double>(7, 0.5)).isApprox(Eigen::Vector3d(0.125, 0.125, 0.25), 1e-14));
  CHECK(at(make_problem("InvertedDTLZ1"), std::vector<double>(7, 0.5))
            .isApprox(Eigen::Vector3d(0.375, 0.375, 0.25), 1e-14));
  CHECK(at(make_problem("ScaledDTLZ1"), std::vector<double>(7, 0.5)).isApprox(Eigen::Vector3d(0.125, 1.25, 25), 1e-14));
  CHECK(at(make_problem("DTLZ2", 2, 2), {1, 1}).isApprox(Eigen::Vector2d(0, 1.25), 1e-14));
  CHECK(at(make_problem("ConvexDTLZ2", 2, 2), {0, 0}).isApprox(Eigen::Vector2d(std::pow(1.25, 4), 0), 1e-14));
  CHECK(at(make_problem("DTLZ7", 2, 2), {0, 0}).isApprox(Eigen::Vector2d(0, 4), 1e-15));
  CHECK(at(make_problem("Kursawe", 2), {0, 0}).isApprox(Eigen::Vector2d(-10, 0), 1e-15));
  CHECK(at(make_problem("OmniTest"), {1.5, 3.5}).isApprox(Eigen::Vector2d(-2, 0), 1e-14));
  CHECK(at(make_problem("SYMPART"), {-1, 0}) == Eigen::Vector2d(0, 4));
  CHECK(at(make_problem("SYMPART"), {9, 10}) == Eigen::Vector2d(0, 4));
}

TEST_CASE("the best distance variables put WFG on its front") {
  // y_i = 0.35 for the distance variables of WFG4 to 7: f² / (2m)² sum to one.
  for (const char* name : {"WFG4", "WFG5", "WFG6", "WFG7"}) {
    CAPTURE(name);
    const Problem problem = make_problem(name, 6, 3);
    std::vector<double> x{0.3, 1.7, 2.2, 5.1, 0.35 * 10, 0.35 * 12};
    const Eigen::VectorXd f = at(problem, x);
    CHECK((f.array() / Eigen::Array3d(2, 4, 6)).square().sum() == doctest::Approx(1).epsilon(1e-9));
  }
}

TEST_CASE("names: any case, suggestions for typing errors") {
  CHECK(problem_names().size() == 30);
  for (const auto& name : problem_names()) CHECK(make_problem(name).name() == name);
  CHECK(make_problem("symPARTrotated").name() == "SYMPARTRotated");
  CHECK_THROWS_WITH_AS(static_cast<void>(make_problem("dtlz22")),
                       "problem: \"dtlz22\" is not a built-in problem; did you mean \"DTLZ2\"?", InvalidInput);
}

TEST_CASE("default sizes") {
  CHECK(make_problem("ZDT3").number_of_variables() == 30);
  CHECK(make_problem("ZDT6").number_of_variables() == 10);
  CHECK(make_problem("ZDT5").binary());
  CHECK(make_problem("DTLZ1").number_of_variables() == 7);
  CHECK(make_problem("DTLZ4", std::nullopt, 5).number_of_variables() == 12);
  CHECK(make_problem("WFG2").number_of_variables() == 10);
  CHECK(make_problem("WFG2").number_of_objectives() == 5);
  CHECK(make_problem("WFG9", std::nullopt, 2).number_of_variables() == 6);
}

TEST_CASE("impossible sizes name the field") {
  const auto where = [](const char* name, std::optional<int> variables, std::optional<int> objectives) -> std::string {
    try {
      static_cast<void>(make_problem(name, variables, objectives));
    } catch (const InvalidInput& error) {
      return error.where();
    }
    return "accepted";
  };
  CHECK(where("ZDT1", 1, std::nullopt) == "variables");
  CHECK(where("ZDT1", 3, 3) == "objectives");
  CHECK(where("ZDT5", 81, std::nullopt) == "variables");
  CHECK(where("ZDT5", 30, std::nullopt) == "variables");
  CHECK(where("DTLZ2", 3, 4) == "variables");
  CHECK(where("DTLZ2", std::nullopt, 1) == "objectives");
  CHECK(where("DTLZ2", 4, 4) == "accepted");
  CHECK(where("WFG1", 8, 5) == "variables");
  CHECK(where("WFG2", 9, 3) == "variables");
  CHECK(where("WFG4", 9, 3) == "accepted");
  CHECK(where("WFG4", std::nullopt, 0) == "objectives");
  CHECK(where("Kursawe", 1, std::nullopt) == "variables");
  CHECK(where("OmniTest", 1, std::nullopt) == "variables");
  CHECK(where("SYMPART", 3, std::nullopt) == "variables");
  CHECK_THROWS_AS(Wfg(4, 10, 3, 5), InvalidInput);
  CHECK(Wfg(4, 10, 3, 6).position_variables() == 6);
}

}  // namespace
}  // namespace hyperego
