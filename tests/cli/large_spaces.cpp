// Spaces of a size that only linear work gets through: comparing all pairs would take hours.
#include <doctest/doctest.h>

#include "program.hpp"
#include <algorithm>
#include <chrono>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

ordered_json study_of(ordered_json hyperparameters, const char* optimizer) {
  ordered_json study{{"name", "large"}, {"space", {{"hyperparameters", std::move(hyperparameters)}}}};
  study["space"]["conditions"] = ordered_json::array();
  study["space"]["forbiddens"] = ordered_json::array();
  study["objectives"] = {{{"name", "loss"}}};
  study["evaluator"] = {{"external", true}};
  study["optimizer"] = {{"name", optimizer}};
  return study;
}

ordered_json floats(int count) {
  ordered_json all = ordered_json::array();
  for (int i = 0; i < count; ++i) {
    all.push_back({{"name", "h" + std::to_string(i)}, {"type", "uniform_float"}, {"lower", 0}, {"upper", 1}});
  }
  return all;
}

}  // namespace

TEST_CASE("a million choices are validated, and a hundred thousand looked up") {
  const TemporaryDirectory directory;
  ordered_json choices = ordered_json::array();
  for (int k = 0; k < 100000; ++k) choices.push_back("c" + std::to_string(k));
  ordered_json categorical{{"name", "c"}, {"type", "categorical"}, {"choices", choices}};
  ordered_json study = study_of({categorical, floats(1)[0]}, "random");
  // Every value is looked up in the list of choices.
  choices.erase(choices.begin());
  study["space"]["conditions"] = {{{"type", "IN"}, {"child", "h0"}, {"parent", "c"}, {"values", choices}}};
  put(directory / "s.json", study.dump());
  const auto asked = hyperego::test::hyperego({"init", "s.json", "--out", "run"}, directory.path());
  CAPTURE(asked.err);
  REQUIRE(asked.code == 0);
  const auto answer = hyperego::test::hyperego({"ask", "run", "--count", "2"}, directory.path());
  CAPTURE(answer.err);
  REQUIRE(answer.code == 0);
  CHECK(answer.json().size() == 2);

  for (int k = 100000; k < 1000000; ++k) categorical["choices"].push_back("c" + std::to_string(k));
  categorical["choices"].push_back("c5");
  put(directory / "twice.json", study_of({categorical}, "random").dump());
  const auto refused = hyperego::test::hyperego({"validate", "twice.json"}, directory.path());
  CHECK(refused.code == 2);
  CHECK(refused.err.find("hyperparameters/0/choices/1000000: repeats \"c5\"") != std::string::npos);
}

TEST_CASE("a hundred thousand hyperparameters") {
  const TemporaryDirectory directory;
  put(directory / "s.json", study_of(floats(100000), "random").dump());
  REQUIRE(hyperego::test::hyperego({"init", "s.json", "--out", "run"}, directory.path()).code == 0);
  const auto answer = hyperego::test::hyperego({"ask", "run", "--count", "2"}, directory.path());
  CAPTURE(answer.err);
  REQUIRE(answer.code == 0);
  // ordered_json looks for every new member among all before it.
  CHECK(nlohmann::json::parse(answer.out).at(1).at("configuration").size() == 100000);
  // Another study would take its trials over, with the same names in another order; they are compared first.
  REQUIRE(hyperego::test::hyperego({"tell", "run", "--trial", "0", "--objectives", "[1]"}, directory.path()).code == 0);
  ordered_json reversed = floats(100000);
  std::reverse(reversed.begin(), reversed.end());
  ordered_json warm = study_of(std::move(reversed), "random");
  warm["warm_start"] = {"run"};
  put(directory / "w.json", warm.dump());
  const auto begun = std::chrono::steady_clock::now();
  const auto taken = hyperego::test::hyperego({"validate", "w.json"}, directory.path());
  CAPTURE(taken.err);
  CHECK(taken.code == 2);
  CHECK(taken.err.find("has no model that trials of earlier studies could enter") != std::string::npos);
  // 2 s; all pairs of names take minutes.
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(40));
  // What was written is read again.
  CHECK(hyperego::test::hyperego({"status", "run"}, directory.path()).code == 0);

  for (const char* optimizer : {"parego"}) {
    put(directory / "m.json", study_of(floats(100000), optimizer).dump());
    const auto refused = hyperego::test::hyperego({"validate", "m.json"}, directory.path());
    CAPTURE(refused.err);
    CHECK(refused.code == 2);
    CHECK(refused.complains_in_one_sentence());
    CHECK(refused.err.find("space/hyperparameters: are 100000") != std::string::npos);
    CHECK(refused.err.find("take the optimizer \"random\"") != std::string::npos);
  }
}
