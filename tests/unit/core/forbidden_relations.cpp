#include <hyperego/core/blend.hpp>
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/slice.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace hyperego;

namespace {

SearchSpace space_of(const std::string& hyperparameters, const std::string& forbiddens,
                     const std::string& conditions = "") {
  return space_from_configspace_json(parse_json(R"({"hyperparameters": [)" + hyperparameters + R"(], "conditions": [)" +
                                                    conditions + R"(], "forbiddens": [)" + forbiddens + "]}",
                                                "space"),
                                     "space");
}

std::string integer(const std::string& name, int lower, int upper, int standard) {
  return R"({"type": "uniform_int", "name": ")" + name + R"(", "lower": )" + std::to_string(lower) + R"(, "upper": )" +
         std::to_string(upper) + R"(, "default_value": )" + std::to_string(standard) + "}";
}

std::string ordinal(const std::string& name, const std::string& values, const std::string& standard) {
  return R"({"type": "ordinal", "name": ")" + name + R"(", "sequence": )" + values + R"(, "default_value": )" +
         standard + "}";
}

/// Legal configurations of a space of discrete hyperparameters without conditions.
std::size_t legal_count(const SearchSpace& space) {
  std::size_t legal = 0;
  std::vector<std::size_t> digits(space.size(), 0);
  for (;;) {
    Configuration configuration(space.size());
    for (std::size_t i = 0; i < space.size(); ++i) {
      const auto* whole = std::get_if<IntegerDomain>(&space[i].domain);
      const double first = whole != nullptr ? static_cast<double>(whole->lower) : 0;
      configuration.set(i, first + static_cast<double>(digits[i]));
    }
    legal += space.check(configuration) ? 1 : 0;
    std::size_t i = 0;
    while (i < space.size() && ++digits[i] == space[i].cardinality()) digits[i++] = 0;
    if (i == space.size()) return legal;
  }
}

const std::string three = integer("a", 1, 9, 2) + "," + integer("b", 1, 9, 5) + "," + integer("c", 1, 9, 8);

std::string related(const std::string& left, const std::string& right, const std::string& lambda) {
  return R"({"type": "RELATION", "left": ")" + left + R"(", "right": ")" + right + R"(", "lambda": ")" + lambda + "\"}";
}

}  // namespace

