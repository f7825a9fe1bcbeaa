#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/outcome_json.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace hyperego;

namespace {

StudySpecification study(bool constrained = false) {
  StudySpecification result;
  result.space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1)});
  result.objectives = {{.name = "a"}, {.name = "b"}};
  if (constrained) result.constraints = {{.name = "memory", .upper = 512}};
  return result;
}

Outcome read(const char* text, bool constrained = false) {
  return outcome_from_json(parse_json(text, "o"), study(constrained), "o");
}

}  // namespace

TEST_CASE("objectives by name, nested or as a list") {
  for (const char* text : {R"({"a":1,"b":2.5})", R"({"b":2.5,"a":1})", R"({"objectives":{"a":1,"b":2.5}})", "[1,2.5]",
                           R"({"objectives":[1,2.5],"status":"completed","info":"fine"})"}) {
    CAPTURE(text);
    const Outcome outcome = read(text);
    CHECK(outcome.status == TrialStatus::completed);
    REQUIRE(outcome.objectives.size() == 2);
    CHECK(outcome.objectives[0] == 1);
    CHECK(outcome.objectives[1] == 2.5);
  }
}

TEST_CASE("what a user tells is taken strictly") {
  for (const char* text : {R"({"a":1})", R"({"a":1,"b":2,"c":3})", R"({"a":1,"b":"2"})", R"({"a":1,"b":null})", "[1]",
                           "[1,2,3]", "3", R"({"a":1,"b":true})", R"({"a":1,"b":2,"status":"done"})", "{}"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)read(text), InvalidInput);
  }
}

TEST_CASE("constraints decide on feasibility") {
  CHECK(read(R"({"a":1,"b":2,"memory":512})", true).status == TrialStatus::completed);
  const Outcome broken = read(R"({"a":1,"b":2,"memory":513})", true);
  CHECK(broken.status == TrialStatus::infeasible);
  CHECK(broken.objectives.size() == 2);
  CHECK(broken.constraints[0] == 513);
  CHECK(read(R"({"objectives":{"a":1,"b":2},"constraints":{"memory":1}})", true).status == TrialStatus::completed);
  CHECK_THROWS_AS((void)read(R"({"a":1,"b":2})", true), InvalidInput);
  CHECK(read(R"({"status":"infeasible"})", true).status == TrialStatus::infeasible);
  CHECK(read(R"({"status":"failed","info":"oom"})", true).message == "oom");
}

TEST_CASE("whatever a program prints is an outcome") {
  CHECK(outcome_from_output(R"({"a":1,"b":2,"epochs":17})", study()).status == TrialStatus::completed);
  for (const char* line : {"", "done", "[1,2]", R"({"a":1})", R"({"a":1,"b":NaN})", R"({"a":1,"b":Infinity})",
                           R"({"a":1,"b":1e999})", R"({"a":1,"b":null})", "{\"a\":1,\"b\":\"\xff\"}"}) {
    CAPTURE(line);
    const Outcome outcome = outcome_from_output(line, study());
    CHECK(outcome.status == TrialStatus::failed);
    CHECK_FALSE(outcome.message.empty());
    CHECK(outcome.objectives.size() == 0);
  }
  CHECK(outcome_from_output(R"({"a":1,"b":NaN})", study()).message.find("not finite") != std::string::npos);
}

TEST_CASE("an objective may be called like a member") {
  StudySpecification odd = study();
  odd.objectives = {{.name = "status"}, {.name = "objectives"}};
  const Outcome outcome = outcome_from_json(parse_json(R"({"status":1,"objectives":2})", "o"), odd, "o");
  CHECK(outcome.objectives[0] == 1);
  CHECK(outcome.objectives[1] == 2);
}
