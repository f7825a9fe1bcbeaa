#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace hyperego;

namespace {

SearchSpace read(const std::string& text) {
  return space_from_configspace_json(parse_json(text, "space.json"), "space.json");
}

std::string complaint(const std::string& text) {
  try {
    (void)read(text);
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "accepted";
}

/// A space of `first` and two ordinary hyperparameters, with the given conditions and clauses.
std::string space_with(const std::string& first, const std::string& conditions = "",
                       const std::string& forbiddens = "") {
  return R"({"hyperparameters": [)" + (first.empty() ? "" : first + ", ") +
         R"({"name": "kernel", "type": "categorical", "choices": ["rbf", "poly"], "default": "rbf", "weights": null},
            {"name": "degree", "type": "uniform_int", "lower": 2, "upper": 5, "default": 3, "log": false, "q": null}],
            "conditions": [)" +
         conditions + R"(], "forbiddens": [)" + forbiddens + "]}";
}

std::string number(const std::string& members) { return R"({"name": "x", )" + members + "}"; }

}  // namespace

TEST_CASE("null is a default where it is a choice") {
  const auto space = space_from_configspace_json(nlohmann::ordered_json::parse(R"({"hyperparameters": [
        {"type": "categorical", "name": "a", "choices": ["x", null, 3], "default_value": null},
        {"type": "ordinal", "name": "b", "sequence": [1, 2, null], "default_value": null},
        {"type": "categorical", "name": "c", "choices": ["x", "y"], "default_value": null},
        {"type": "uniform_int", "name": "k", "lower": 1, "upper": 3, "default_value": null}],
        "conditions": [], "forbiddens": []})"),
                                                 "space");
  CHECK(space[0].default_code == 1);
  CHECK(space[1].default_code == 2);
  CHECK(space[2].default_code == 0);
  CHECK(space[3].default_code == 2);
}

TEST_CASE("members of hyperparameters are read strictly") {
  CHECK(complaint(space_with(number(R"("type": "uniform_float", "lowr": 0, "upper": 1)"))) ==
        "space.json/hyperparameters/0/lowr: unknown member; did you mean \"lower\"?");
  CHECK(complaint(space_with(number(R"("type": "uniform_flaot", "lower": 0, "upper": 1)")))
            .find("space.json/hyperparameters/0/type: \"uniform_flaot\" is not one of") == 0);
  CHECK(complaint(space_with(number(R"("type": "uniform_float", "lower": true, "upper": 1)"))) ==
        "space.json/hyperparameters/0/lower: expected a number, found true");
  CHECK(complaint(space_with(number(R"("type": "uniform_int", "lower": 0.5, "upper": 1)")))
            .find("space.json/hyperparameters/0/lower: expected a whole number") == 0);
  CHECK(complaint(space_with(number(R"("type": "uniform_float", "lower": 0, "upper": 1, "log": 1)"))) ==
        "space.json/hyperparameters/0/log: expected true or false, found 1");
  CHECK(complaint(space_with(number(R"("type": "uniform_float", "upper": 1)"))) ==
        "space.json/hyperparameters/0: has no \"lower\"; hyperego searches bounded ranges only, so add \"lower\" and "
        "\"upper\"");
  CHECK(complaint(space_with(R"({"type": "uniform_float", "lower": 0, "upper": 1})")) ==
        "space.json/hyperparameters/0: member \"name\" is missing");
  CHECK(complaint(space_with(R"({"name": "", "type": "constant", "value": 1})")) ==
        "space.json/hyperparameters/0/name: is empty; give every hyperparameter a name");
  CHECK(complaint(R"({"hyperparameter": []})") ==
        "space.json/hyperparameter: unknown member; did you mean \"hyperparameters\"?");
  CHECK(complaint("[]").find("space.json: expected an object") == 0);
}

