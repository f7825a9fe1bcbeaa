#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>

#include "small_graph.hpp"
#include <cmath>
#include <limits>

using hyperego::InvalidInput;
using hyperego::test::SmallGraph;

namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;
using Longs = std::vector<std::int64_t>;
using Ints = std::vector<std::int32_t>;

Floats binary(const std::string& op, const Floats& a, const Floats& b, std::int64_t width) {
  return SmallGraph()
      .input<float>("a", {width})
      .input<float>("b", {width})
      .node(op, {"a", "b"})
      .run<float>(a.size() / static_cast<std::size_t>(width), a, b);
}

Floats unary(const std::string& op, const Floats& x) {
  return SmallGraph().input<float>("x", {1}).node(op, {"x"}).run<float>(x.size(), x);
}

}  // namespace

TEST_CASE("arithmetic on rows of one shape") {
  const Floats a{6, -8, 3, 0.5F};
  const Floats b{2, 4, -3, 0.25F};
  CHECK(binary("Add", a, b, 2) == Floats{8, -4, 0, 0.75F});
  CHECK(binary("Sub", a, b, 2) == Floats{4, -12, 6, 0.25F});
  CHECK(binary("Mul", a, b, 2) == Floats{12, -32, -9, 0.125F});
  CHECK(binary("Div", a, b, 2) == Floats{3, -2, -1, 2});
  CHECK(binary("Max", a, b, 2) == Floats{6, 4, 3, 0.5F});
  CHECK(binary("Min", a, b, 2) == Floats{2, -8, -3, 0.25F});
}

TEST_CASE("maximum and minimum propagate NaN and take any number of arguments") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(std::isnan(binary("Max", {nan}, {1}, 1).front()));
  CHECK(std::isnan(binary("Max", {1}, {nan}, 1).front()));
  CHECK(std::isnan(binary("Min", {nan}, {1}, 1).front()));
  CHECK(std::isnan(binary("Min", {1}, {nan}, 1).front()));
  SmallGraph three;
  three.input<float>("x", {3}).constant<float>("zero", {1}, {0}).constant<float>("row", {3}, {1, 5, 1});
  three.node("Max", {"x", "zero", "row"});
  CHECK(three.run<float>(2, Floats{-1, 2, 3, 7, 8, -9}) == Floats{1, 5, 3, 7, 8, 1});
  CHECK(SmallGraph().input<float>("x", {1}).node("Min", {"x"}).run<float>(2, Floats{4, 5}) == Floats{4, 5});
}

TEST_CASE("broadcasting against constants") {
  SmallGraph scalar;
  scalar.input<float>("x", {2}).constant<float>("c", {}, {10}).node("Sub", {"c", "x"});
  CHECK(scalar.run<float>(2, Floats{1, 2, 3, 4}) == Floats{9, 8, 7, 6});

  SmallGraph row;
  row.input<float>("x", {3}).constant<float>("c", {1, 3}, {1, 2, 3}).node("Mul", {"x", "c"});
  CHECK(row.run<float>(2, Floats{1, 1, 1, 2, 2, 2}) == Floats{1, 2, 3, 2, 4, 6});

  // [N, 2, 1] with [2, 3], as in a periodic layer.
  SmallGraph outer;
  outer.input<float>("x", {2, 1}).constant<float>("c", {2, 3}, {1, 2, 3, 4, 5, 6}).node("Mul", {"c", "x"});
  CHECK(outer.run<float>(2, Floats{1, 10, 2, 0}) == Floats{1, 2, 3, 40, 50, 60, 2, 4, 6, 0, 0, 0});

  // [N, 2, 3] with [3], as a bias.
  SmallGraph bias;
  bias.input<float>("x", {2, 3}).constant<float>("c", {3}, {1, 2, 3}).node("Add", {"c", "x"});
  CHECK(bias.run<float>(1, Floats{0, 0, 0, 10, 10, 10}) == Floats{1, 2, 3, 11, 12, 13});
}

TEST_CASE("broadcasting between computed values") {
  SmallGraph column;
  column.input<float>("x", {3}).input<float>("s", {1}).node("Mul", {"x", "s"});
  CHECK(column.run<float>(2, Floats{1, 2, 3, 4, 5, 6}, Floats{10, -1}) == Floats{10, 20, 30, -4, -5, -6});

  SmallGraph outer;
  outer.input<float>("a", {2, 1}).input<float>("b", {1, 3}).node("Add", {"a", "b"});
  CHECK(outer.run<float>(1, Floats{10, 20}, Floats{1, 2, 3}) == Floats{11, 12, 13, 21, 22, 23});
}

