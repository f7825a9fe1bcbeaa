#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/slice.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <memory>
#include <string>

using namespace hyperego;

namespace {

SearchSpace space_of(const std::string& hyperparameters) {
  return space_from_configspace_json(parse_json(R"({"hyperparameters": [)" + hyperparameters + "]}", "space"), "space");
}

std::string values_of(const Hyperparameter& hyperparameter) {
  nlohmann::ordered_json values = nlohmann::ordered_json::array();
  for (std::size_t k = 0; k < hyperparameter.cardinality(); ++k) {
    values.push_back(to_json(hyperparameter.value_of(static_cast<double>(k))));
  }
  return values.dump();
}

std::string number(const std::string& members) { return R"({"name": "x", )" + members + "}"; }

}  // namespace

TEST_CASE("quantised numbers have exactly the values that ConfigSpace gives them, written as decimals") {
  const auto values = [](const std::string& members) { return values_of(space_of(number(members))[0]); };
  CHECK(values(R"("type": "uniform_float", "lower": 0.8, "upper": 1, "q": 0.1)") == "[0.8,0.9,1.0]");
  CHECK(values(R"("type": "uniform_int", "lower": 2, "upper": 8, "q": 3)") == "[2,5,8]");
  CHECK(values(R"("type": "uniform_float", "lower": 0, "upper": 0.7, "q": 0.1)") ==
        "[0.0,0.1,0.2,0.3,0.4,0.5,0.6,0.7]");
  CHECK(values(R"("type": "uniform_float", "lower": 0.1, "upper": 0.4, "q": 0.1, "log": true)") == "[0.1,0.2,0.3,0.4]");
  CHECK(values(R"("type": "uniform_float", "lower": -0.3, "upper": 0.3, "q": 0.15)") == "[-0.3,-0.15,0.0,0.15,0.3]");
  CHECK(values(R"("type": "normal_float", "mu": 0, "sigma": 1, "lower": 1e-6, "upper": 3e-6, "q": 1e-6)") ==
        "[1e-06,2e-06,3e-06]");
  CHECK(values(R"("type": "beta_int", "alpha": 2, "beta": 3, "lower": 0, "upper": 10, "q": 5)") == "[0,5,10]");
  // A step of one is every integer, and one below it says nothing, as in ConfigSpace.
  CHECK(std::holds_alternative<IntegerDomain>(
      space_of(number(R"("type": "uniform_int", "lower": 0, "upper": 9, "q": 1)"))[0].domain));
  const Hyperparameter lam = space_of(number(R"("type": "uniform_float", "lower": 0, "upper": 10, "q": 0.1)"))[0];
  CHECK(lam.cardinality() == 101);
  for (int k = 0; k <= 100; ++k) {
    CHECK(lam.value_of(k) == Value(static_cast<double>(k) / 10));
    CHECK(lam.code_of(Value(0.1 * k)) == static_cast<double>(k));  // 0.30000000000000004 is 0.3
  }
  CHECK_FALSE(lam.code_of(Value(0.25)));
  CHECK_FALSE(lam.code_of(Value(10.1)));
}