TEST_CASE("relations between two hyperparameters forbid what ConfigSpace forbids") {
  // a < b < c: 9 choose 3 of 729.
  const SearchSpace chain = space_of(three, related("a", "b", "GREATEQUAL") + "," + related("b", "c", "GREATEQUAL"));
  CHECK(legal_count(chain) == 84);
  CHECK(chain.check(Configuration({2, 2, 8})).reason == "the combination is forbidden: a >= b");

  const std::string two = integer("a", 1, 5, 2) + "," + integer("b", 1, 5, 3);
  CHECK(legal_count(space_of(two, related("a", "b", "GREATER"))) == 15);
  CHECK(legal_count(space_of(two, related("b", "a", "LESS"))) == 15);
  CHECK(legal_count(space_of(two, related("a", "b", "EQUALS"))) == 20);
  CHECK(legal_count(space_of(two, R"({"type": "RELATION_GE", "left": "a", "right": "b"})")) == 10);
  CHECK(legal_count(space_of(two, R"({"type": "RELATION_LE", "left": "b", "right": "a"})")) == 10);
  CHECK(legal_count(space_of(two, R"({"type": "RELATION_EQ", "left": "b", "right": "a"})")) == 20);
  // Inside AND and OR, and clauses with a value.
  CHECK(legal_count(space_of(two, R"({"type": "AND", "clauses": [)" + related("a", "b", "GREATER") +
                                      R"(, {"type": "CLAUSE_GE", "name": "a", "value": 4}]})")) == 25 - 7);
  CHECK(legal_count(space_of(two, R"({"type": "OR", "clauses": [)" + related("a", "b", "GREATER") +
                                      R"(, {"type": "CLAUSE_LT", "name": "b", "value": 3}]})")) == 12);
  CHECK(legal_count(space_of(two, R"({"type": "AND", "clauses": [{"type": "OR", "clauses": [)" +
                                      related("a", "b", "GREATER") + "," + related("a", "b", "EQUALS") +
                                      R"(]}, {"type": "IN", "name": "a", "values": [4, 5]}]})")) == 25 - 9);
  CHECK(legal_count(space_of(two, R"({"type": "CLAUSE_LE", "name": "a", "value": 1},
                                     {"type": "CLAUSE_GT", "name": "b", "value": 4})")) == 16);
}

TEST_CASE("relations compare values, not ranks or indices") {
  // By value 10 > 5 although it comes first.
  CHECK(legal_count(space_of(ordinal("a", "[10, 2, 3]", "2") + "," + ordinal("b", "[2, 5, 6]", "5"),
                             related("a", "b", "GREATER"))) == 5);
  CHECK(legal_count(
            space_of(ordinal("a", "[10, 2, 3]", "2") + "," + integer("b", 2, 3, 3), related("a", "b", "EQUALS"))) == 4);
  const std::string letters = R"({"type": "categorical", "name": "a", "choices": ["x", "y", "z"]},
                                 {"type": "categorical", "name": "b", "choices": ["z", "w", "y"]})";
  CHECK(legal_count(space_of(letters, related("a", "b", "EQUALS"))) == 7);
  CHECK(legal_count(space_of(letters, related("a", "b", "GREATER"))) == 9 - 4);
  // A number is never text, whatever it looks like; true is 1, as in Python.
  CHECK(legal_count(space_of(R"({"type": "categorical", "name": "a", "choices": ["1", "x"]},)" + integer("b", 1, 2, 1),
                             related("a", "b", "EQUALS"))) == 4);
  CHECK(
      legal_count(space_of(R"({"type": "categorical", "name": "a", "choices": [false, true]},)" + integer("b", 1, 2, 1),
                           related("a", "b", "EQUALS"))) == 3);
  // Quantised numbers, floats and integers.
  const SearchSpace mixed =
      space_of(R"({"type": "uniform_float", "name": "q", "lower": 0.1, "upper": 0.4, "q": 0.1, "default": 0.1},
                                        {"type": "uniform_float", "name": "x", "lower": 0, "upper": 1, "default": 0.5})",
               related("q", "x", "EQUALS"));
  CHECK(mixed.is_forbidden(Configuration({2, 0.3})));
  CHECK_FALSE(mixed.is_forbidden(Configuration({2, 0.30000000000000004})));
  CHECK_THROWS_WITH_AS(
      (void)space_of(R"({"type": "categorical", "name": "a", "choices": ["1", "x"]},)" + integer("b", 1, 2, 1),
                     related("a", "b", "LESS")),
      doctest::Contains("space/forbiddens/0: values of \"a\" and \"b\" have no common order"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)space_of(three, related("a", "d", "LESS")),
                       doctest::Contains("space/forbiddens/0/right: \"d\" is no hyperparameter"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)space_of(three, related("a", "b", "LES")), doctest::Contains("did you mean \"LESS\"?"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS((void)space_of(three, related("a", "b", "LESS")),
                       doctest::Contains("space/forbiddens/0: forbids the default configuration (a < b)"),
                       InvalidInput);
}

TEST_CASE("a relation with an inactive hyperparameter forbids nothing") {
  const SearchSpace space =
      space_of(three, related("a", "b", "GREATEQUAL"), R"({"type": "LT", "child": "b", "parent": "c", "value": 9})");
  CHECK_FALSE(space.check(Configuration({5, 3, 8})));
  Configuration without_b(3);
  without_b.set(0, 5);
  without_b.set(2, 9);
  CHECK(space.check(without_b));
}

TEST_CASE("relations are written so that they are read again") {
  const SearchSpace space =
      space_of(three, related("a", "b", "GREATEQUAL") + R"(, {"type": "AND", "clauses": [)" +
                          related("b", "c", "EQUALS") + R"(, {"type": "CLAUSE_GT", "name": "a", "value": 3}]})");
  const nlohmann::ordered_json current = to_configspace_json(space);
  CHECK(current["forbiddens"].dump() ==
        R"([{"type":"RELATION_GE","left":"a","right":"b"},{"type":"AND","clauses":[)"
        R"({"type":"RELATION_EQ","left":"b","right":"c"},{"type":"CLAUSE_GT","name":"a","value":3}]}])");
  const nlohmann::ordered_json legacy = to_configspace_json(space, ConfigSpaceDialect::legacy);
  CHECK(legacy["forbiddens"][0]["lambda"] == "GREATEREQUAL");
  for (const nlohmann::ordered_json& written : {current, legacy}) {
    const SearchSpace again = space_from_configspace_json(written, "again");
    CHECK(to_configspace_json(again) == current);
    CHECK(legal_count(again) == legal_count(space));
  }
}

TEST_CASE("everything that is drawn, moved or blended respects relations") {
  // A chain of eight leaves one configuration in 40320 of the continuous cube.
  std::string names;
  std::string clauses;
  constexpr int length = 8;
  for (int i = 0; i < length; ++i) {
    names += (i == 0 ? "" : ",") + std::string(R"({"type": "uniform_float", "name": "x)") + std::to_string(i) +
             R"(", "lower": 0, "upper": 1, "default": 0.)" + std::to_string(i + 1) + "}";
    if (i > 0) {
      clauses += (i == 1 ? "" : ",") + related("x" + std::to_string(i - 1), "x" + std::to_string(i), "GREATER");
    }
  }
  for (const SearchSpace& space : {space_of(names, clauses), space_of(three, related("a", "b", "GREATEQUAL") + "," +
                                                                                 related("b", "c", "GREATEQUAL"))}) {
    const auto shared = std::make_shared<const SearchSpace>(space);
    const Slice whole(shared);
    Rng rng(7, "relations");
    std::vector<Configuration> drawn;
    for (int n = 0; n < 20; ++n) {
      const auto one = whole.sample(rng);
      REQUIRE(one);
      CHECK(space.check(*one));
      for (const Configuration& neighbour : whole.neighbours(*one, rng)) CHECK(space.check(neighbour));
      drawn.push_back(*one);
    }
    for (const BlendTreatment treatment : {BlendTreatment::drop, BlendTreatment::repair}) {
      const Blends blends(shared, space.default_configuration(), drawn, treatment);
      CHECK_FALSE(blends.all_count());
      for (std::size_t i = 0; i < drawn.size(); ++i) {
        for (Coalition coalition = 0; coalition < Coalition{1} << blends.number_of_players(); ++coalition) {
          CHECK(blends.counts(i, coalition) == static_cast<bool>(space.check(blends.blend(i, coalition))));
        }
      }
    }
  }
}
