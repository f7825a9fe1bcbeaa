#include <hyperego/core/error.hpp>
#include <hyperego/core/search_space.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core_spaces.hpp"

using namespace hyperego;
using namespace hyperego::test;
using nlohmann::ordered_json;

TEST_CASE("the condition graph is ordered and split into components") {
  const auto space = nested_space();
  CHECK(space->topological_order() == std::vector<std::size_t>{1, 2, 0, 3, 4, 5, 7, 6});
  CHECK(space->component() == std::vector<std::size_t>{0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(space->parents(5) == std::vector<std::size_t>{3, 4});
  CHECK(space->searched() == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 7});
  CHECK(space->is_conditional(6));
  CHECK_FALSE(space->is_conditional(7));
  CHECK(flat_space()->component() == std::vector<std::size_t>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("a configuration is judged with a reason") {
  const auto space = nested_space();
  const auto verdict = [&](const char* text) {
    return space->check(space->configuration_from_json(ordered_json::parse(text), "c"));
  };
  CHECK(verdict(R"({"algorithm": "none", "rate": 0.1, "free": "a"})"));
  CHECK(verdict(R"({"algorithm": "none", "free": "a"})").reason ==
        "\"rate\" is active but not set; give a float in [0.0001, 1] (log)");
  CHECK(verdict(R"({"algorithm": "tree", "depth": 4, "leaf": 0.1, "free": "a"})").reason ==
        "\"leaf\" is set but inactive, because this does not hold: algorithm == \"tree\" and depth > 4; leave it out");
  const Legality forbidden = verdict(R"({"algorithm": "svm", "mode": "s", "rate": 0.1, "shrink": true, "free": "d"})");
  CHECK(forbidden.verdict == Legality::Verdict::forbidden);
  CHECK(forbidden.reason == "the combination is forbidden: algorithm == \"svm\" and free in {\"c\", \"d\"}");
  Configuration broken = space->default_configuration();
  broken.set(1, 3);
  CHECK(space->check(broken).verdict == Legality::Verdict::illegal_value);
  CHECK(to_string(space->check(broken).verdict) == "illegal_value");
}

TEST_CASE("configurations from JSON name the member at fault") {
  const auto space = flat_space();
  const auto read = [&](const char* text) {
    (void)space->configuration_from_json(ordered_json::parse(text), "configs.json/0");
  };
  CHECK_THROWS_WITH_AS(read(R"({"seeds": 3})"),
                       "configs.json/0/seeds: is no hyperparameter of the space; did you mean \"seed\"?", InvalidInput);
  CHECK_THROWS_WITH_AS(read(R"({"k": 7})"), "configs.json/0/k: 7 is outside the domain; give an integer in [1, 6]",
                       InvalidInput);
  CHECK_THROWS_WITH_AS(read(R"({"c": "x"})"),
                       R"(configs.json/0/c: "x" is outside the domain; give one of "u", "v", "w")", InvalidInput);
  CHECK_THROWS_WITH_AS(read(R"({"k": null})"), "configs.json/0/k: is null; leave inactive hyperparameters out",
                       InvalidInput);
  CHECK_THROWS_AS(read("[]"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)space->legal_configuration_from_json(ordered_json::parse(R"({"x": 0.5})"), "c"),
                       "c: \"y\" is active but not set; give a float in [0.0001, 10] (log)", InvalidInput);
  const Configuration configuration = space->default_configuration();
  CHECK(space->configuration_from_json(space->to_json(configuration), "c") == configuration);
  CHECK_THROWS_WITH_AS((void)space->index_of("kk"), "kk: is no hyperparameter of the space; did you mean \"k\"?",
                       InvalidInput);
}

TEST_CASE("spaces that make no sense are refused with place and remedy") {
  const auto build = [](std::vector<Hyperparameter> h, std::vector<SearchSpace::ChildCondition> conditions,
                        std::vector<ForbiddenClause> forbidden = {}) {
    (void)SearchSpace(std::move(h), std::move(conditions), std::move(forbidden));
  };
  const Hyperparameter a = make_categorical("a", words({"p", "q"}));
  const Hyperparameter b = make_integer("b", 1, 5);
  const Hyperparameter c = make_float("c", 0, 1);
  CHECK_THROWS_WITH_AS(build({a, b, a}, {}),
                       "hyperparameters/2/name: \"a\" is the name of hyperparameter 0 already; rename one of them",
                       InvalidInput);
  CHECK_THROWS_WITH_AS(build({a, b}, {{1, equals(2, 0)}}),
                       "conditions/0: the parent has index 2 in a space of 2 hyperparameters; name one of them",
                       InvalidInput);
  CHECK_THROWS_WITH_AS(build({a, b}, {{1, equals(0, 2)}}),
                       R"(conditions/0: compares "a" with a value outside its domain; give one of "p", "q")",
                       InvalidInput);
  CHECK_THROWS_WITH_AS(build({a, b}, {{1, compare(Comparison::Relation::less, 0, {1})}}),
                       "conditions/0: \"a\" has no order, so nothing is less or greater; compare with EQ, NEQ or IN",
                       InvalidInput);
  CHECK_THROWS_WITH_AS(build({a, b}, {{5, equals(0, 1)}}),
                       "conditions/0/child: has index 5 in a space of 2 hyperparameters; name one of them",
                       InvalidInput);
  CHECK_THROWS_WITH_AS(build({a, b}, {{0, equals(0, 1)}}),
                       "conditions/0: \"a\" depends on \"a\"; remove one of these conditions", InvalidInput);
  // A cycle that only the last condition closes, with a child hanging below it.
  CHECK_THROWS_WITH_AS(build({c, a, b}, {{0, equals(1, 0)}, {2, equals(1, 1)}, {1, equals(2, 3)}}),
                       "conditions/2: \"a\" depends on \"b\" depends on \"a\"; remove one of these conditions",
                       InvalidInput);
  CHECK_THROWS_WITH_AS(build({a, b}, {{1, Conjunction{}}}), "conditions/0: has no terms; give at least one condition",
                       InvalidInput);
  CHECK_THROWS_WITH_AS(
      build({a, b}, {}, {{.terms = {{1, {4}}}}, {.terms = {{0, {0}}, {1, {3}}}}}),
      "forbiddens/1: forbids the default configuration (a == \"p\" and b == 3); change the clause or one of these "
      "defaults",
      InvalidInput);
  CHECK_THROWS_WITH_AS(build({a, b}, {}, {{.terms = {{1, {9}}}}}),
                       "forbiddens/0: forbids a value outside the domain of \"b\"; give an integer in [1, 5]",
                       InvalidInput);
  CHECK_THROWS_AS(build({a, b}, {}, {ForbiddenClause{}}), InvalidInput);
  CHECK_THROWS_AS(build({Hyperparameter{}}, {}), InvalidInput);
}

TEST_CASE("an unset parent activates nobody, whatever the relation") {
  using Relation = Comparison::Relation;
  const Configuration unset(1);
  const Configuration two(std::vector<double>{2});
  CHECK(holds(test::compare(Relation::not_equals, 0, {1}), two));
  CHECK(holds(test::compare(Relation::greater, 0, {1}), two));
  CHECK_FALSE(holds(test::compare(Relation::less, 0, {2}), two));
  CHECK(holds(test::compare(Relation::in, 0, {1, 2}), two));
  for (const auto relation :
       {Relation::equals, Relation::not_equals, Relation::in, Relation::less, Relation::greater}) {
    CHECK_FALSE(holds(test::compare(relation, 0, {1}), unset));
  }
  CHECK_FALSE(is_forbidden_by({.terms = {{0, {1}}}}, unset));
}

TEST_CASE("a space of nothing is a space") {
  const SearchSpace space;
  CHECK(space.size() == 0);
  CHECK(space.check(space.default_configuration()));
}

TEST_CASE("a space of 100,000 hyperparameters takes no square of their number") {
  std::vector<Hyperparameter> hyperparameters;
  std::vector<SearchSpace::ChildCondition> conditions;
  constexpr std::size_t count = 100000;
  // Each is the parent of the one before it, so that nothing is ready in the order in which it stands.
  for (std::size_t i = 0; i < count; ++i) hyperparameters.push_back(make_integer("h" + std::to_string(i), 0, 1));
  for (std::size_t i = 0; i + 1 < 1000; ++i) {
    conditions.push_back({i, Comparison{.relation = Comparison::Relation::equals, .parent = i + 1, .codes = {0}}});
  }
  const SearchSpace space(std::move(hyperparameters), std::move(conditions));
  CHECK(space.size() == count);
  CHECK(space.is_active(999, space.default_configuration()));
}
