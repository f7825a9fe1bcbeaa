#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/grid.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace hyperego;

namespace grid_test {
namespace {

SearchSpace space_of(const char* text) {
  return space_from_configspace_json(nlohmann::ordered_json::parse(text), "space");
}

}  // namespace

TEST_CASE("the legal configurations of a finite space are counted") {
  // a < b < c over 1 … 9: 9 choose 3 of 729.
  const SearchSpace ordered = space_of(R"({"hyperparameters": [
      {"type": "uniform_int", "name": "a", "lower": 1, "upper": 9, "default_value": 1},
      {"type": "uniform_int", "name": "b", "lower": 1, "upper": 9, "default_value": 2},
      {"type": "uniform_int", "name": "c", "lower": 1, "upper": 9, "default_value": 3}], "conditions": [], "forbiddens": [
      {"type": "RELATION", "left": "a", "right": "b", "lambda": "GREATEQUAL"},
      {"type": "RELATION", "left": "b", "right": "c", "lambda": "GREATEQUAL"}]})");
  const auto count = count_configurations(ordered);
  REQUIRE(count);
  CHECK(count->all == 729);
  CHECK(count->legal == 84);
  CHECK_FALSE(count_configurations(ordered, 728));
}

TEST_CASE("an inactive hyperparameter does not multiply the count") {
  const auto count = count_configurations(space_of(R"({"hyperparameters": [
      {"type": "categorical", "name": "opt", "choices": ["sgd", "adam"]},
      {"type": "uniform_int", "name": "momentum", "lower": 0, "upper": 4}],
      "conditions": [{"type": "EQ", "child": "momentum", "parent": "opt", "value": "sgd"}], "forbiddens": []})"));
  REQUIRE(count);
  CHECK(count->all == 6);  // five with sgd, one with adam
  CHECK(count->legal == 6);
}

TEST_CASE("a space with a float has no grid") {
  const SearchSpace space({make_float("x", 0, 1), make_integer("k", 1, 3)});
  CHECK(std::isinf(grid_size(Slice(std::make_shared<const SearchSpace>(space)))));
  CHECK_FALSE(count_configurations(space));
}

}  // namespace grid_test
