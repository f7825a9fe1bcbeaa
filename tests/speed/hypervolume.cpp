// Time of one exact hypervolume, one thread. Arguments: objectives, points. Sets: random points on the unit sphere
// (concave front), on the simplex (linear) and on one minus the sphere (convex), all minimised, reference 1.1.
// benchmark/peers/hypervolume.py times moocore on sets drawn in the same way.
#include <hyperego/core/rng.hpp>
#include <hyperego/moo/front/hypervolume.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

namespace {

enum class Front { sphere, simplex, convex };

Eigen::MatrixXd draw(Front front, Eigen::Index objectives, Eigen::Index count, std::uint64_t index) {
  hyperego::Rng rng(1, "bench.hypervolume", index);
  Eigen::MatrixXd points(count, objectives);
  for (Eigen::Index i = 0; i < count; ++i) {
    for (Eigen::Index c = 0; c < objectives; ++c) {
      points(i, c) = front == Front::simplex ? rng.exponential() : std::abs(rng.normal());
    }
    points.row(i) /= front == Front::simplex ? points.row(i).sum() : points.row(i).norm();
  }
  return front == Front::convex ? Eigen::MatrixXd(1 - points.array()) : points;
}

void hypervolume(benchmark::State& state, Front front) {
  const auto objectives = state.range(0);
  std::vector<Eigen::MatrixXd> sets;
  for (std::uint64_t i = 0; i < 5; ++i) sets.push_back(draw(front, objectives, state.range(1), i));
  const Eigen::VectorXd reference = Eigen::VectorXd::Constant(objectives, 1.1);
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(hyperego::hypervolume(sets[next++ % sets.size()], reference));
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->Unit(benchmark::kMillisecond);
  for (const auto& [objectives, points] :
       {std::pair{2, 1000}, {3, 1000}, {4, 500}, {5, 300}, {6, 200}, {7, 150}, {8, 100}}) {
    bench->Args({objectives, points});
  }
}

BENCHMARK_CAPTURE(hypervolume, sphere, Front::sphere)->Apply(sizes);
BENCHMARK_CAPTURE(hypervolume, simplex, Front::simplex)->Apply(sizes);
BENCHMARK_CAPTURE(hypervolume, convex, Front::convex)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
