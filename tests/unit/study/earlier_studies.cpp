// Studies that start from the trials of others.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/earlier_studies.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/runner.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "small_study.hpp"
#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <atomic>
#include <cmath>
#include <filesystem>
#include <sstream>

using namespace hyperego;
using hyperego::test::run;
using hyperego::test::run_in;
using hyperego::test::small_objectives;
using hyperego::test::small_parego_study;
using hyperego::test::small_study;
using hyperego::test::TemporaryDirectory;
using hyperego::test::text_of;
using hyperego::test::timeless_journal;
using nlohmann::ordered_json;

TEST_CASE("a study starts from what earlier ones found, and needs nothing of them to go on") {
  const TemporaryDirectory directory;
  (void)run_in(directory / "first", small_parego_study(20), OpenMode::start);
  StudySpecification second = small_parego_study(16);
  second.seed = 8;
  second.warm_start = {directory / "first"};
  const StudyHistory earlier = RunDirectory::read_history(directory / "first");

  const auto whole = directory / "whole";
  (void)run_in(whole, second, OpenMode::start);
  const StudyHistory history = RunDirectory::read_history(whole);
  CHECK(history.ended() == 16);  // none of theirs counts
  std::size_t designed = 0;
  std::istringstream decisions(text_of(whole / "decisions.jsonl"));
  for (std::string line; std::getline(decisions, line);) {
    const ordered_json decision = parse_json(line, "decision");
    if (decision.at("phase") == "initial") {
      // Only the best of the earlier study is planned: its trials replace the rest of the design.
      const Configuration& c = history.records()[designed++].configuration;
      bool is_on_earlier_front = false;
      for (const std::uint64_t trial : earlier.front()) {
        is_on_earlier_front = is_on_earlier_front || earlier.records()[trial].configuration == c;
      }
      CHECK(is_on_earlier_front);
    } else {
      CHECK(decision.at("notes").dump().find("20 trials of earlier studies") != std::string::npos);
    }
  }
  CHECK(designed >= 1);
  CHECK(designed <= 3);

  // Interrupted, and the earlier study gone: the same bytes.
  const auto part = directory / "part";
  {
    StudySpecification shorter = second;
    shorter.limits.trials = 16;
    Study opened(shorter, part, OpenMode::start);
    StopSignal stop;
    std::atomic<int> evaluations = 0;
    const auto evaluator = function_evaluator(
        [&](const Configuration& configuration) {
          if (++evaluations == 9) stop.raise();
          return small_objectives(configuration);
        },
        2);
    CHECK(run_study(opened, *evaluator, stop).reason == StudyEnd::interrupted);
  }
  std::filesystem::remove_all(directory / "first");
  CHECK(run_in(part, second, OpenMode::resume).reason == StudyEnd::trials);
  CHECK(timeless_journal(part) == timeless_journal(whole));
  CHECK(text_of(part / "decisions.jsonl") == text_of(whole / "decisions.jsonl"));
  // What was kept is needed, and its loss is said.
  std::filesystem::remove(part / "warm_start.json");
  CHECK_THROWS_WITH_AS(Study(second, part, OpenMode::resume), doctest::Contains("warm_start.json: is missing"),
                       StoreError);
}