TEST_CASE("broadcasting never touches the batch dimension") {
  SmallGraph vector;
  vector.input<float>("x", {}).constant<float>("c", {3}, {1, 2, 3}).node("Add", {"x", "c"});
  CHECK_THROWS_AS((void)vector.finish<float>(), InvalidInput);
  SmallGraph ranks;
  ranks.input<float>("x", {3}).input<float>("s", {}).node("Add", {"x", "s"});
  CHECK_THROWS_WITH_AS((void)ranks.finish<float>(), doctest::Contains("batch dimension"), InvalidInput);
  SmallGraph misfit;
  misfit.input<float>("x", {3}).constant<float>("c", {2}, {1, 2}).node("Add", {"x", "c"});
  CHECK_THROWS_WITH_AS((void)misfit.finish<float>(), doctest::Contains("broadcast"), InvalidInput);
  SmallGraph types;
  types.input<float>("x", {2}).constant<double>("c", {2}, {1, 2}).node("Add", {"x", "c"});
  CHECK_THROWS_WITH_AS((void)types.finish<float>(), doctest::Contains("float64"), InvalidInput);
}

TEST_CASE("round is half to even in both precisions") {
  CHECK(unary("Round", {-2.5F, -1.5F, -0.5F, 0.5F, 1.5F, 2.5F, 2.4F, 2.6F}) == Floats{-2, -2, 0, 0, 2, 2, 2, 3});
  SmallGraph real;
  real.input<double>("x", {1}).node("Round", {"x"});
  CHECK(real.run<double>(4, Doubles{0.5, 1.5, 2.5, -3.5}) == Doubles{0, 2, 2, -4});
}

TEST_CASE("functions of one argument") {
  CHECK(unary("Neg", {1, -2}) == Floats{-1, 2});
  CHECK(unary("Relu", {1, -2, 0}) == Floats{1, 0, 0});
  CHECK(unary("Abs", {1, -2}) == Floats{1, 2});
  CHECK(unary("Sqrt", {9, 0.25F}) == Floats{3, 0.5F});
  CHECK(unary("Floor", {1.5F, -1.5F}) == Floats{1, -2});
  CHECK(unary("Ceil", {1.5F, -1.5F}) == Floats{2, -1});
  CHECK(unary("Reciprocal", {4, -0.5F}) == Floats{0.25F, -2});
  CHECK(unary("Exp", {0, 1, -1})[1] == doctest::Approx(std::exp(1.0)).epsilon(1e-6));
  CHECK(unary("Log", {1, 10})[1] == doctest::Approx(std::log(10.0)).epsilon(1e-6));
  CHECK(unary("Tanh", {0, 0.5F})[1] == doctest::Approx(std::tanh(0.5)).epsilon(1e-6));
  const Floats s = unary("Sigmoid", {0, 2, -200, 200});
  CHECK(s[0] == 0.5F);
  CHECK(s[1] == doctest::Approx(1 / (1 + std::exp(-2.0))).epsilon(1e-6));
  CHECK(s[2] == 0);
  CHECK(s[3] == 1);
  CHECK_THROWS_AS((void)SmallGraph().input<std::int64_t>("x", {1}).node("Exp", {"x"}).finish<std::int64_t>(),
                  InvalidInput);
}

TEST_CASE("sine and cosine near zero, far away and beyond every range") {
  Floats x;
  for (int i = -2000; i <= 2000; ++i) x.push_back(static_cast<float>(i) * 0.37F);
  for (const float far : {8191.5F, 8193.0F, -1e6F, 3e9F}) x.push_back(far);
  const Floats s = unary("Sin", x);
  const Floats c = unary("Cos", x);
  double worst = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    worst = std::max(worst, std::abs(std::sin(static_cast<double>(x[i])) - static_cast<double>(s[i])));
    worst = std::max(worst, std::abs(std::cos(static_cast<double>(x[i])) - static_cast<double>(c[i])));
  }
  CHECK(worst < 1e-7);
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK(std::isnan(unary("Sin", {infinity}).front()));
  CHECK(std::isnan(unary("Cos", {std::numeric_limits<float>::quiet_NaN()}).front()));
}

TEST_CASE("float64 parts are computed in float64") {
  SmallGraph graph;
  graph.input<float>("x", {1});
  graph.node("Cast", {"x"}, {{"to", std::int64_t{11}}}, "wide");
  graph.constant<double>("tiny", {}, {1e-12});
  graph.node("Add", {"wide", "tiny"}, {}, "sum");
  graph.node("Log", {"sum"}, {}, "log");
  graph.node("Cast", {"log"}, {{"to", std::int64_t{1}}});
  // log(1 + 1e-12) would be 0 in single precision.
  CHECK(graph.run<float>(1, Floats{1}).front() == doctest::Approx(1e-12).epsilon(1e-3));
}

TEST_CASE("integer arithmetic truncates and refuses to divide by zero") {
  SmallGraph graph;
  graph.input<std::int32_t>("a", {1}).input<std::int32_t>("b", {1}).node("Div", {"a", "b"});
  CHECK(graph.run<std::int32_t>(4, Ints{7, -7, 7, std::numeric_limits<std::int32_t>::min()}, Ints{2, 2, -2, -1}) ==
        Ints{3, -3, -3, std::numeric_limits<std::int32_t>::min()});
  CHECK_THROWS_WITH_AS((void)graph.run<std::int32_t>(1, Ints{1}, Ints{0}), doctest::Contains("zero"), InvalidInput);
}

