#include <hyperego/core/rng.hpp>
#include <hyperego/moo/front/hypervolume.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace hyperego {
namespace {

enum class Kind { uniform, sphere, coarse };

/// In [0, 1)^m: dominated points among others, a front, or values with many ties and equal points.
Eigen::MatrixXd draw(Rng& rng, Kind kind, Eigen::Index count, Eigen::Index objectives) {
  Eigen::MatrixXd points(count, objectives);
  for (double& value : points.reshaped()) {
    value = kind == Kind::uniform  ? rng.uniform()
            : kind == Kind::sphere ? std::abs(rng.normal())
                                   : 0.25 * static_cast<double>(rng.below(4));
  }
  if (kind == Kind::sphere) points.rowwise().normalize();
  return points;
}

/// Volume of the union of the boxes by inclusion and exclusion over all subsets.
double by_inclusion_exclusion(const Eigen::MatrixXd& points, const Eigen::VectorXd& reference) {
  double sum = 0;
  for (unsigned subset = 1; subset < 1U << static_cast<unsigned>(points.rows()); ++subset) {
    Eigen::VectorXd corner = Eigen::VectorXd::Constant(points.cols(), -1e300);
    bool odd = false;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      if ((subset >> static_cast<unsigned>(i) & 1U) == 0) continue;
      corner = corner.cwiseMax(points.row(i).transpose());
      odd = !odd;
    }
    const double volume = (reference - corner).cwiseMax(0.0).prod();
    sum += odd ? volume : -volume;
  }
  return sum;
}

/// The plain recursion of WFG without any special case: exclusive volumes of limited sets.
double by_recursion(const Eigen::MatrixXd& points, const Eigen::VectorXd& reference) {
  double sum = 0;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    Eigen::MatrixXd limited = points.topRows(i);
    for (Eigen::Index j = 0; j < i; ++j) limited.row(j) = limited.row(j).cwiseMax(points.row(i));
    // Equal rows after limiting only cost time; drop those that equal an earlier one.
    std::vector<Eigen::Index> distinct;
    for (Eigen::Index j = 0; j < i; ++j) {
      const bool covered = std::any_of(distinct.begin(), distinct.end(), [&](Eigen::Index k) {
        return (limited.row(k).array() <= limited.row(j).array()).all();
      });
      if (!covered) distinct.push_back(j);
    }
    const double box = (reference - points.row(i).transpose()).cwiseMax(0.0).prod();
    sum += box - by_recursion(limited(distinct, Eigen::all), reference);
  }
  return sum;
}

template <typename Check>
void for_random_sets(Eigen::Index most_objectives, Eigen::Index count, Check check) {
  for (Eigen::Index m = 1; m <= most_objectives; ++m) {
    for (const Kind kind : {Kind::uniform, Kind::sphere, Kind::coarse}) {
      for (std::uint64_t repeat = 0; repeat < 4; ++repeat) {
        Rng rng(repeat, "test.hypervolume", static_cast<std::uint64_t>(m * 3 + static_cast<int>(kind)));
        CAPTURE(m);
        CAPTURE(static_cast<int>(kind));
        CAPTURE(repeat);
        check(rng, draw(rng, kind, count, m), Eigen::VectorXd(Eigen::VectorXd::Constant(m, 0.95)));
      }
    }
  }
}

doctest::Approx nearly(double value) { return doctest::Approx(value).epsilon(1e-11); }

TEST_CASE("hypervolume agrees with inclusion and exclusion") {
  for_random_sets(9, 8, [](Rng&, const Eigen::MatrixXd& points, const Eigen::VectorXd& reference) {
    CHECK(std::abs(hypervolume(points, reference) - by_inclusion_exclusion(points, reference)) <= 1e-12);
  });
}

TEST_CASE("hypervolume agrees with the plain recursion") {
  for_random_sets(6, 30, [](Rng&, const Eigen::MatrixXd& points, const Eigen::VectorXd& reference) {
    CHECK(hypervolume(points, reference) == nearly(by_recursion(points, reference)));
  });
}

TEST_CASE("hypervolume of larger sets agrees with Monte Carlo") {
  for (Eigen::Index m = 2; m <= 8; ++m) {
    Rng rng(3, "test.hypervolume.monte_carlo", static_cast<std::uint64_t>(m));
    const Eigen::MatrixXd points = draw(rng, Kind::sphere, 60, m);
    constexpr int samples = 20000;
    int hits = 0;
    for (int s = 0; s < samples; ++s) {
      const Eigen::RowVectorXd x = Eigen::RowVectorXd::NullaryExpr(m, [&] { return rng.uniform(); });
      hits += ((points.rowwise() - x).array() <= 0).rowwise().all().any() ? 1 : 0;
    }
    const double volume = hypervolume(points, Eigen::VectorXd::Ones(m));
    const double deviation = std::sqrt(volume * (1 - volume) / samples);
    CAPTURE(m);
    CHECK(std::abs(static_cast<double>(hits) / samples - volume) < 4 * deviation);
  }
}

TEST_CASE("hypervolume does not depend on order and repetition") {
  for_random_sets(8, 25, [](Rng& rng, const Eigen::MatrixXd& points, const Eigen::VectorXd& reference) {
    const double volume = hypervolume(points, reference);
    std::vector<Eigen::Index> order(static_cast<std::size_t>(points.rows()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
    order.insert(order.end(), {0, 5, 5, 24});
    CHECK(hypervolume(points(order, Eigen::all), reference) == nearly(volume));
  });
}

TEST_CASE("hypervolume moves and scales with its axes") {
  for_random_sets(8, 25, [](Rng& rng, const Eigen::MatrixXd& points, const Eigen::VectorXd& reference) {
    const double volume = hypervolume(points, reference);
    const Eigen::VectorXd shift = Eigen::VectorXd::NullaryExpr(reference.size(), [&] { return rng.normal(); });
    const Eigen::VectorXd scale =
        Eigen::VectorXd::NullaryExpr(reference.size(), [&] { return std::exp(3 * rng.normal()); });
    CHECK(hypervolume(points.rowwise() + shift.transpose(), reference + shift) == nearly(volume));
    CHECK(hypervolume(points * scale.asDiagonal(), reference.cwiseProduct(scale)) == nearly(volume * scale.prod()));
  });
}

TEST_CASE("a new point raises the hypervolume by its improvement, and contributions are what removal costs") {
  for_random_sets(7, 20, [](Rng&, const Eigen::MatrixXd& points, const Eigen::VectorXd& reference) {
    const double whole = hypervolume(points, reference);
    const double before = hypervolume(points.topRows(19), reference);
    CHECK(whole >= before * (1 - 1e-12));
    CHECK(std::abs(whole - before - hypervolume_improvement(points.row(19), points.topRows(19), reference)) <= 1e-12);
    const Eigen::VectorXd contributions = hypervolume_contributions(points, reference);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      Eigen::MatrixXd others(19, points.cols());
      others << points.topRows(i), points.bottomRows(19 - i);
      CHECK(std::abs(contributions(i) - (whole - hypervolume(others, reference))) <= 1e-12);
    }
  });
}

}  // namespace
}  // namespace hyperego