TEST_CASE("members that other programs add are passed over, and misspelt ones are not") {
  std::vector<std::string> passed_over;
  const std::string text = R"({"name": "s", "comment": "by hand", "meta": {"owner": "team"}, "format_version": 0.4,
    "python_module_version": "0.6.1", "$schema": "x", "generated_by": "a tool", "hyperparameters": [
      {"type": "uniform_float", "name": "lr", "lower": 0.001, "upper": 0.1, "comment": 1, "unit": "1/s"},
      {"type": "constant", "name": "k", "value": 1, "default": 1, "note": "fixed"}],
    "conditions": [{"type": "EQ", "child": "lr", "parent": "k", "value": 1, "description": "always"}],
    "forbiddens": [{"type": "EQUALS", "name": "lr", "value": 0.1, "_why": "slow"}]})";
  const SearchSpace space = space_from_configspace_json(parse_json(text, "space.json"), "space.json", &passed_over);
  CHECK(space.size() == 2);
  CHECK(passed_over ==
        std::vector<std::string>{"comment", "meta", "$schema", "generated_by", "unit", "note", "description", "_why"});
  CHECK(remark_on({"comment", "meta"}) == "\"comment\" and \"meta\" are no part of a space and passed over");
  for (const char* member : {"loer", "uper", "lgo", "defualt", "lower_bound", "log_scale", "min", "step", "Q"}) {
    CAPTURE(member);
    CHECK(complaint(space_with(number(R"("type": "uniform_float", "lower": 0, "upper": 1, ")" + std::string(member) +
                                      "\": 1")))
              .find("space.json/hyperparameters/0/" + std::string(member) + ": unknown member") == 0);
  }
  CHECK(complaint(space_with(number(R"("type": "uniform_float", "lower": 0, "upper": 1, "loer": 1)"))) ==
        "space.json/hyperparameters/0/loer: unknown member; did you mean \"lower\"?");
}

TEST_CASE("values of every kind that JSON has can be chosen") {
  const std::string text = R"({"hyperparameters": [
    {"type": "categorical", "name": "depth", "choices": [null, 3, true, "null"], "default_value": null},
    {"type": "categorical", "name": "layers", "choices": [[64, 64], [128]], "default_value": [64, 64]},
    {"type": "constant", "name": "options", "value": {"a": [1, null]}},
    {"type": "uniform_float", "name": "x", "lower": 0, "upper": 1}],
    "conditions": [{"type": "NEQ", "child": "x", "parent": "depth", "value": null}],
    "forbiddens": [{"type": "IN", "name": "layers", "values": [[128]]}]})";
  const SearchSpace space = read(text);
  const Configuration standard = space.default_configuration();
  CHECK(space.to_json(standard).dump() == R"({"depth":null,"layers":[64,64],"options":{"a":[1,null]}})");
  CHECK(space.legal_configuration_from_json(space.to_json(standard), "trial") == standard);
  CHECK(space.is_active(3, Configuration({3, 0, 0, 0.5})));
  CHECK(space.is_forbidden(Configuration({3, 1, 0, 0.5})));
  CHECK(to_configspace_json(space_from_configspace_json(to_configspace_json(space), "again")) ==
        to_configspace_json(space));
  CHECK_THROWS_WITH_AS((void)space.configuration_from_json(parse_json(R"({"x": null})", "trial"), "trial"),
                       "trial/x: is null; leave inactive hyperparameters out", InvalidInput);
}

