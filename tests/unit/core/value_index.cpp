#include <hyperego/core/error.hpp>
#include <hyperego/core/hyperparameter.hpp>
#include <hyperego/core/value_index.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace hyperego;

namespace {

const std::vector<Value> all_kinds{Value(true),
                                   Value(std::int64_t{1}),
                                   Value("1"),
                                   Value(JsonValue{"1"}),
                                   Value(0.5),
                                   Value(-0.0),
                                   Value(1e300),
                                   Value(std::int64_t{1} << 53),
                                   Value((std::int64_t{1} << 53) + 1)};

}  // namespace

TEST_CASE("values that are the same have the same hash and place") {
  for (const Value& a : all_kinds) {
    for (const Value& b : all_kinds) {
      if (same_value(a, b)) CHECK(ValueHash{}(a) == ValueHash{}(b));
    }
  }
  CHECK(ValueHash{}(Value(2.0)) == ValueHash{}(Value(std::int64_t{2})));
  CHECK(ValueHash{}(Value(-0.0)) == ValueHash{}(Value(std::int64_t{0})));
  const ValueIndex index(all_kinds);
  for (std::size_t i = 0; i < all_kinds.size(); ++i) CHECK(index.find(all_kinds[i]) == i);
  CHECK(index.find(Value(1.0)) == 1U);
  CHECK(index.find(Value(std::int64_t{0})) == 5U);
  CHECK_FALSE(index.find(Value("true")).has_value());
  CHECK_FALSE(first_repeat(all_kinds).has_value());
}

TEST_CASE("a repeated choice is named with the first of its like") {
  std::vector<Value> values = all_kinds;
  values.emplace_back(1.0);
  values.emplace_back(true);
  CHECK(first_repeat(values) == std::pair(all_kinds.size(), std::size_t{1}));
  CHECK_THROWS_WITH_AS((void)make_categorical("c", values),
                       "hyperparameter \"c\"/choices/9: repeats 1; leave one of them out", InvalidInput);
}

// A comparison of all pairs takes hours here, and any table less than a second.
TEST_CASE("a million choices are checked") {
  std::vector<Value> choices;
  for (int k = 0; k < 1000000; ++k) choices.emplace_back("choice " + std::to_string(k));
  CHECK(make_categorical("c", choices).cardinality() == 1000000);
  choices.emplace_back("choice 5");
  CHECK(first_repeat(choices) == std::pair(std::size_t{1000000}, std::size_t{5}));
}