TEST_CASE("trials of a study in another space are taken over where they are legal") {
  const TemporaryDirectory directory;
  (void)run_in(directory / "first", small_parego_study(12), OpenMode::start);
  const StudyHistory earlier = RunDirectory::read_history(directory / "first");
  const std::vector<Value> choices{std::string("a"), std::string("b,\"c\"")};
  const auto taken = [&](std::vector<Hyperparameter> hyperparameters,
                         std::vector<SearchSpace::ChildCondition> conditions = {},
                         std::vector<ForbiddenClause> forbidden = {}) {
    StudySpecification study = small_parego_study(6);
    study.space =
        std::make_shared<const SearchSpace>(std::move(hyperparameters), std::move(conditions), std::move(forbidden));
    study.warm_start = {directory / "first"};
    const ordered_json kept = read_earlier_studies(study);
    CHECK(earlier_trials(kept, study, "kept").size() == kept["studies"][0]["trials"].size());
    return remarks_on(kept).at(0);
  };
  const auto legal = [&](const auto& is_legal) {
    std::size_t count = 0;
    for (const StudyHistory::Record& record : earlier.records()) count += is_legal(record.configuration) ? 1 : 0;
    return std::to_string(count) + " of the 12 completed trials of \"test\" in";
  };
  const Hyperparameter x = make_float("x", 0, 1);
  const Hyperparameter k = make_integer("k", 1, 8);
  const Hyperparameter c = make_categorical("c", choices);
  const std::string all = "warm start: 12 of the 12 completed trials of \"test\" in";
  CHECK(taken({make_float("x", 0, 2), k, c}).find(all) == 0);          // widened
  CHECK(taken({x, make_float("k", 0, 9), c}).find(all) == 0);          // another kind, the same values
  CHECK(taken({x, make_integer("k", 1, 8, true), c}).find(all) == 0);  // another scale
  CHECK(taken({x, k, make_categorical("c", {choices[1], choices[0], std::string("d")})}).find(all) == 0);
  // A child of what is new is inactive in every old trial.
  CHECK(taken({x, k, make_categorical("c", {choices[0], choices[1], std::string("d")}), make_float("z", 0, 1)},
              {{3, Comparison{.parent = 2, .codes = {2}}}})
            .find(all) == 0);

  const std::string narrower = taken({make_float("x", 0, 0.5), k, c});
  CAPTURE(narrower);
  CHECK(narrower.find(legal([](const Configuration& one) { return one[0] <= 0.5; })) != std::string::npos);
  CHECK(narrower.find(" where \"x\" is not a float in [0, 0.5]") != std::string::npos);
  CHECK(taken({x, make_quantised("k", {.lower = 1, .upper = 7, .q = 2, .whole = true}), c})
            .find(legal([](const Configuration& one) { return std::fmod(one[1], 2) == 1; })) != std::string::npos);
  CHECK(taken({x, k, make_categorical("c", {choices[0], std::string("d")})}).find(legal([](const Configuration& one) {
    return one[2] == 0;
  })) != std::string::npos);
  CHECK(taken({x, k, c}, {}, {{.terms = {{2, {1}}}}}).find(legal([](const Configuration& one) {
    return one[2] == 0;
  })) != std::string::npos);
}

TEST_CASE("studies that do not fit are refused with the reason") {
  const TemporaryDirectory directory;
  const auto path = directory / "first";
  (void)run_in(path, small_parego_study(6), OpenMode::start);
  const auto refused = [&](StudySpecification study, const std::string& reason) {
    study.warm_start = {path};
    CAPTURE(reason);
    CHECK_THROWS_WITH_AS(Study{study}, doctest::Contains(reason.c_str()), InvalidInput);
  };
  StudySpecification other = small_parego_study(6);
  const Hyperparameter c = make_categorical("c", {std::string("a"), std::string("b,\"c\"")});
  const auto with = [](std::vector<Hyperparameter> hyperparameters) {
    return std::make_shared<const SearchSpace>(std::move(hyperparameters));
  };
  other.space = with({make_float("x", 0, 1), make_integer("k", 1, 8)});
  refused(other,
          "study/warm_start/0: cannot start from \"test\": it has a hyperparameter \"c\", which this study has not");
  other.space = with({make_float("x", 0, 1), make_integer("k", 1, 8), c, make_float("z", 0, 1)});
  refused(other, "it has no hyperparameter \"z\", and what its trials used in that place is not known");
  other.space = with({make_float("rate", 0, 1), make_integer("k", 1, 8), c});
  refused(
      other,
      "it has a hyperparameter \"x\", which this study has not, and none \"rate\"; give what was renamed its old name");
  other = small_parego_study(6);
  other.objectives[1].direction = Direction::minimize;
  refused(other, "there \"score\" is to be maximized, here to be minimized");
  other = small_parego_study(6);
  other.objectives[0].name = "error";
  refused(other, "its objective 1 is \"loss\", here it is \"error\"");
  other = small_parego_study(6);
  other.constraints = {{.name = "memory", .upper = 3}};
  refused(other, "its constraints are others");
  refused(small_study(6), "\"random\" has no model");
  other = small_parego_study(6);
  other.warm_start = {directory / "nothing"};
  CHECK_THROWS_WITH_AS(Study{other}, doctest::Contains("is no run directory"), InvalidInput);
}