TEST_CASE("domains that make no sense are named") {
  CHECK(complaint(space_with(number(R"("type": "uniform_float", "lower": 2, "upper": 1)"))) ==
        "space.json/hyperparameters/0/lower: 2 is not below the upper bound 1; swap the bounds, or use a constant for "
        "a single value");
  CHECK(complaint(space_with(number(R"("type": "uniform_float", "lower": 0, "upper": 1, "log": true)"))) ==
        "space.json/hyperparameters/0/lower: 0 is not positive, which a log scale needs; raise it or set \"log\" to "
        "false");
  CHECK(complaint(space_with(number(R"("type": "uniform_float", "lower": 0, "upper": 1, "default": 1.5)"))) ==
        "space.json/hyperparameters/0/default: 1.5 is outside the domain of \"x\"; give a float in [0, 1]");
  CHECK(complaint(space_with(
            number(R"("type": "uniform_float", "lower": 0, "upper": 1, "default": 1, "default_value": 1)"))) ==
        "space.json/hyperparameters/0/default: says the same as \"default_value\"; remove one of them");
  CHECK(complaint(space_with(number(R"("type": "normal_int", "mu": 3, "sigma": 1, "lower": null, "upper": null)"))) ==
        "space.json/hyperparameters/0: has no \"lower\"; hyperego searches bounded ranges only, so add \"lower\" and "
        "\"upper\"");
  CHECK(complaint(space_with(number(R"("type": "normal_float", "mu": 3, "sigma": 0, "lower": 0, "upper": 5)"))) ==
        "space.json/hyperparameters/0/sigma: must be above 0");
  CHECK(complaint(space_with(number(R"("type": "categorical", "choices": ["a", "b", "a"])"))) ==
        "space.json/hyperparameters/0/choices/2: repeats \"a\"; leave one of them out");
  CHECK(complaint(space_with(number(R"("type": "categorical", "choices": [null, "a", null])"))) ==
        "space.json/hyperparameters/0/choices/2: repeats null; leave one of them out");
  CHECK(complaint(space_with(number(R"("type": "categorical", "choices": ["a", "b"], "weights": [0, -1])"))) ==
        "space.json/hyperparameters/0/weights/1: must be finite and not negative");
  CHECK(complaint(space_with(number(R"("type": "ordinal", "sequence": [])"))) ==
        "space.json/hyperparameters/0/sequence: is empty; give at least one value");
  CHECK(complaint(space_with(R"({"name": "degree", "type": "constant", "value": 1})")) ==
        "space.json/hyperparameters/2/name: \"degree\" is the name of hyperparameter 0 already; rename one of them");
}

TEST_CASE("conditions that make no sense are named") {
  const auto condition = [](const std::string& text) { return complaint(space_with("", text)); };
  CHECK(condition(R"({"type": "EQ", "child": "degree", "parent": "kernl", "value": "poly"})") ==
        "space.json/conditions/0/parent: \"kernl\" is no hyperparameter of the space; did you mean \"kernel\"?");
  CHECK(condition(R"({"type": "EQ", "child": "gamma", "parent": "kernel", "value": "poly"})") ==
        "space.json/conditions/0/child: \"gamma\" is no hyperparameter of the space; expected one of \"kernel\", "
        "\"degree\"");
  CHECK(condition(R"({"type": "EQ", "child": "degree", "parent": "kernel", "value": "linear"})") ==
        R"(space.json/conditions/0/value: "linear" is outside the domain of "kernel"; give one of "rbf", "poly")");
  CHECK(condition(R"({"type": "IN", "child": "degree", "parent": "kernel", "values": []})") ==
        "space.json/conditions/0/values: is empty; give at least one value of \"kernel\"");
  CHECK(condition(R"({"type": "IN", "child": "degree", "parent": "kernel", "value": "poly"})") ==
        "space.json/conditions/0/value: unknown member; did you mean \"values\"?");
  CHECK(condition(R"({"type": "GT", "child": "degree", "parent": "kernel", "value": "poly"})") ==
        "space.json/conditions/0: \"kernel\" has no order, so nothing is less or greater; compare with EQ, NEQ or IN");
  CHECK(condition(R"({"type": "EQ", "child": "degree", "parent": "kernel", "value": "poly"},
                     {"type": "LT", "child": "kernel", "parent": "degree", "value": 4})") ==
        "space.json/conditions/1: \"kernel\" depends on \"degree\" depends on \"kernel\"; remove one of these "
        "conditions");
  CHECK(condition(R"({"type": "AND", "child": "degree", "conditions": [
                       {"type": "EQ", "child": "kernel", "parent": "kernel", "value": "poly"}]})") ==
        "space.json/conditions/0/conditions/0/child: differs from the child of the whole condition; write one "
        "condition per child");
}

