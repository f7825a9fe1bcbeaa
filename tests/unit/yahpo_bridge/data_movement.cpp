#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>

#include "small_graph.hpp"

using hyperego::InvalidInput;
using hyperego::test::SmallGraph;

namespace {

using Floats = std::vector<float>;
using Longs = std::vector<std::int64_t>;
using Ints = std::vector<std::int32_t>;
using std::int64_t;

const Floats two_by_three{1, 2, 3, 4, 5, 6};  // one row of shape [2, 3]

SmallGraph on_matrix() { return SmallGraph().input<float>("x", {2, 3}); }

Floats slice(const Longs& starts, const Longs& ends, const Longs& axes, const Longs& steps) {
  const auto n = static_cast<int64_t>(starts.size());
  SmallGraph graph = on_matrix();
  graph.constant<int64_t>("s", {n}, starts).constant<int64_t>("e", {n}, ends);
  graph.constant<int64_t>("a", {n}, axes).constant<int64_t>("t", {n}, steps);
  return graph.node("Slice", {"x", "s", "e", "a", "t"}).run<float>(1, two_by_three);
}

}  // namespace

TEST_CASE("gather picks columns; a scalar index drops the axis, a list keeps it") {
  SmallGraph scalar = SmallGraph().input<float>("x", {3}).constant<int64_t>("i", {}, {-1});
  scalar.node("Gather", {"x", "i"}, {{"axis", int64_t{1}}});
  CHECK(scalar.run<float>(2, Floats{1, 2, 3, 4, 5, 6}) == Floats{3, 6});

  SmallGraph list = SmallGraph().input<float>("x", {3}).constant<int64_t>("i", {3}, {2, 0, -3});
  list.node("Gather", {"x", "i"}, {{"axis", int64_t{-1}}});
  CHECK(list.run<float>(2, Floats{1, 2, 3, 4, 5, 6}) == Floats{3, 1, 1, 6, 4, 4});

  SmallGraph inner = on_matrix().constant<int64_t>("i", {}, {1});
  inner.node("Gather", {"x", "i"}, {{"axis", int64_t{2}}});
  CHECK(inner.run<float>(2, Floats{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}) == Floats{2, 5, 8, 11});

  SmallGraph outer = on_matrix().constant<int64_t>("i", {1}, {1});
  outer.node("Gather", {"x", "i"}, {{"axis", int64_t{1}}});
  CHECK(outer.run<float>(1, two_by_three) == Floats{4, 5, 6});
}

TEST_CASE("gather looks rows up in a table, counting negative indices from its end") {
  SmallGraph graph = SmallGraph().input<std::int32_t>("i", {}).constant<float>("table", {3, 2}, {1, 2, 3, 4, 5, 6});
  graph.node("Gather", {"table", "i"});
  CHECK(graph.run<float>(3, Ints{2, 0, -1}) == Floats{5, 6, 1, 2, 5, 6});
  CHECK_THROWS_WITH_AS((void)graph.run<float>(2, Ints{0, 3}), doctest::Contains("index 3"), InvalidInput);
  CHECK_THROWS_AS((void)graph.run<float>(1, Ints{-4}), InvalidInput);

  SmallGraph several = SmallGraph().input<int64_t>("i", {2}).constant<float>("table", {3}, {7, 8, 9});
  several.node("Gather", {"table", "i"});
  CHECK(several.run<float>(2, Longs{0, 1, 2, 0}) == Floats{7, 8, 9, 7});
}

TEST_CASE("gather refuses to mix rows") {
  SmallGraph rows = on_matrix().constant<int64_t>("i", {}, {0}).node("Gather", {"x", "i"});
  CHECK_THROWS_WITH_AS((void)rows.finish<float>(), doctest::Contains("batch"), InvalidInput);
  SmallGraph outside = on_matrix().constant<int64_t>("i", {}, {3});
  outside.node("Gather", {"x", "i"}, {{"axis", int64_t{2}}});
  CHECK_THROWS_WITH_AS((void)outside.finish<float>(), doctest::Contains("index 3"), InvalidInput);
  SmallGraph away = SmallGraph().input<int64_t>("i", {}).constant<float>("table", {2, 3}, two_by_three);
  away.node("Gather", {"table", "i"}, {{"axis", int64_t{1}}});
  CHECK_THROWS_AS((void)away.finish<float>(), InvalidInput);
}

