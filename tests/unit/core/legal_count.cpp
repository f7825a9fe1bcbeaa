// How many configurations of a finite space are legal.
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/legal_count.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace hyperego;

namespace legal_count_test {

namespace {

SearchSpace space_of(const std::string& hyperparameters, const std::string& conditions = "",
                     const std::string& forbiddens = "") {
  return space_from_configspace_json(parse_json(R"({"hyperparameters": [)" + hyperparameters + R"(], "conditions": [)" +
                                                    conditions + R"(], "forbiddens": [)" + forbiddens + "]}",
                                                "space"),
                                     "space");
}

constexpr const char* three = R"({"type": "uniform_int", "name": "a", "lower": 1, "upper": 9, "default_value": 2},
  {"type": "uniform_int", "name": "b", "lower": 1, "upper": 9, "default_value": 5},
  {"type": "uniform_int", "name": "c", "lower": 1, "upper": 9, "default_value": 8})";

}  // namespace

TEST_CASE("legal configurations are counted") {
  const auto rising =
      count_legal(space_of(three, "", R"({"type": "RELATION", "left": "a", "right": "b", "lambda": "GREATEQUAL"},
                             {"type": "RELATION", "left": "b", "right": "c", "lambda": "GREATEQUAL"})"));
  REQUIRE(rising);
  CHECK(rising->legal == 84);  // 9 choose 3
  CHECK(rising->all == 729);
  const auto free = count_legal(space_of(three));
  REQUIRE(free);
  CHECK(free->legal == 729);
  CHECK_FALSE(count_legal(space_of(three), 728));
}

TEST_CASE("inactive hyperparameters make no configurations, quantised values and ordinals do") {
  const auto count = count_legal(space_of(
      R"({"type": "categorical", "name": "k", "choices": ["x", "y"]},
         {"type": "ordinal", "name": "o", "sequence": ["low", "mid", "high"]},
         {"type": "uniform_float", "name": "keep", "lower": 0.8, "upper": 1.0, "q": 0.1},
         {"type": "constant", "name": "one", "value": 1})",
      R"({"type": "EQ", "child": "o", "parent": "k", "value": "y"})",
      R"({"type": "EQUALS", "name": "o", "value": "high"})"));
  REQUIRE(count);
  CHECK(count->all == (1 + 3) * 3);
  CHECK(count->legal == (1 + 2) * 3);
}

TEST_CASE("what is not finite, or too much, is not counted") {
  const char* one = R"({"type": "uniform_float", "name": "x", "lower": 0, "upper": 1},
                       {"type": "categorical", "name": "k", "choices": ["x", "y"]})";
  CHECK_FALSE(count_legal(space_of(one)));
  CHECK_FALSE(count_legal(space_of(one, R"({"type": "EQ", "child": "x", "parent": "k", "value": "y"})")));
  std::string many;
  for (int i = 0; i < 64; ++i) {
    many += (i == 0 ? "" : ", ") + std::string(R"({"type": "uniform_int", "lower": 0, "upper": 9, "name": "i)") +
            std::to_string(i) + "\"}";
  }
  CHECK_FALSE(count_legal(space_of(many)));
}

}  // namespace legal_count_test
