// However a study is interrupted, it goes on to the same bytes.
#include <hyperego/core/error.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/runner.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "small_study.hpp"
#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>

using namespace hyperego;
using hyperego::test::run;
using hyperego::test::run_in;
using hyperego::test::small_objectives;
using hyperego::test::small_study;
using hyperego::test::TemporaryDirectory;
using hyperego::test::text_of;
using hyperego::test::timeless_journal;

TEST_CASE("an interrupted study goes on as if nothing had happened") {
  for (const std::size_t workers : {std::size_t{1}, std::size_t{3}}) {
    CAPTURE(workers);
    const TemporaryDirectory directory;
    const auto study = small_study(20, workers);
    (void)run_in(directory / "whole", study, OpenMode::start);
    for (int interruption = 1; interruption < 20; interruption += 4) {
      CAPTURE(interruption);
      const auto path = directory / ("part" + std::to_string(interruption));
      {
        Study opened(study, path, OpenMode::start);
        StopSignal stop;
        std::atomic<int> evaluations = 0;
        const auto evaluator = function_evaluator(
            [&](const Configuration& configuration) {
              if (++evaluations == interruption) stop.raise();
              return small_objectives(configuration);
            },
            2);
        const RunSummary summary = run_study(opened, *evaluator, stop);
        CHECK(summary.reason == StudyEnd::interrupted);
      }
      CHECK_THROWS_AS(Study(study, path, OpenMode::start), InvalidInput);
      CHECK(run_in(path, study, OpenMode::resume).reason == StudyEnd::trials);
      CHECK(timeless_journal(path) == timeless_journal(directory / "whole"));
      for (const char* file : {"decisions.jsonl", "games.jsonl", "front.json", "front.csv", "study.json"}) {
        CHECK(text_of(path / file) == text_of(directory / "whole" / file));
      }
    }
  }
}

TEST_CASE("a journal cut at any byte is repaired and ends up the same") {
  const TemporaryDirectory directory;
  const auto study = small_study(7, 3);
  (void)run_in(directory / "whole", study, OpenMode::start);
  const std::string journal = text_of(directory / "whole" / "journal.jsonl");
  std::filesystem::copy(directory / "whole", directory / "cut", std::filesystem::copy_options::recursive);
  for (std::size_t size = 0; size < journal.size(); size += 97) {
    CAPTURE(size);
    std::ofstream(directory / "cut" / "journal.jsonl", std::ios::binary | std::ios::trunc) << journal.substr(0, size);
    (void)run_in(directory / "cut", study, OpenMode::resume);
    REQUIRE(timeless_journal(directory / "cut") == timeless_journal(directory / "whole"));
    REQUIRE(text_of(directory / "cut" / "decisions.jsonl") == text_of(directory / "whole" / "decisions.jsonl"));
  }
  std::filesystem::remove(directory / "cut" / "journal.jsonl");
  (void)run_in(directory / "cut", study, OpenMode::resume);
  CHECK(timeless_journal(directory / "cut") == timeless_journal(directory / "whole"));
}

TEST_CASE("a result that came before its turn is not lost") {
  const TemporaryDirectory directory;
  const auto study = small_study(3, 3);
  const auto path = directory / "run";
  std::vector<PendingTrial> trials;
  {
    Study opened(study, path, OpenMode::start);
    trials = opened.ask(3);
    Outcome outcome;
    outcome.objectives = Eigen::Vector2d(0.5, 0.25);
    opened.directory()->keep_early({{trials[1].trial, trials[1].configuration, outcome}, 1});
  }
  std::mutex mutex;
  std::vector<Configuration> evaluated;
  (void)run_in(path, study, OpenMode::resume, [&](const Configuration& configuration) {
    const std::lock_guard lock(mutex);
    evaluated.push_back(configuration);
    return small_objectives(configuration);
  });
  CHECK(evaluated.size() == 2);
  const StudyHistory history = RunDirectory::read_history(path);
  CHECK(history.records()[1].outcome->objectives[1] == 0.25);
  CHECK(history.ended() == 3);
}

TEST_CASE("results that came before their turn are forgotten once they are told") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  const auto early = path / "early.jsonl";
  Outcome outcome;
  outcome.objectives = Eigen::Vector2d(0.5, 0.25);
  outcome.message = std::string(1000, 'm');
  for (const bool are_told : {false, true}) {
    CAPTURE(are_told);
    {
      Study opened(small_study(3, 3), path, OpenMode::resume);
      const auto trials = opened.history().records().empty() ? opened.ask(3) : opened.pending();
      for (int i = 0; i < 100; ++i) opened.directory()->keep_early({{1, trials[1].configuration, outcome}, 1});
      const auto much = std::filesystem::file_size(early);
      opened.directory()->early_are_told();
      CHECK(std::filesystem::file_size(early) == 0);
      opened.directory()->keep_early({{1, trials[1].configuration, outcome}, 1});
      // A few bytes are not worth a flush for each batch.
      if (are_told) opened.directory()->early_are_told();
      CHECK(std::filesystem::file_size(early) > 0);
      CHECK(std::filesystem::file_size(early) * 50 < much);
    }
    CHECK(std::filesystem::exists(early) == !are_told);
  }
}

TEST_CASE("asynchronous studies can be replayed from their journal") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  const auto study = small_study(15, 3, false);
  (void)run_in(path, study, OpenMode::start);
  CHECK(RunDirectory::read_history(path).ended() == 15);
  auto longer = study;
  longer.limits.trials = 20;
  CHECK(run_in(path, longer, OpenMode::resume).reason == StudyEnd::trials);
  CHECK(RunDirectory::read_history(path).ended() == 20);
}

TEST_CASE("asking and telling by hand equals running") {
  const TemporaryDirectory directory;
  (void)run_in(directory / "run", small_study(8), OpenMode::start);
  for (int trial = 0; trial < 8; ++trial) {
    Study study(small_study(8), directory / "hand", OpenMode::resume);
    const auto asked = study.ask(1);
    REQUIRE(asked.size() == 1);
    const auto values = small_objectives(asked[0].configuration);
    Outcome outcome;
    outcome.objectives = Eigen::Vector2d(values[0], values[1]);
    study.tell(asked[0].trial, outcome);
    CHECK_FALSE(study.tell(asked[0].trial, outcome));
    CHECK_THROWS_AS(study.tell(99, outcome), InvalidInput);
  }
  {
    Study study(small_study(8), directory / "hand", OpenMode::resume);
    (void)run(study);
  }
  CHECK(timeless_journal(directory / "hand") == timeless_journal(directory / "run"));
}
