// Quantised hyperparameters. The values follow from the definition and are computed by hand: ConfigSpace ≥ 1.0, which
// could be asked, knows no "q". n values have shares of 1/n on a linear scale; on a log scale the borders between
// 1, 5, 9 are 3 and 7, the ends 1/2 and 11, so with ln 22 = 3.0910425 the shares end at ln 6 / ln 22 = 0.5796621 and
// ln 14 / ln 22 = 0.8537759.
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/json_reader.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace hyperego;

namespace quantised_golden_test {

namespace {

SearchSpace quantised_space() {
  return space_from_configspace_json(parse_json(R"({"hyperparameters": [
    {"type": "uniform_float", "name": "keep", "lower": 0.8, "upper": 1.0, "q": 0.1, "default": 0.9},
    {"type": "uniform_float", "name": "lam", "lower": 0, "upper": 10, "q": 0.1, "default": 1},
    {"type": "uniform_int", "name": "s", "lower": 2, "upper": 8, "q": 3, "default": 2},
    {"type": "uniform_int", "name": "t", "lower": 0, "upper": 100, "q": 5, "default": 50},
    {"type": "uniform_int", "name": "g", "lower": 1, "upper": 9, "q": 4, "log": true, "default": 5}],
    "conditions": [], "forbiddens": []})",
                                                "space"),
                                     "space");
}

std::string value_at(const Hyperparameter& hyperparameter, double u) {
  return to_string(hyperparameter.value_of(hyperparameter.from_unit(u)));
}

}  // namespace

TEST_CASE("golden: quantised values are those that their decimals say") {
  const SearchSpace space = quantised_space();
  const std::vector<std::size_t> counts{3, 101, 3, 21, 3};
  for (std::size_t i = 0; i < counts.size(); ++i) CHECK(space[i].cardinality() == counts[i]);
  const auto values = [&](std::size_t i) {
    std::string text;
    for (std::size_t k = 0; k < counts[i]; ++k) {
      text += (k == 0 ? "" : " ") + to_string(space[i].value_of(static_cast<double>(k)));
    }
    return text;
  };
  CHECK(values(0) == "0.8 0.9 1");
  CHECK(values(2) == "2 5 8");
  CHECK(values(3) == "0 5 10 15 20 25 30 35 40 45 50 55 60 65 70 75 80 85 90 95 100");
  CHECK(values(4) == "1 5 9");
  const std::string tenths = values(1);
  CHECK(tenths.rfind("0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1 1.1 ", 0) == 0);
  CHECK(tenths.ends_with(" 9.7 9.8 9.9 10"));
  CHECK(space.to_json(space.default_configuration()).dump() == R"({"keep":0.9,"lam":1.0,"s":2,"t":50,"g":5})");
}

TEST_CASE("golden: shares of quantised values") {
  const SearchSpace space = quantised_space();
  CHECK(space[2].to_unit(0) == doctest::Approx(1.0 / 6).epsilon(1e-12));
  CHECK(space[2].to_unit(2) == doctest::Approx(5.0 / 6).epsilon(1e-12));
  CHECK(space[1].to_unit(3) == doctest::Approx(3.5 / 101).epsilon(1e-12));
  CHECK(space[3].to_unit(10) == doctest::Approx(0.5).epsilon(1e-12));
  CHECK(value_at(space[0], 0.33) == "0.8");
  CHECK(value_at(space[0], 0.34) == "0.9");
  CHECK(value_at(space[0], 0.67) == "1");
  CHECK(value_at(space[0], 0.0) == "0.8");
  CHECK(value_at(space[0], 1.0) == "1");
  CHECK(value_at(space[4], 0.579) == "1");
  CHECK(value_at(space[4], 0.580) == "5");
  CHECK(value_at(space[4], 0.853) == "5");
  CHECK(value_at(space[4], 0.854) == "9");
  CHECK(space[4].to_unit(0) == doctest::Approx(0.5796621 / 2).epsilon(1e-6));
  CHECK(space[4].to_unit(1) == doctest::Approx((0.5796621 + 0.8537759) / 2).epsilon(1e-6));
}

TEST_CASE("golden: what is between two quantised values is outside the domain") {
  const SearchSpace space = quantised_space();
  CHECK_FALSE(space[0].code_of(Value(0.85)));
  CHECK_FALSE(space[0].code_of(Value(0.7)));
  CHECK_FALSE(space[0].code_of(Value(1.1)));
  CHECK_FALSE(space[2].code_of(Value(std::int64_t{3})));
  CHECK_FALSE(space[3].code_of(Value(std::int64_t{101})));
  CHECK(space[1].code_of(Value(0.1 + 0.2)) == 3.0);
  CHECK(space[3].code_of(Value(15.0)) == 3.0);
}

}  // namespace quantised_golden_test
