// What is evaluated when, what becomes of results, and when it is over: without any evaluator, thread or clock.
#include <hyperego/core/error.hpp>
#include <hyperego/study/resource_shortage.hpp>
#include <hyperego/study/schedule.hpp>

#include <doctest/doctest.h>

#include "small_study.hpp"
#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <algorithm>
#include <functional>
#include <limits>

using namespace hyperego;
using hyperego::test::small_study;
using hyperego::test::TemporaryDirectory;
using hyperego::test::timeless_journal;
using Kind = EvaluationResult::Kind;
using Numbers = std::vector<std::uint64_t>;

namespace {

Numbers numbers_of(const std::vector<PendingTrial>& trials) {
  Numbers numbers;
  for (const PendingTrial& trial : trials) numbers.push_back(trial.trial);
  return numbers;
}

EvaluationResult completed(std::uint64_t trial, double seconds = 0) {
  const auto value = static_cast<double>(trial);
  Outcome outcome{.objectives = Eigen::Vector2d(value, 1 - value), .seconds = seconds};
  return {trial, outcome};
}

EvaluationResult failed(std::uint64_t trial) { return {trial, {.status = TrialStatus::failed, .message = "no"}}; }

EvaluationResult lost(std::uint64_t trial) { return {trial, {.status = TrialStatus::lost, .message = "gone"}}; }

EvaluationResult without(std::uint64_t trial, Kind kind) {
  return {trial, {.status = TrialStatus::lost, .message = "why"}, kind};
}

/// Follows the schedule to its end; all that is under way gets its result at once, in the order that `shuffle` makes.
RunSummary follow(Study& study, const std::function<void(std::vector<EvaluationResult>&)>& shuffle,
                  std::vector<Numbers>* begun = nullptr) {
  Schedule schedule(study);
  for (int turn = 0; turn < 1000; ++turn) {
    std::vector<EvaluationResult> results;
    const auto trials = schedule.due(turn);
    for (const PendingTrial& trial : trials) results.push_back(completed(trial.trial));
    if (begun != nullptr && !trials.empty()) begun->push_back(numbers_of(trials));
    if (schedule.is_over()) return schedule.finish(turn);
    shuffle(results);
    for (const EvaluationResult& result : results) (void)schedule.take({result}, turn);
  }
  FAIL("the schedule has no end");
  return {};
}

}  // namespace

TEST_CASE("a synchronous study has batches, told in the order of asking whatever order results come in") {
  const TemporaryDirectory directory;
  std::vector<Numbers> begun;
  {
    Study study(small_study(7, 3), directory / "forward", OpenMode::start);
    CHECK(follow(
              study, [](auto&) {}, &begun)
              .reason == StudyEnd::trials);
    CHECK(study.history().stopped()->reason == "trials");
  }
  CHECK(begun == std::vector<Numbers>{{0, 1, 2}, {3, 4, 5}, {6}});
  {
    Study study(small_study(7, 3), directory / "backward", OpenMode::start);
    (void)follow(study, [](auto& results) { std::reverse(results.begin(), results.end()); });
  }
  CHECK(timeless_journal(directory / "forward") == timeless_journal(directory / "backward"));

  Study study(small_study(7, 3));
  Schedule schedule(study);
  CHECK(schedule.due(0).size() == 3);
  CHECK(schedule.take({completed(2)}, 1).empty());
  CHECK(schedule.take({completed(1)}, 2).empty());
  CHECK(schedule.due(2).empty());  // the batch is not done
  CHECK(schedule.running() == 1);
  CHECK(schedule.take({completed(0)}, 3) == Numbers{0, 1, 2});
  CHECK(study.history().elapsed_s() == 3);
}

