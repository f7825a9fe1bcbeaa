#include <hyperego/core/error.hpp>
#include <hyperego/moo/problems/registry.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace hyperego {
namespace {

/// The point of `problem` whose relevant variables are `inner`, the others at the share `other` of [0, 1].
std::vector<double> among_others(const Problem& problem, const std::vector<double>& inner, double other) {
  std::vector<double> x(static_cast<std::size_t>(problem.number_of_variables()), other);
  const std::vector<int> relevant = problem.relevant();
  for (std::size_t i = 0; i < inner.size(); ++i) x[static_cast<std::size_t>(relevant[i])] = inner[i];
  return x;
}

Eigen::VectorXd values_at(const Problem& problem, const std::vector<double>& x) { return problem.evaluate(x); }

std::string complaint_about(const char* name, std::optional<int> variables, std::optional<int> objectives,
                            const Embedding& embedding) {
  try {
    static_cast<void>(make_problem(name, variables, objectives, embedding));
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("relevant variables are those of the original problem, the others change nothing") {
  const Problem original = make_problem("WFG4", 6, 2);
  const Problem embedded = make_problem("wfg4", 50, 2, {.relevant = 6});
  CHECK(embedded.name() == "WFG4");
  CHECK(embedded.number_of_variables() == 50);
  REQUIRE(embedded.relevant().size() == 6);
  const std::vector<int> relevant = embedded.relevant();
  CHECK(std::is_sorted(relevant.begin(), relevant.end()));
  const std::vector<double> inner{0.3, 1.7, 2.2, 5.1, 4.4, 12};  // within [0, 2i]
  const Eigen::VectorXd values = original.evaluate(inner);
  CHECK(embedded.evaluate(among_others(embedded, inner, 0)) == values);
  CHECK(embedded.evaluate(among_others(embedded, inner, 1)) == values);
  CHECK(embedded.pareto_front(20) == original.pareto_front(20));
  CHECK(*embedded.nadir() == *original.nadir());
  for (int i = 0, k = 0; i < 50; ++i) {
    const bool matters = k < 6 && relevant[static_cast<std::size_t>(k)] == i;
    CHECK(embedded.upper()[i] == (matters ? 2.0 * (k + 1) : 1.0));
    if (matters) ++k;
  }
}

TEST_CASE("relevant variables are spread in the same places, fewer among those of more") {
  const std::vector<int> six = make_problem("ZDT1", 50, std::nullopt, {.relevant = 6}).relevant();
  const std::vector<int> seven = make_problem("ZDT1", 50, std::nullopt, {.relevant = 7}).relevant();
  CHECK(std::includes(seven.begin(), seven.end(), six.begin(), six.end()));
  CHECK(six.back() - six.front() > 25);                   // not side by side
  CHECK(six == std::vector<int>{8, 13, 17, 18, 26, 40});  // results depend on it: it must never change
  CHECK(make_problem("ZDT1", 5, std::nullopt, {.relevant = 5}).relevant() == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("a shift moves ends and middle to where they are said to be, and is onto") {
  const double s = 0.1;
  const Problem original = make_problem("DTLZ2", 4, 2);
  const Problem shifted = make_problem("DTLZ2", 4, 2, {.shift = s});
  // Shares 0, 1/2 and 1 of the original; every second variable is mirrored.
  const Eigen::VectorXd at_middle = values_at(shifted, {s, 1 - s - 1 / 3.0, s + 1 / 3.0, 1 - s - 1 / 3.0});
  CHECK(at_middle.isApprox(values_at(original, {0, 0.5, 0.5, 0.5}), 1e-12));
  const Eigen::VectorXd at_ends = values_at(shifted, {s + 2 / 3.0, 1 - s, s + 2 / 3.0, 1 - s - 2 / 3.0});
  CHECK(at_ends.isApprox(values_at(original, {1.0, 0, 1, 1}), 1e-12));
  CHECK_FALSE(
      values_at(shifted, std::vector<double>(4, 0.5)).isApprox(values_at(original, std::vector<double>(4, 0.5)), 0.01));
  // Smooth at the optimum: a small step costs its square.
  const Problem zdt = make_problem("ZDT1", 2, std::nullopt, {.shift = s});
  const auto f2 = [&](double step) { return values_at(zdt, {s, 1 - s + step})[1]; };
  CHECK((f2(1e-3) - f2(0)) / (f2(2e-3) - f2(0)) == doctest::Approx(0.25).epsilon(1e-3));
  CHECK(f2(1e-3) == doctest::Approx(f2(-1e-3)).epsilon(1e-9));
}

TEST_CASE("what an embedding cannot be names the member") {
  CHECK(complaint_about("ZDT1", 5, std::nullopt, {.relevant = 6}) == "relevant: is 6, more than the 5 variables");
  CHECK(complaint_about("DTLZ2", 50, 3, {.relevant = 2}).rfind("relevant: ", 0) == 0);
  CHECK(complaint_about("WFG4", 50, 1, {.relevant = 6}).rfind("objectives: ", 0) == 0);
  CHECK(complaint_about("ZDT1", 5, std::nullopt, {.shift = 0.4}) == "shift: is 0.4; give a number in [0, 0.33]");
  CHECK(complaint_about("ZDT1", 5, std::nullopt, {.shift = std::nan("")}).rfind("shift: ", 0) == 0);
  CHECK(complaint_about("ZDT5", std::nullopt, std::nullopt, {.shift = 0.1}).rfind("shift: ", 0) == 0);
  CHECK(complaint_about("ZDT5", 80, std::nullopt, {.relevant = 35}) == "accepted");
  CHECK(complaint_about("SYMPART", 20, std::nullopt, {.relevant = 2}) == "accepted");
}

}  // namespace hyperego