TEST_CASE("slice clamps, counts from the end and steps in both directions") {
  CHECK(slice({1}, {3}, {2}, {1}) == Floats{2, 3, 5, 6});
  CHECK(slice({0}, {100}, {-1}, {2}) == Floats{1, 3, 4, 6});
  CHECK(slice({-1}, {-100}, {2}, {-1}) == Floats{3, 2, 1, 6, 5, 4});
  CHECK(slice({1}, {2}, {1}, {1}) == Floats{4, 5, 6});
  CHECK(slice({1, -2}, {2, 100}, {1, 2}, {1, 1}) == Floats{5, 6});
  CHECK(slice({2}, {1}, {2}, {1}).empty());
  CHECK(slice({0, 1}, {2147483647, 2}, {0, 1}, {1, 1}) == Floats{4, 5, 6});
  CHECK(slice({0}, {INT64_MAX}, {2}, {INT64_MAX}) == Floats{1, 4});
  CHECK_THROWS_AS((void)slice({0}, {1}, {0}, {1}), InvalidInput);
  CHECK_THROWS_AS((void)slice({0}, {1}, {2}, {0}), InvalidInput);
}

TEST_CASE("concat joins along any axis but the batch's") {
  SmallGraph last = on_matrix().input<float>("z", {2, 1}).node("Concat", {"x", "z"}, {{"axis", int64_t{-1}}});
  CHECK(last.run<float>(1, two_by_three, Floats{10, 20}) == Floats{1, 2, 3, 10, 4, 5, 6, 20});
  SmallGraph first = on_matrix().input<float>("z", {1, 3}).node("Concat", {"z", "x", "z"}, {{"axis", int64_t{1}}});
  CHECK(first.run<float>(1, two_by_three, Floats{7, 8, 9}) == Floats{7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  SmallGraph single = on_matrix().node("Concat", {"x"}, {{"axis", int64_t{1}}});
  CHECK(single.run<float>(1, two_by_three) == two_by_three);
  SmallGraph batch = on_matrix().node("Concat", {"x", "x"}, {{"axis", int64_t{0}}});
  CHECK_THROWS_AS((void)batch.finish<float>(), InvalidInput);
  SmallGraph misfit = on_matrix().input<float>("z", {1, 2}).node("Concat", {"x", "z"}, {{"axis", int64_t{1}}});
  CHECK_THROWS_AS((void)misfit.finish<float>(), InvalidInput);
}

TEST_CASE("unsqueeze and squeeze, with axes as input or attribute") {
  SmallGraph graph = on_matrix().constant<int64_t>("axes", {2}, {-1, 1}).node("Unsqueeze", {"x", "axes"}, {}, "u");
  graph.constant<float>("c", {1, 2, 1, 1}, {10, 100}).node("Mul", {"u", "c"}, {}, "m");
  graph.constant<int64_t>("drop", {1}, {1}).node("Squeeze", {"m", "drop"});
  CHECK(graph.run<float>(1, two_by_three) == Floats{10, 20, 30, 400, 500, 600});
  SmallGraph old = on_matrix().opset(11).node("Unsqueeze", {"x"}, {{"axes", Longs{3}}}, "u");
  old.node("Squeeze", {"u"}, {{"axes", Longs{-1}}});
  CHECK(old.run<float>(1, two_by_three) == two_by_three);
  SmallGraph front = on_matrix().constant<int64_t>("axes", {1}, {0}).node("Unsqueeze", {"x", "axes"});
  CHECK_THROWS_AS((void)front.finish<float>(), InvalidInput);
  SmallGraph big = on_matrix().constant<int64_t>("axes", {1}, {1}).node("Squeeze", {"x", "axes"});
  CHECK_THROWS_AS((void)big.finish<float>(), InvalidInput);
}

TEST_CASE("flatten, reshape and identity keep the elements") {
  CHECK(on_matrix().node("Flatten", {"x"}).run<float>(1, two_by_three) == two_by_three);
  SmallGraph cut = on_matrix().constant<int64_t>("shape", {3}, {0, 3, -1}).node("Reshape", {"x", "shape"}, {}, "r");
  cut.constant<int64_t>("i", {}, {1}).node("Gather", {"r", "i"}, {{"axis", int64_t{2}}});
  CHECK(cut.run<float>(1, two_by_three) == Floats{2, 4, 6});
  CHECK(on_matrix().node("Identity", {"x"}).run<float>(1, two_by_three) == two_by_three);
  CHECK_THROWS_AS((void)on_matrix().node("Flatten", {"x"}, {{"axis", int64_t{2}}}).finish<float>(), InvalidInput);
  SmallGraph wrong = on_matrix().constant<int64_t>("shape", {2}, {0, 5}).node("Reshape", {"x", "shape"});
  CHECK_THROWS_AS((void)wrong.finish<float>(), InvalidInput);
}

TEST_CASE("shapes are computed while planning") {
  // The halves of the last dimension, as exporters write them.
  SmallGraph graph = SmallGraph().input<float>("x", {4}).node("Shape", {"x"}, {}, "shape");
  graph.constant<int64_t>("last", {1}, {-1}).constant<int64_t>("zero", {1}, {0}).constant<int64_t>("two", {1}, {2});
  graph.node("Gather", {"shape", "last"}, {{"axis", int64_t{0}}}, "width");
  graph.node("Div", {"width", "two"}, {}, "half").node("Mul", {"half", "two"}, {}, "end");
  graph.node("Slice", {"x", "half", "end", "last"});
  CHECK(graph.finish<float>().step_count() == 0);
  CHECK(graph.run<float>(2, Floats{1, 2, 3, 4, 5, 6, 7, 8}) == Floats{3, 4, 7, 8});

  SmallGraph reshaped = on_matrix().node("Shape", {"x"}, {}, "shape").constant<int64_t>("zero", {1}, {0});
  reshaped.constant<int64_t>("rest", {1}, {-1}).node("Gather", {"shape", "zero"}, {}, "batch");
  reshaped.node("Concat", {"batch", "rest"}, {{"axis", int64_t{0}}}, "target").node("Reshape", {"x", "target"});
  CHECK(reshaped.run<float>(1, two_by_three) == two_by_three);

  SmallGraph counting = on_matrix().node("Shape", {"x"}, {}, "shape").node("Add", {"shape", "shape"});
  CHECK_THROWS_WITH_AS((void)counting.finish<int64_t>(), doctest::Contains("batch size"), InvalidInput);
  SmallGraph sliced = on_matrix().node("Shape", {"x"}, {}, "shape").constant<int64_t>("zero", {1}, {0});
  sliced.node("Gather", {"shape", "zero"}, {}, "batch").constant<int64_t>("axis", {1}, {1});
  sliced.node("Slice", {"x", "zero", "batch", "axis"});
  CHECK_THROWS_WITH_AS((void)sliced.finish<float>(), doctest::Contains("batch size"), InvalidInput);
}

TEST_CASE("a constant of a shape, with and without the batch") {
  // Zeros of [N, 1] that are added to every row, as exporters write `torch.zeros(len(x), 1)`.
  const auto with_shape = [](const char* where) {
    SmallGraph graph = on_matrix().node("Flatten", {"x"}, {}, "flat").node("Shape", {"flat"}, {}, "shape");
    graph.constant<int64_t>("zero", {}, {0}).constant<int64_t>("axes", {1}, {0}).constant<int64_t>("one", {1}, {1});
    graph.node("Gather", {"shape", "zero"}, {}, "rows").node("Unsqueeze", {"rows", "axes"}, {}, "batch");
    const bool first = std::string(where) == "first";
    graph.node("Concat", {first ? "batch" : "one", first ? "one" : "batch"}, {{"axis", int64_t{0}}}, "target");
    return graph;
  };
  const hyperego::OnnxTensor three{.shape = {1}, .values = Floats{3}};
  Floats twice = two_by_three;
  twice.insert(twice.end(), two_by_three.begin(), two_by_three.end());
  SmallGraph graph = with_shape("first").node("ConstantOfShape", {"target"}, {}, "zeros");
  graph.node("Add", {"zeros", "flat"});
  CHECK(graph.run<float>(2, twice) == twice);
  SmallGraph alone = with_shape("first").node("ConstantOfShape", {"target"}, {{"value", three}});
  CHECK(alone.run<float>(2, twice) == Floats{3, 3});
  SmallGraph joined = with_shape("first").node("ConstantOfShape", {"target"}, {{"value", three}}, "threes");
  joined.node("Concat", {"flat", "threes"}, {{"axis", int64_t{1}}});
  CHECK(joined.run<float>(2, twice) == Floats{1, 2, 3, 4, 5, 6, 3, 1, 2, 3, 4, 5, 6, 3});
  SmallGraph moved = with_shape("second").node("ConstantOfShape", {"target"});
  CHECK_THROWS_WITH_AS((void)moved.finish<float>(), doctest::Contains("impossible shape"), InvalidInput);

  SmallGraph fixed =
      on_matrix().constant<int64_t>("shape", {1}, {3}).node("ConstantOfShape", {"shape"}, {{"value", three}}, "threes");
  CHECK(fixed.node("Sub", {"x", "threes"}).run<float>(1, two_by_three) == Floats{-2, -1, 0, 1, 2, 3});
  SmallGraph huge = on_matrix().constant<int64_t>("shape", {2}, {int64_t{1} << 20, int64_t{1} << 20});
  CHECK_THROWS_AS((void)huge.node("ConstantOfShape", {"shape"}).finish<float>(), InvalidInput);
  const hyperego::OnnxTensor two{.shape = {2}, .values = Floats{3, 3}};
  SmallGraph many = on_matrix().constant<int64_t>("shape", {1}, {3});
  CHECK_THROWS_AS((void)many.node("ConstantOfShape", {"shape"}, {{"value", two}}).finish<float>(), InvalidInput);
}