TEST_CASE("results that came before their turn are there when the study goes on") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  {
    Study study(small_study(3, 3), path, OpenMode::start);
    Schedule schedule(study);
    (void)schedule.due(0);
    CHECK(schedule.take({completed(1)}, 1).empty());
  }
  {
    Study study(small_study(3, 3), path, OpenMode::resume);
    Schedule schedule(study);
    CHECK(numbers_of(schedule.due(1)) == Numbers{0, 2});
    CHECK(schedule.take({completed(0)}, 2) == Numbers{0, 1});
  }
  Study study(small_study(3, 3), path, OpenMode::resume);
  CHECK(study.history().records()[1].outcome->objectives[0] == 1);
  CHECK(follow(study, [](auto&) {}).reason == StudyEnd::trials);
}

TEST_CASE("where every pending trial has its result already, nothing is evaluated and all of them are told") {
  const TemporaryDirectory directory;
  {
    Study study(small_study(4, 2), directory / "run", OpenMode::start);
    for (const PendingTrial& trial : study.ask(2)) {
      study.directory()->keep_early({{trial.trial, trial.configuration, completed(trial.trial).outcome}, 1});
    }
  }
  Study study(small_study(4, 2), directory / "run", OpenMode::resume);
  Schedule schedule(study);
  CHECK(schedule.due(1).empty());
  CHECK_FALSE(schedule.is_over());
  CHECK(*schedule.patience_s(1) == 0);
  CHECK(schedule.take({}, 1) == Numbers{0, 1});
  CHECK(numbers_of(schedule.due(1)) == Numbers{2, 3});
}

TEST_CASE("an asynchronous study tells results as they come and asks as soon as a worker is free") {
  Study study(small_study(5, 2, false));
  Schedule schedule(study);
  CHECK(numbers_of(schedule.due(0)) == Numbers{0, 1});
  CHECK(schedule.due(0).empty());
  CHECK(schedule.take({completed(1)}, 1) == Numbers{1});
  CHECK(numbers_of(schedule.due(1)) == Numbers{2});
  CHECK(schedule.take({completed(2), completed(0)}, 2) == Numbers{2, 0});
  CHECK(numbers_of(schedule.due(2)) == Numbers{3, 4});
  CHECK(schedule.take({completed(4)}, 3) == Numbers{4});
  CHECK(schedule.due(3).empty());
  CHECK_FALSE(schedule.is_over());
  CHECK(schedule.take({completed(3)}, 4) == Numbers{3});
  CHECK(schedule.due(4).empty());
  CHECK(schedule.is_over());
  CHECK(schedule.finish(4).reason == StudyEnd::trials);
  for (std::size_t i = 0; i < 5; ++i) CHECK(study.history().records()[i].batch_size == 1);
}

TEST_CASE("trials that are pending at the beginning come first, and no more at once than there are workers") {
  for (const bool synchronous : {true, false}) {
    CAPTURE(synchronous);
    Study study(small_study(6, 2, synchronous));
    (void)study.ask(5);
    Schedule schedule(study);
    CHECK(numbers_of(schedule.due(0)) == Numbers{0, 1});
    CHECK(schedule.take({completed(0)}, 1) == Numbers{0});
    CHECK(numbers_of(schedule.due(1)) == Numbers{2});
    CHECK(schedule.take({completed(1), completed(2)}, 2) == Numbers{1, 2});
    CHECK(numbers_of(schedule.due(2)) == Numbers{3, 4});
    CHECK(schedule.take({completed(3), completed(4)}, 3) == Numbers{3, 4});
    CHECK(numbers_of(schedule.due(3)) == Numbers{5});
  }
}

TEST_CASE("a lost trial is tried again after a while, each time a longer one, and then told as lost") {
  Study study(small_study(2, 2));
  Schedule schedule(study, {.attempts = 3, .back_off_s = 1});
  (void)schedule.due(0);
  CHECK(schedule.take({lost(0)}, 10).empty());
  CHECK(schedule.running() == 1);
  CHECK(schedule.due(10.5).empty());
  CHECK_THROWS_WITH_AS((void)schedule.take({completed(0)}, 10.5), doctest::Contains("trial 0: is not being evaluated"),
                       InvalidInput);
  (void)schedule.take({completed(1)}, 10.5);
  CHECK(*schedule.patience_s(10.5) == doctest::Approx(0.5));
  CHECK(numbers_of(schedule.due(11)) == Numbers{0});
  CHECK_FALSE(schedule.patience_s(11).has_value());
  CHECK(schedule.take({lost(0)}, 20).empty());
  CHECK(*schedule.patience_s(20) == doctest::Approx(2));
  CHECK(numbers_of(schedule.due(22)) == Numbers{0});
  CHECK(schedule.take({lost(0)}, 30) == Numbers{0, 1});
  CHECK(study.history().records()[0].outcome->status == TrialStatus::lost);
  CHECK(schedule.due(30).empty());
  CHECK(schedule.finish(30).reason == StudyEnd::trials);
}