TEST_CASE("clauses that make no sense are named") {
  const auto clause = [](const std::string& text) { return complaint(space_with("", "", text)); };
  CHECK(clause(R"({"type": "AND", "clauses": [{"type": "EQUALS", "name": "kernel", "value": "rbf"},
                                              {"type": "IN", "name": "degree", "values": [3, 4]}]})") ==
        "space.json/forbiddens/0: forbids the default configuration (kernel == \"rbf\" and degree in {3, 4}); change "
        "the clause or one "
        "of these defaults");
  CHECK(clause(R"({"type": "EQUALS", "name": "degree", "value": 7})") ==
        "space.json/forbiddens/0/value: 7 is outside the domain of \"degree\"; give an integer in [2, 5]");
  CHECK(clause(R"({"type": "AND", "clauses": []})") ==
        "space.json/forbiddens/0/clauses: is empty and would forbid everything; give at least one clause");
  CHECK(clause(R"({"type": "RELATION_LT", "left": "kernel", "right": "degree"})")
            .find("space.json/forbiddens/0: values of \"kernel\" and \"degree\" have no common order") == 0);
  CHECK(clause(R"({"type": "RELATION", "lambda": "LESS", "left": "degree"})") ==
        "space.json/forbiddens/0: member \"right\" is missing");
  CHECK(clause(R"({"type": "CLAUSE_LT", "name": "kernel", "value": "poly"})")
            .find("space.json/forbiddens/0: compares \"kernel\", which has no order") == 0);
  CHECK(clause(R"({"type": "OR", "clauses": []})") ==
        "space.json/forbiddens/0/clauses: is empty; give at least one clause");
}

TEST_CASE("what old writers wrote is read") {
  const SearchSpace space = read(R"({
    "hyperparameters": [
      {"name": "c", "type": "categorical", "choices": [true, false], "default": false, "probabilities": [0.25, 0.75]},
      {"name": "f", "type": "beta_float", "alpha": 2, "beta": 3, "lower": 0, "upper": 2.0, "default": 0.5, "log": false, "q": null},
      {"name": "n", "type": "normal_int", "mu": 3, "sigma": 1.5, "lower": 1, "upper": 9.0, "default": 4},
      {"name": "u", "type": "unparametrized", "value": "on", "meta": {"why": "fixed"}},
      {"name": "w", "type": "categorical", "choices": ["a", "b"], "weights": [1, 3]}],
    "conditions": [{"type": "EQ", "child": "n", "parent": "c", "value": true},
                   {"type": "NEQ", "child": "n", "parent": "w", "value": "a"}],
    "forbiddens": [{"name": "c", "type": "AND", "clauses": [{"type": "AND", "clauses": [{"type": "EQUALS", "name": "c", "value": true}]},
                                                            {"type": "IN", "name": "n", "values": [8, 9]}]}],
    "python_module_version": "0.6.1", "json_format_version": 0.4})");
  CHECK(std::get<CategoricalDomain>(space[0].domain).weights == std::vector<double>{0.25, 0.75});
  CHECK(space[0].default_code == 1);
  CHECK(space[1].prior->kind == Prior::Kind::beta);
  CHECK(space[2].prior->second == 1.5);
  CHECK(std::get<IntegerDomain>(space[2].domain).upper == 9);
  CHECK(space[3].is_constant());
  CHECK((*space[3].meta)["why"] == "fixed");
  CHECK(space[4].default_code == 1);  // the heaviest choice
  CHECK(space.parents(2) == std::vector<std::size_t>{0, 4});
  const auto active = [&](double c, double w) { return space.is_active(2, Configuration({c, 0, 0, 0, w})); };
  CHECK(active(0, 1));
  CHECK_FALSE(active(0, 0));
  CHECK_FALSE(active(1, 1));
  CHECK(space.forbidden_clauses()[0].terms.size() == 2);
  CHECK(space.is_forbidden(Configuration({0, 0.5, 8, 0, 1})));
  const SearchSpace again =
      space_from_configspace_json(to_configspace_json(space, ConfigSpaceDialect::legacy), "again");
  CHECK(to_configspace_json(again) == to_configspace_json(space));
}

TEST_CASE("a file that is not there is named") {
  CHECK_THROWS_WITH_AS((void)read_configspace_file("no/such/space.json"),
                       "no/such/space.json: cannot be read; check that it exists and may be read", InvalidInput);
}
