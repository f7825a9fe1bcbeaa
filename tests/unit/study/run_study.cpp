// The loop ask → evaluate → tell of studies in memory: what ends it, and what becomes of trials that fail or are lost.
#include <hyperego/study/runner.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "small_study.hpp"
#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

using namespace hyperego;
using hyperego::test::run;
using hyperego::test::run_in;
using hyperego::test::small_objectives;
using hyperego::test::small_study;
using hyperego::test::TemporaryDirectory;
using hyperego::test::timeless_journal;

TEST_CASE("a study in memory runs to its end") {
  Study study(small_study(20));
  const RunSummary summary = run(study);
  CHECK(summary.reason == StudyEnd::trials);
  CHECK(study.history().ended() == 20);
  CHECK(study.history().count(TrialStatus::completed) == 20);
  CHECK(study.history().archive().size() >= 1);
  CHECK(*study.history().hypervolume() > 0);
  CHECK(study.history().stopped()->reason == "trials");
}

TEST_CASE("a failed trial is data") {
  Study study(small_study(9));
  int call = 0;
  const RunSummary summary = run(study, [&](const Configuration& configuration) -> std::vector<double> {
    switch (call++) {
      case 1:
        return {std::nan(""), 1};
      case 2:
        return {1, HUGE_VAL};
      case 3:
        throw std::runtime_error("out of memory");
      case 4:
        return {1};
      case 5:
        throw 3;
      default:
        return small_objectives(configuration);
    }
  });
  CHECK(summary.reason == StudyEnd::trials);
  CHECK(study.history().count(TrialStatus::failed) == 5);
  CHECK(study.history().count(TrialStatus::completed) == 4);
  CHECK(study.history().records()[3].outcome->message == "out of memory");
  CHECK(study.history().records()[1].outcome->objectives.size() == 0);
}

TEST_CASE("every limit ends a study and is recorded") {
  const auto ended_by = [](const auto& change, ObjectiveFunction function = small_objectives) {
    StudySpecification limited = small_study(60);
    change(limited);
    Study study(limited);
    const RunSummary summary = run(study, std::move(function));
    CHECK(study.history().stopped()->reason == to_string(summary.reason));
    return std::pair(summary.reason, study.history().ended());
  };
  using Reason = StudyEnd;
  const auto fail = [](const Configuration&) -> std::vector<double> { throw std::runtime_error("no"); };
  CHECK(ended_by([](auto& s) { s.max_failures = 4; }, fail) == std::pair(Reason::max_failures, std::uint64_t{4}));
  CHECK(ended_by([](auto& s) { s.max_failures = std::nullopt; }, fail) == std::pair(Reason::trials, std::uint64_t{60}));
  CHECK(ended_by([](auto& s) { s.limits.wall_s = 1e-9; }).first == Reason::wall_clock);
  CHECK(ended_by([](auto& s) { s.limits.evaluation_s = 1e-9; }).first == Reason::evaluation_time);
  CHECK(ended_by([](auto& s) { s.limits.target_hypervolume = 1e-6; }).first == Reason::target_hypervolume);
  CHECK(ended_by([](auto& s) { s.limits.stall_trials = 3; },
                 [](const Configuration&) {
                   return std::vector<double>{1, 1};
                 })
            .first == Reason::stalled);
  CHECK(ended_by([](auto& s) {
          s.space = std::make_shared<const SearchSpace>(
              std::vector{make_integer("a", 1, 2), make_integer("b", 1, 2), make_constant("c", std::int64_t{1})});
        }) == std::pair(Reason::exhausted, std::uint64_t{4}));
}

TEST_CASE("lost trials are tried again, then given up") {
  class Losing final : public Evaluator {
   public:
    Outcome evaluate(std::uint64_t trial, const Configuration& configuration, std::uint64_t /*seed*/) override {
      if (trial == 1 && ++attempts_ < 3) return {.status = TrialStatus::lost, .message = "gone"};
      if (trial == 2) return {.status = TrialStatus::lost, .message = "gone"};
      Outcome outcome;
      const auto values = small_objectives(configuration);
      outcome.objectives = Eigen::Vector2d(values[0], values[1]);
      return outcome;
    }

   private:
    int attempts_ = 0;
  } losing;
  Study study(small_study(4));
  StopSignal stop;
  (void)run_study(study, losing, stop, nullptr, {.back_off_s = 0});
  CHECK(study.history().records()[1].outcome->status == TrialStatus::completed);
  CHECK(study.history().records()[2].outcome->status == TrialStatus::lost);
}

TEST_CASE("batches are told in trial order whatever the timing") {
  const TemporaryDirectory directory;
  (void)run_in(directory / "plain", small_study(12, 4), OpenMode::start);
  std::atomic<int> calls = 0;
  (void)run_in(directory / "shuffled", small_study(12, 4), OpenMode::start, [&](const Configuration& configuration) {
    std::this_thread::sleep_for(std::chrono::milliseconds((4 - calls++ % 4) * 5));
    return small_objectives(configuration);
  });
  CHECK(timeless_journal(directory / "plain") == timeless_journal(directory / "shuffled"));
  CHECK_FALSE(std::filesystem::exists(directory / "shuffled" / "early.jsonl"));
}
