#include <hyperego/core/rng.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/front/pareto_archive.hpp>

#include <doctest/doctest.h>

#include <algorithm>

namespace hyperego {
namespace {

/// Coarse values, so that ties and equal points are frequent.
Eigen::MatrixXd coarse_points(Rng& rng, Eigen::Index count, Eigen::Index objectives) {
  return Eigen::MatrixXd::NullaryExpr(count, objectives, [&] { return static_cast<double>(rng.below(6)); });
}

TEST_CASE("filter, sorting and archive agree with the definition") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed, "test.pareto");
    const auto objectives = static_cast<Eigen::Index>(1 + seed % 5);
    const Eigen::MatrixXd points = coarse_points(rng, 40, objectives);
    std::vector<Eigen::Index> expected;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      bool dominated = false;
      for (Eigen::Index j = 0; j < points.rows(); ++j)
        dominated = dominated || dominates(points.row(j).transpose(), points.row(i).transpose());
      if (!dominated) expected.push_back(i);
    }
    CHECK(non_dominated(points) == expected);

    ParetoArchive archive(static_cast<int>(objectives));
    std::size_t evicted = 0;
    std::size_t entered = 0;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      const auto addition = archive.add(static_cast<ParetoArchive::Id>(i), points.row(i).transpose());
      evicted += addition.evicted.size();
      entered += addition.entered ? 1 : 0;
    }
    CHECK(entered - evicted == archive.size());
    std::vector<Eigen::Index> members;
    for (const auto& member : archive.front()) members.push_back(static_cast<Eigen::Index>(member.id));
    std::sort(members.begin(), members.end());
    CHECK(members == expected);

    // Peeling off the filter's result again and again gives the fronts.
    std::vector<Eigen::Index> rest(static_cast<std::size_t>(points.rows()));
    for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = static_cast<Eigen::Index>(i);
    for (const auto& front : non_dominated_sort(points)) {
      std::vector<Eigen::Index> peeled;
      for (const Eigen::Index i : non_dominated(points(rest, Eigen::all)))
        peeled.push_back(rest[static_cast<std::size_t>(i)]);
      CHECK(front == peeled);
      std::erase_if(rest, [&](Eigen::Index i) { return std::binary_search(peeled.begin(), peeled.end(), i); });
    }
    CHECK(rest.empty());
  }
}

}  // namespace
}  // namespace hyperego