TEST_CASE("a lost trial is not told where so many have failed that the study ends") {
  StudySpecification specification = small_study(9, 3);
  specification.max_failures = 2;
  Study study(specification);
  Schedule schedule(study, {.attempts = 1});
  (void)schedule.due(0);
  CHECK(schedule.take({lost(2), failed(0), failed(1)}, 1) == Numbers{0, 1});
  CHECK(schedule.due(1).empty());
  CHECK(schedule.finish(1).reason == StudyEnd::max_failures);
  CHECK(numbers_of(study.pending()) == Numbers{2});
}

TEST_CASE("a study that is stopped waits for what is under way; what is lost stays pending") {
  for (const bool synchronous : {true, false}) {
    CAPTURE(synchronous);
    Study study(small_study(9, 3, synchronous));
    Schedule schedule(study, {.back_off_s = 1});
    (void)schedule.due(0);
    CHECK(schedule.take({lost(1)}, 1).empty());
    schedule.stop();
    CHECK(schedule.due(5).empty());  // the second attempt of trial 1 is given up
    CHECK_FALSE(schedule.is_over());
    CHECK(schedule.take({completed(0)}, 5) == Numbers{0});
    CHECK(schedule.take({lost(2)}, 6).empty());
    CHECK(schedule.due(6).empty());
    REQUIRE(schedule.is_over());
    const RunSummary summary = schedule.finish(6);
    CHECK(summary.reason == StudyEnd::interrupted);
    CHECK(summary.message == "interrupted after 1 trials");
    CHECK(numbers_of(study.pending()) == Numbers{1, 2});
    CHECK_FALSE(study.history().stopped().has_value());
  }
}

TEST_CASE("a stop after the last result is no interruption") {
  Study study(small_study(1));
  Schedule schedule(study);
  (void)schedule.due(0);
  (void)schedule.take({completed(0)}, 1);
  schedule.stop();
  CHECK(schedule.due(1).empty());
  CHECK(schedule.finish(1).reason == StudyEnd::trials);
}

TEST_CASE("where nothing can be evaluated any more, the study ends and its trials stay pending") {
  Study study(small_study(9, 2));
  Schedule schedule(study);
  (void)schedule.due(0);
  CHECK(schedule.take({without(0, Kind::refused)}, 1).empty());
  CHECK(schedule.due(1).empty());
  CHECK_FALSE(schedule.is_over());
  CHECK(schedule.take({completed(1)}, 2).empty());  // trial 0 has the turn
  CHECK(schedule.due(2).empty());
  const RunSummary summary = schedule.finish(2);
  CHECK(summary.reason == StudyEnd::refused);
  CHECK(summary.message == "why");
  CHECK(study.pending().size() == 2);
  CHECK(study.history().stopped()->reason == "refused");
}

TEST_CASE("a machine without room is asked again, then the study ends with what is missing") {
  const TemporaryDirectory directory;
  Study study(small_study(9, 2), directory / "run", OpenMode::start);
  Schedule schedule(study, {.attempts = 2, .back_off_s = 1});
  (void)schedule.due(0);
  CHECK(schedule.take({without(1, Kind::no_room)}, 1).empty());
  CHECK(numbers_of(schedule.due(2)) == Numbers{1});
  CHECK(schedule.take({without(1, Kind::no_room)}, 3).empty());
  CHECK(schedule.take({completed(0)}, 4) == Numbers{0});
  CHECK(schedule.due(4).empty());
  REQUIRE(schedule.is_over());
  CHECK_THROWS_WITH_AS((void)schedule.finish(4), "why", ResourceShortage);
  CHECK(numbers_of(study.pending()) == Numbers{1});
  CHECK(std::filesystem::exists(directory / "run" / "front.json"));
}

