#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>

#include <doctest/doctest.h>

#include "small_graph.hpp"
#include <cmath>

using hyperego::InvalidInput;
using hyperego::Rng;
using hyperego::test::SmallGraph;

namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;
using std::int64_t;

Floats random(std::size_t n, const char* purpose) {
  Rng rng(1, purpose);
  Floats values(n);
  for (float& v : values) v = static_cast<float>(rng.normal());
  return values;
}

}  // namespace

TEST_CASE("gemm with its attributes") {
  const Floats x{1, 2, 3, 4};
  SmallGraph plain = SmallGraph().input<float>("x", {2}).constant<float>("w", {2, 3}, {1, 2, 3, 4, 5, 6});
  plain.node("Gemm", {"x", "w"});
  CHECK(plain.run<float>(2, x) == Floats{9, 12, 15, 19, 26, 33});

  SmallGraph full = SmallGraph().input<float>("x", {2}).constant<float>("w", {3, 2}, {1, 4, 2, 5, 3, 6});
  full.constant<float>("b", {1, 3}, {10, 20, 30});
  full.node("Gemm", {"x", "w", "b"}, {{"transB", int64_t{1}}, {"alpha", 2.0F}, {"beta", 0.5F}});
  CHECK(full.run<float>(2, x) == Floats{23, 34, 45, 43, 62, 81});

  SmallGraph wide =
      SmallGraph().input<double>("x", {2}).constant<double>("w", {2, 1}, {1, 1e-12}).constant<double>("b", {}, {1});
  wide.node("Gemm", {"x", "w", "b"});
  CHECK(wide.run<double>(1, Doubles{1, 1}) == Doubles{2 + 1e-12});

  SmallGraph misfit = SmallGraph().input<float>("x", {3}).constant<float>("w", {2, 1}, {1, 1}).node("Gemm", {"x", "w"});
  CHECK_THROWS_AS((void)misfit.finish<float>(), InvalidInput);
  SmallGraph transposed = SmallGraph().input<float>("x", {2}).constant<float>("w", {2, 1}, {1, 1});
  transposed.node("Gemm", {"x", "w"}, {{"transA", int64_t{1}}});
  CHECK_THROWS_WITH_AS((void)transposed.finish<float>(), doctest::Contains("transA"), InvalidInput);
}

TEST_CASE("matmul treats the dimensions between as rows") {
  SmallGraph graph = SmallGraph().input<float>("x", {2, 2}).constant<float>("w", {2, 2}, {1, 10, 100, 1000});
  graph.node("MatMul", {"x", "w"});
  CHECK(graph.run<float>(2, Floats{1, 0, 0, 1, 1, 1, 2, 0}) == Floats{1, 10, 100, 1000, 101, 1010, 2, 20});
  // A window of wider rows.
  SmallGraph window =
      SmallGraph().input<float>("x", {3, 2}).constant<int64_t>("s", {1}, {1}).constant<int64_t>("e", {1}, {3});
  window.constant<int64_t>("a", {1}, {1}).node("Slice", {"x", "s", "e", "a"}, {}, "part");
  window.constant<float>("w", {2, 1}, {1, 10}).node("MatMul", {"part", "w"});
  CHECK(window.run<float>(2, Floats{9, 9, 1, 2, 3, 4, 9, 9, 5, 6, 7, 8}) == Floats{21, 43, 65, 87});
}

TEST_CASE("products of every size agree with plain sums, and rows do not depend on their company") {
  // Sizes around the tile of every instruction set: rows 1 … 30, columns beside multiples of 8, 16, 32 and 128.
  for (const int64_t outputs : {1, 7, 31, 32, 33, 63, 65, 127, 128, 130, 257}) {
    const int64_t inputs = 37;
    const Floats w = random(static_cast<std::size_t>(inputs * outputs), "weights");
    const Floats b = random(static_cast<std::size_t>(outputs), "bias");
    SmallGraph graph = SmallGraph().input<float>("x", {inputs}).constant<float>("w", {inputs, outputs}, w);
    graph.constant<float>("b", {outputs}, b).node("Gemm", {"x", "w", "b"});
    for (const std::size_t rows : {1U, 2U, 5U, 6U, 12U, 13U, 19U, 30U, 100U}) {
      const Floats x = random(rows * static_cast<std::size_t>(inputs), "rows");
      const Floats y = graph.run<float>(rows, x);
      double worst = 0;
      for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t j = 0; j < static_cast<std::size_t>(outputs); ++j) {
          double sum = b[j];
          for (std::size_t k = 0; k < static_cast<std::size_t>(inputs); ++k) {
            sum += static_cast<double>(x[r * static_cast<std::size_t>(inputs) + k]) *
                   w[k * static_cast<std::size_t>(outputs) + j];
          }
          worst = std::max(worst, std::abs(sum - y[r * static_cast<std::size_t>(outputs) + j]));
        }
      }
      CHECK(worst < 2e-5);
      const Floats last(x.end() - inputs, x.end());
      const Floats alone = graph.run<float>(1, last);
      CHECK(std::equal(alone.begin(), alone.end(), y.end() - outputs));
    }
  }
}

TEST_CASE("batch normalisation with the statistics of training") {
  SmallGraph graph = SmallGraph().input<float>("x", {2, 2});
  graph.constant<float>("gamma", {2}, {2, 1}).constant<float>("beta", {2}, {1, 0});
  graph.constant<float>("mean", {2}, {3, 0}).constant<float>("variance", {2}, {3, 0});
  graph.node("BatchNormalization", {"x", "gamma", "beta", "mean", "variance"}, {{"epsilon", 1.0F}, {"momentum", 0.9F}});
  // (x − 3) / √4 · 2 + 1 in the first channel, x / √1 in the second.
  CHECK(graph.run<float>(2, Floats{3, 4, 5, 6, 0, 1, -1, 2}) == Floats{1, 2, 5, 6, -2, -1, -1, 2});
  SmallGraph training = SmallGraph().input<float>("x", {1}).constant<float>("c", {1}, {1});
  training.node("BatchNormalization", {"x", "c", "c", "c", "c"}, {{"training_mode", int64_t{1}}});
  CHECK_THROWS_AS((void)training.finish<float>(), InvalidInput);
}