TEST_CASE("quantised numbers that make no sense are named") {
  const auto complaint = [](const std::string& members) {
    try {
      (void)space_of(number(members));
    } catch (const InvalidInput& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(complaint(R"("type": "uniform_float", "lower": 0, "upper": 1, "q": 0.3)") ==
        "space/hyperparameters/0/q: the range from 0 to 1 is no multiple of 0.3; change a bound or \"q\"");
  CHECK(complaint(R"("type": "uniform_float", "lower": 0, "upper": 1, "q": 2)") ==
        "space/hyperparameters/0/q: the range from 0 to 1 is no multiple of 2; change a bound or \"q\"");
  CHECK(complaint(R"("type": "uniform_float", "lower": 0, "upper": 1, "q": 0)") ==
        "space/hyperparameters/0/q: must be above 0");
  CHECK(complaint(R"("type": "uniform_int", "lower": 0, "upper": 9, "q": 1.5)").find("space/hyperparameters/0/q: ") ==
        0);
  CHECK(complaint(R"("type": "uniform_float", "lower": 1, "upper": 0, "q": 0.1)")
            .find("space/hyperparameters/0/lower: ") == 0);
  CHECK(complaint(R"("type": "uniform_float", "lower": 0, "upper": 1, "q": 1e-300)")
            .find("makes more steps than can be counted") != std::string::npos);
  CHECK(complaint(R"("type": "uniform_float", "lower": 0, "upper": 1, "q": 0.5, "default": 1.5)") ==
        "space/hyperparameters/0/default: 1.5 is outside the domain of \"x\"; give a float in [0, 1] in steps of 0.5");
}

TEST_CASE("a default between two values of a quantised number is the nearest") {
  const auto standard = [](const std::string& rest) {
    const SearchSpace space = space_of(number(R"("type": "uniform_float", "lower": 0.8, "upper": 1, "q": 0.1)" + rest));
    return space.to_json(space.default_configuration()).dump();
  };
  CHECK(standard(R"(, "default": 0.96)") == R"({"x":1.0})");
  CHECK(standard(R"(, "default_value": 0.91)") == R"({"x":0.9})");
  CHECK(standard("") == R"({"x":0.9})");
}

TEST_CASE("unit coordinates of quantised numbers are middles of the shares that sampling gives") {
  const SearchSpace space =
      space_of(number(R"("type": "uniform_float", "lower": 0.8, "upper": 1, "q": 0.1)") + "," +
               R"({"name": "l", "type": "uniform_float", "lower": 0.1, "upper": 1.6, "q": 0.1, "log": true},
         {"name": "w", "type": "uniform_int", "lower": 1, "upper": 11, "q": 5, "log": true},
         {"name": "s", "type": "uniform_int", "lower": 2, "upper": 8, "q": 3})");
  for (std::size_t i = 0; i < space.size(); ++i) {
    const Hyperparameter& h = space[i];
    for (std::size_t k = 0; k < h.cardinality(); ++k) {
      const auto code = static_cast<double>(k);
      CHECK(h.from_unit(h.to_unit(code)) == code);
      CHECK(h.relaxed_from_unit(h.to_unit(code)) == doctest::Approx(code).epsilon(1e-9).scale(1));
    }
    CHECK(h.from_unit(0) == 0);
    CHECK(h.from_unit(1) == static_cast<double>(h.cardinality() - 1));
  }
  // Shares: thirds for the linear ones; 0.1 has ln(0.15 / 0.05) of ln(1.65 / 0.05).
  const auto shared = std::make_shared<const SearchSpace>(space);
  const Slice whole(shared);
  Rng rng(1, "quantised");
  std::map<double, int> keep;
  std::map<double, int> step;
  int lowest = 0;
  constexpr int draws = 6000;
  for (int n = 0; n < draws; ++n) {
    const Configuration drawn = whole.sample(rng).value();
    REQUIRE(space.check(drawn));
    ++keep[drawn[0]];
    ++step[drawn[3]];
    lowest += drawn[1] == 0 ? 1 : 0;
  }
  for (const auto& counts : {keep, step}) {
    CHECK(counts.size() == 3);
    for (const auto& [code, count] : counts) CHECK(std::abs(count - 2000) < 150);  // four standard deviations
  }
  CHECK(std::abs(lowest / double{draws} - std::log(3.0) / std::log(33.0)) < 0.025);
}

TEST_CASE("quantised numbers in conditions, clauses, neighbours and files of both dialects") {
  const std::string text = R"({"hyperparameters": [
      {"type": "normal_float", "name": "keep", "mu": 0.9, "sigma": 0.1, "lower": 0.8, "upper": 1.0, "q": 0.1, "default": 0.9},
      {"type": "uniform_int", "name": "s", "lower": 2, "upper": 8, "q": 3, "default": 2},
      {"type": "uniform_float", "name": "x", "lower": 0, "upper": 1}],
    "conditions": [{"type": "GT", "child": "x", "parent": "keep", "value": 0.85}],
    "forbiddens": [{"type": "EQUALS", "name": "s", "value": 8}]})";
  const SearchSpace space = space_from_configspace_json(parse_json(text, "space"), "space");
  // Between two values the comparison stays what it is.
  CHECK(space.is_active(2, Configuration({1, 0, 0})));
  CHECK_FALSE(space.is_active(2, Configuration({0, 0, 0})));
  for (const ConfigSpaceDialect dialect : {ConfigSpaceDialect::legacy, ConfigSpaceDialect::current}) {
    const nlohmann::ordered_json written = to_configspace_json(space, dialect);
    CHECK(written["hyperparameters"][0]["q"] == 0.1);
    CHECK(written["hyperparameters"][1]["q"] == 3);
    CHECK(to_configspace_json(space_from_configspace_json(written, "again"), dialect) == written);
  }
  const auto shared = std::make_shared<const SearchSpace>(space);
  Rng rng(3, "neighbours");
  const Configuration start = space.default_configuration();
  for (const Configuration& neighbour : Slice(shared).neighbours(start, rng)) {
    CHECK(space.check(neighbour));
    CHECK_FALSE(neighbour == start);
  }
  const Configuration drawn({2, 1, 0.5});
  CHECK(space.to_json(drawn).dump() == R"({"keep":1.0,"s":5,"x":0.5})");
  CHECK(space.legal_configuration_from_json(space.to_json(drawn), "trial") == drawn);
}
