#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/non_finite_json.hpp>
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

TEST_CASE("what cannot go together is refused where a user tells it") {
  for (const char* text :
       {R"({"a":1,"b":2,"status":"failed"})", R"({"objectives":{"a":1,"b":2},"status":"failed"})",
        R"({"objectives":[1,2],"status":"timed_out"})", R"({"a":1,"status":"lost"})", R"({"a":1,"b":2,"failed":"why"})",
        R"({"status":"failed","constraints":{"memory":1}})", R"({"status":"failed","memory":1})",
        R"({"failed":"why","status":"infeasible"})", R"({"failed":"why","message":"why else"})",
        R"({"objectives":{"a":1,"b":2},"a":3,"memory":1})", R"({"a":1,"b":2,"constraints":{"memory":1},"memory":600})",
        R"({"a":1,"b":2,"memory":1,"info":"x","message":"y"})", R"({"status":"lost","reason":"x"})",
        R"({"a":1,"b":2,"constraints":{"memory":1,"time":3}})"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)read(text, true), InvalidInput);
  }
  CHECK(read(R"({"failed":"why"})").message == "why");
  CHECK(read(R"({"failed":"why","status":"failed"})").status == TrialStatus::failed);
  CHECK(read(R"({"status":"timed_out","message":"slow"})").status == TrialStatus::timed_out);
  CHECK(read(R"({"status":"lost"})").status == TrialStatus::lost);
  // A program's last line is data: what it says of itself counts.
  CHECK(outcome_from_output(R"({"a":1,"b":2,"status":"failed"})", study()).status == TrialStatus::failed);
}

TEST_CASE("a value that is not finite makes a failed trial, named and shown") {
  const auto told = [](const char* text, bool constrained) {
    return outcome_from_json(parse_json_with_non_finite(text, "o"), study(constrained), "o");
  };
  struct Told {
    const char* text;
    const char* fault;
  };
  for (const Told& line : std::initializer_list<Told>{
           {R"({"a":NaN,"b":1})", "objective \"a\" is not finite (NaN)"},
           {R"({"objectives":{"a":1,"b":-Infinity}})", "objective \"b\" is not finite (-Infinity)"},
           {R"([1,1e999])", "objective \"b\" is not finite (Infinity)"}}) {
    CAPTURE(line.text);
    const Outcome outcome = told(line.text, false);
    CHECK(outcome.status == TrialStatus::failed);
    CHECK(outcome.message == line.fault);
    CHECK(outcome.objectives.size() == 0);
  }
  const Outcome constraint = told(R"({"a":1,"b":2,"constraints":{"memory":nan},"info":"big"})", true);
  CHECK(constraint.status == TrialStatus::failed);
  CHECK(constraint.message == "constraint \"memory\" is not finite (NaN); big");
  CHECK(told(R"({"status":"infeasible","memory":inf})", true).status == TrialStatus::failed);
}

TEST_CASE("an infeasible trial keeps the values of its constraints where it has no others") {
  const Outcome outcome = read(R"({"status":"infeasible","constraints":{"memory":600}})", true);
  CHECK(outcome.status == TrialStatus::infeasible);
  REQUIRE(outcome.constraints.size() == 1);
  CHECK(outcome.constraints[0] == 600);
}

TEST_CASE("a missing member is that, whatever words the line holds") {
  for (const char* line : {R"({"inference_cost":1,"b":2})", R"({"nanoseconds":1,"a":2})", R"({"a":1,"info":"NaN"})"}) {
    CAPTURE(line);
    const std::string message = outcome_from_output(line, study()).message;
    CHECK(message.find("is missing") != std::string::npos);
    CHECK(message.find("finite") == std::string::npos);
  }
  // What is measured besides may be what it likes.
  CHECK(outcome_from_output(R"({"a":1,"b":2,"loss":NaN})", study()).status == TrialStatus::completed);
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