TEST_CASE("limits of time end a study by the times that it is given") {
  StudySpecification specification = small_study(9, 2);
  specification.limits.wall_s = 100;
  Study study(specification);
  Schedule schedule(study);
  (void)schedule.due(99);
  (void)schedule.take({completed(0), completed(1)}, 99.5);
  CHECK(schedule.due(99.75).size() == 2);
  (void)schedule.take({completed(2), completed(3)}, 300);
  CHECK(schedule.due(300).empty());
  CHECK(schedule.finish(300).reason == StudyEnd::wall_clock);

  specification.limits.wall_s.reset();
  specification.limits.evaluation_s = 10;
  specification.synchronous = false;
  Study other(specification);
  Schedule asynchronous(other);
  (void)asynchronous.due(0);
  (void)asynchronous.take({completed(0, 11)}, 11);
  CHECK(asynchronous.due(11).empty());
  CHECK_FALSE(asynchronous.is_over());
  (void)asynchronous.take({completed(1, 1)}, 12);
  CHECK(asynchronous.due(12).empty());
  CHECK(asynchronous.finish(12).reason == StudyEnd::evaluation_time);
}

TEST_CASE("a study ends where its space has no more") {
  StudySpecification specification = small_study(9, 2);
  specification.space = std::make_shared<const SearchSpace>(std::vector{make_integer("a", 1, 3)});
  for (const bool synchronous : {true, false}) {
    CAPTURE(synchronous);
    specification.synchronous = synchronous;
    Study study(specification);
    CHECK(follow(study, [](auto&) {}).reason == StudyEnd::exhausted);
    CHECK(study.history().ended() == 3);
  }
}

TEST_CASE("one run may ask for fewer trials than the study, with workers of its own") {
  Study study(small_study(9));
  Schedule schedule(study, {.workers = 2, .synchronous = false, .new_trials = 3});
  CHECK(schedule.workers() == 2);
  CHECK(schedule.due(0).size() == 2);
  (void)schedule.take({completed(0), completed(1)}, 1);
  CHECK(schedule.due(1).size() == 1);
  (void)schedule.take({completed(2)}, 2);
  CHECK(schedule.due(2).empty());
  REQUIRE(schedule.is_over());
  CHECK(schedule.finish(2).reason == StudyEnd::interrupted);
  CHECK_FALSE(study.history().stopped().has_value());
  CHECK(follow(study, [](auto&) {}).reason == StudyEnd::trials);
}

TEST_CASE("what no evaluation can have given is refused and changes nothing") {
  Study study(small_study(4, 2));
  Schedule schedule(study);
  CHECK_THROWS_AS((void)schedule.take({completed(0)}, 0), InvalidInput);
  (void)schedule.due(0);
  CHECK_THROWS_AS((void)schedule.take({completed(0), completed(7)}, 1), InvalidInput);
  CHECK_THROWS_WITH_AS((void)schedule.take({completed(0), completed(0)}, 1), doctest::Contains("two results"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS((void)schedule.take({{0, {.status = TrialStatus::running}}}, 1),
                       doctest::Contains("has not ended"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)schedule.finish(1), doctest::Contains("is not over"), InvalidInput);
  CHECK(study.history().ended() == 0);
  CHECK(schedule.take({completed(0), completed(1)}, 1) == Numbers{0, 1});

  CHECK_THROWS_WITH_AS(Schedule(study, {.attempts = 0}), doctest::Contains("attempts"), InvalidInput);
  CHECK_THROWS_WITH_AS(Schedule(study, {.back_off_s = -1}), doctest::Contains("back_off_s"), InvalidInput);
  CHECK_THROWS_WITH_AS(Schedule(study, {.workers = 0}), doctest::Contains("workers"), InvalidInput);
}