TEST_CASE("cast truncates, clamps and keeps") {
  const auto cast = [](const Floats& x, std::int64_t to) {
    return SmallGraph().input<float>("x", {1}).node("Cast", {"x"}, {{"to", to}}).run<std::int32_t>(x.size(), x);
  };
  CHECK(cast({1.9F, -1.9F, 3e9F, -3e9F, std::numeric_limits<float>::quiet_NaN()}, 6) ==
        Ints{1, -1, 2147483647, -2147483647 - 1, 0});
  SmallGraph wide;
  wide.input<std::int32_t>("x", {2}).node("Cast", {"x"}, {{"to", std::int64_t{7}}});
  CHECK(wide.run<std::int64_t>(1, Ints{3, -4}) == Longs{3, -4});
  SmallGraph same;
  same.input<float>("x", {2}).node("Cast", {"x"}, {{"to", std::int64_t{1}}});
  CHECK(same.run<float>(1, Floats{3, -4}) == Floats{3, -4});
  SmallGraph half;
  half.input<float>("x", {2}).node("Cast", {"x"}, {{"to", std::int64_t{10}}});
  CHECK_THROWS_AS((void)half.finish<float>(), InvalidInput);
}

TEST_CASE("a chain of narrow and wide values on more rows than one block") {
  SmallGraph graph;
  graph.input<float>("x", {3}).constant<std::int64_t>("one", {}, {1}).constant<float>("two", {}, {2});
  graph.node("Gather", {"x", "one"}, {{"axis", std::int64_t{1}}}, "column");
  graph.node("Mul", {"column", "two"}, {}, "doubled");
  graph.constant<std::int64_t>("axes", {1}, {1}).node("Unsqueeze", {"doubled", "axes"}, {}, "back");
  graph.node("Add", {"x", "back"});
  Floats x;
  Floats expected;
  for (int i = 0; i < 250; ++i) {
    const auto v = static_cast<float>(i);
    x.insert(x.end(), {v, v + 1, v + 2});
    expected.insert(expected.end(), {3 * v + 2, 3 * v + 3, 3 * v + 4});
  }
  CHECK(graph.run<float>(250, x) == expected);
}

TEST_CASE("scaled exponential linear units") {
  // Klambauer et al. 2017: γ (α e^x − α) below zero.
  const auto selu = [](const std::map<std::string, hyperego::OnnxAttribute>& attributes) {
    SmallGraph graph;
    return graph.input<float>("x", {3}).node("Selu", {"x"}, attributes).run<float>(1, Floats{-1, 0, 2});
  };
  const Floats plain = selu({});
  CHECK(plain[0] == doctest::Approx(-1.1113307).epsilon(1e-6));
  CHECK(plain[1] == 0);
  CHECK(plain[2] == doctest::Approx(2.1014020).epsilon(1e-6));
  CHECK(selu({{"alpha", 1.0F}, {"gamma", 2.0F}})[0] == doctest::Approx(2 * (std::exp(-1.0) - 1)).epsilon(1e-6));
  SmallGraph wide;
  const std::vector<double> x{-1};
  CHECK(wide.input<double>("x", {1}).node("Selu", {"x"}).run<double>(1, x)[0] == doctest::Approx(-1.1113307371));
  SmallGraph whole;
  whole.input<std::int32_t>("x", {1}).node("Selu", {"x"});
  CHECK_THROWS_AS((void)whole.finish<std::int32_t>(), InvalidInput);
}

TEST_CASE("values are clipped by inputs, by attributes before operator set 11, on either side") {
  const Floats x{-2, 0.5F, 9};
  const auto clip = [&](std::vector<std::string> inputs) {
    SmallGraph graph;
    graph.input<float>("x", {3}).constant<float>("low", {}, {0}).constant<float>("high", {}, {1}).opset(12);
    return graph.node("Clip", std::move(inputs)).run<float>(1, x);
  };
  CHECK(clip({"x", "low", "high"}) == Floats{0, 0.5F, 1});
  CHECK(clip({"x", "low", ""}) == Floats{0, 0.5F, 9});
  CHECK(clip({"x", "", "high"}) == Floats{-2, 0.5F, 1});
  CHECK(clip({"x"}) == x);
  CHECK(clip({"x", "high", "low"}) == Floats{0, 0, 0});  // bounds that cross: the upper one
  SmallGraph old;
  old.input<float>("x", {3}).opset(9).node("Clip", {"x"}, {{"min", -1.0F}});
  CHECK(old.run<float>(1, x) == Floats{-1, 0.5F, 9});
  SmallGraph mixed;
  mixed.input<float>("x", {3}).opset(12).node("Clip", {"x"}, {{"min", -1.0F}});
  CHECK_THROWS_WITH_AS((void)mixed.finish<float>(), doctest::Contains("min"), InvalidInput);
  SmallGraph many;
  many.input<float>("x", {3}).constant<float>("low", {3}, {0, 0, 0}).opset(12).node("Clip", {"x", "low"});
  CHECK_THROWS_AS((void)many.finish<float>(), InvalidInput);
  SmallGraph typed;
  typed.input<float>("x", {3}).constant<double>("low", {}, {0}).opset(12).node("Clip", {"x", "low"});
  CHECK_THROWS_AS((void)typed.finish<float>(), InvalidInput);
}
