#include <hyperego/moo/scalarization/penalties.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

using namespace hyperego;

namespace {

constexpr double most = std::numeric_limits<double>::max();

Eigen::VectorXd vector(std::initializer_list<double> values) {
  Eigen::VectorXd result(static_cast<Eigen::Index>(values.size()));
  std::copy(values.begin(), values.end(), result.begin());
  return result;
}

/// Evenly spread over [low, high] in a shuffled order.
Eigen::VectorXd spread(Eigen::Index count, double low, double high) {
  Eigen::VectorXd result(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    result[i] = low + (high - low) * static_cast<double>(7 * i % count) / static_cast<double>(count - 1);
  }
  return result;
}

Eigen::VectorXd joined(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  Eigen::VectorXd result(a.size() + b.size());
  result << a, b;
  return result;
}

void check_untouched(Eigen::VectorXd values) {
  const Eigen::VectorXd before = values;
  CHECK(draw_in_penalties(values) == 0);
  CHECK(values == before);
}

}  // namespace

TEST_CASE("the size of a penalty changes nothing") {
  const Eigen::VectorXd expected = vector({0.1, 0.3, 0.6, 1.1, 0.2, 1.1});  // y(k) = 0.6, range 0.5
  for (const double size : {1e4, 1e10, 1e30, 1e300, most}) {
    Eigen::VectorXd values = vector({0.1, 0.3, 0.6, size, 0.2, size});
    CHECK(draw_in_penalties(values) == 2);
    CHECK(values.isApprox(expected, 1e-15));
  }
}

TEST_CASE("penalties of several sizes, and graded ones, keep their order") {
  Eigen::VectorXd sizes = joined(spread(12, 0, 1), vector({1e10, 1e4, 1e30}));
  CHECK(draw_in_penalties(sizes) == 3);
  CHECK(sizes.tail(3).isApprox(vector({2 + 1.0 / 3, 2, 2 + 2.0 / 3}), 1e-15));
  Eigen::VectorXd graded = joined(spread(12, 0, 1), spread(10, 1e6, 1e6 + 5));
  CHECK(draw_in_penalties(graded) == 10);
  CHECK(graded.maxCoeff() < 3);
}

TEST_CASE("one value that three trials share is a penalty already 30 times as far as the others extend") {
  const Eigen::VectorXd good = spread(12, 100, 1000);
  Eigen::VectorXd shared = joined(good, vector({1e5, 1e5, 1e5}));
  CHECK(draw_in_penalties(shared) == 3);
  CHECK(shared.maxCoeff() == 1900);
  check_untouched(joined(good, vector({1e5, 1e5})));
  check_untouched(joined(good, vector({1e4, 1e4, 1e4})));
  Eigen::VectorXd mostly = joined(vector({0.2, 0.4}), Eigen::VectorXd::Constant(9, 1e6));
  CHECK(draw_in_penalties(mostly) == 9);
}

TEST_CASE("spreads over many decades stay as they are, to the bit") {
  Eigen::VectorXd decades(41);
  for (int i = 0; i < 41; ++i) decades[i] = std::pow(10.0, -4 + 0.25 * i);
  check_untouched(decades);
  Eigen::VectorXd cauchy(99);  // quantiles of a half-Cauchy distribution
  for (int i = 0; i < 99; ++i) cauchy[i] = std::tan(std::acos(-1.0) / 2 * (i + 1) / 100.0);
  check_untouched(cauchy);
  check_untouched(joined(spread(20, 0, 50), Eigen::VectorXd::Constant(3, 400)));
}

TEST_CASE("an objective that reaches 0 in half of its trials has no penalties") {
  for (const double tiny : {0.0, 5e-324, 1e-12}) {
    Eigen::VectorXd reached = Eigen::VectorXd::Zero(20);
    reached[3] = reached[7] = tiny;
    check_untouched(joined(reached, Eigen::VectorXd::Constant(15, 0.1)));
    check_untouched(joined(reached, spread(15, 0.1, 0.7)));
    check_untouched(joined(reached, spread(15, 5, 70)));
  }
}

TEST_CASE("numbers that cannot be squared are drawn in whatever the rest, at either end") {
  Eigen::VectorXd values = vector({-most, 5e-324, most / 2, most, 0.5, 1});
  CHECK(draw_in_penalties(values) == 3);
  CHECK(values.isApprox(vector({-1, 0, 2, 2.5, 0.5, 1}), 1e-15));
  Eigen::VectorXd all = vector({-most, most / 2, most});
  CHECK(draw_in_penalties(all) == 3);
  CHECK(std::isfinite(all.squaredNorm()));
  CHECK(all[0] < all[1]);
  CHECK(all[1] < all[2]);
}

TEST_CASE("of logarithms the gap is judged in logarithms") {
  const std::vector<Objective> objectives{{.name = "time", .transform = Objective::Transform::log}};
  std::vector<std::string> notes;
  Eigen::MatrixXd decades(9, 1);
  decades << 1e-6, 2e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 1e-3, 5;
  CHECK(modelled_objectives(objectives, decades, notes)(8, 0) == std::log(5));
  CHECK(notes.empty());
  Eigen::MatrixXd first;
  for (const double size : {1e5, 1e30, 1e300}) {
    Eigen::MatrixXd penalised(6, 1);
    penalised << 0.1, 0.2, 0.4, 1, size, 0.5;
    const Eigen::MatrixXd modelled = modelled_objectives(objectives, penalised, notes);
    if (first.size() == 0) first = modelled;
    CHECK(modelled == first);
  }
  CHECK(notes.size() == 3);
}

TEST_CASE("the worst value that is no penalty") {
  const Objective small{.name = "small"};
  CHECK(worst_ordinary(small, vector({0.1, 0.7, 1e10, 0.4})) == 0.7);
  CHECK(worst_ordinary(small, vector({0.1, 0.7, 3, 0.4})) == 3);
  CHECK(worst_ordinary(small, vector({-2, 1e10, 1e10, 1e10})) == 0);  // the one ordinary value must lie inside
  CHECK(worst_ordinary(small, vector({most, -most})) == most);
  const Objective time{.name = "time", .transform = Objective::Transform::log};
  CHECK(worst_ordinary(time, vector({0.1, 0.7, 1e10, 0.4})) == 0.7);
  const Objective large{.name = "large", .direction = Direction::maximize};
  CHECK(worst_ordinary(large, vector({-0.1, -0.7, 1e10, -0.4})) == -0.1);
}
