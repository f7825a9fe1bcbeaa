// What is in a run directory, and where one is refused.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/runner.hpp>
#include <hyperego/study/status_json.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "small_study.hpp"
#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

using namespace hyperego;
using hyperego::test::run;
using hyperego::test::run_in;
using hyperego::test::small_study;
using hyperego::test::TemporaryDirectory;
using hyperego::test::text_of;
using nlohmann::ordered_json;

TEST_CASE("the files of a run directory have the forms of the contract") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  CHECK(run_in(path, small_study(6), OpenMode::start).reason == StudyEnd::trials);
  const auto events = Journal::read(path / "journal.jsonl").events;
  std::map<std::uint64_t, int> endings;
  std::size_t suggested = 0;
  for (const ordered_json& event : events) {
    if (event.at("event") == "suggested") {
      ++suggested;
      for (const char* member : {"trial", "configuration", "weights", "surrogate", "free", "digest"})
        CHECK(event.contains(member));
      CHECK_FALSE(event.contains("status"));
      CHECK_FALSE(event.contains("objectives"));
    }
    if (!event.contains("status")) continue;
    ++endings[event.at("trial").get<std::uint64_t>()];
    CHECK(event.at("status") == "completed");
    CHECK(event.at("configuration").size() == 3);
    CHECK(event.at("objectives").at("score").get<double>() >= 0);
  }
  CHECK(suggested == 6);
  CHECK(endings.size() == 6);

  std::istringstream decisions(text_of(path / "decisions.jsonl"));
  std::string line;
  std::size_t lines = 0;
  while (std::getline(decisions, line)) {
    const ordered_json decision = parse_json(line, "decision");
    CHECK(decision.at("trial") == lines++);
    for (const char* member : {"phase", "threshold", "weights", "baseline", "shapley", "game", "free", "frozen",
                               "reason", "predicted", "acquisition"}) {
      CHECK(decision.contains(member));
    }
  }
  CHECK(lines == 6);

  const ordered_json front = parse_json(text_of(path / "front.json"), "front");
  REQUIRE(front.is_array());
  REQUIRE_FALSE(front.empty());
  CHECK(front[0].size() == 2);
  const std::string csv = text_of(path / "front.csv");
  CHECK(csv.rfind("trial,x,k,c,loss,score\n", 0) == 0);
  CHECK(read_study(path / "study.json", {}, StudySource::recorded).limits.trials == 6);

  const StudyHistory history = RunDirectory::read_history(path);
  const ordered_json status = status_json(history, false);
  CHECK(status.at("trials").at("completed") == 6);
  CHECK(status.at("front").size() == front.size());
  CHECK(status.at("stopped").at("reason") == "trials");
}

TEST_CASE("a directory is refused where something would be lost") {
  const TemporaryDirectory directory;
  const auto study = small_study(3);
  auto other = study;
  other.seed = 4;
  const auto path = directory / "run";
  (void)run_in(path, study, OpenMode::start);
  const std::string journal = text_of(path / "journal.jsonl");
  CHECK_THROWS_AS(Study(other, path, OpenMode::resume), InvalidInput);
  CHECK_THROWS_AS(Study(study, path, OpenMode::start), InvalidInput);
  {
    const FileLock lock(path / "lock");
    CHECK_THROWS_AS(Study(study, path, OpenMode::resume), StoreError);
  }
  std::filesystem::create_directory(directory / "foreign");
  std::ofstream(directory / "foreign" / "front.csv") << "mine";
  CHECK_THROWS_AS(Study(study, directory / "foreign", OpenMode::start), InvalidInput);
  std::ofstream(directory / "file") << "x";
  CHECK_THROWS_AS(Study(study, directory / "file", OpenMode::start), InvalidInput);
  CHECK(text_of(path / "journal.jsonl") == journal);

  // Damage in the middle: refused, and nothing is changed.
  std::string damaged = journal;
  damaged[journal.find('\n') + 5] = '#';
  std::ofstream(path / "journal.jsonl", std::ios::trunc) << damaged;
  CHECK_THROWS_AS(Study(study, path, OpenMode::resume), StoreError);
  CHECK_THROWS_AS((void)RunDirectory::read_history(path), StoreError);
  CHECK(text_of(path / "journal.jsonl") == damaged);

  // A line that is missing, doubled or altered is damage as well.
  const auto lines = [&] {
    std::vector<std::string> result;
    std::istringstream stream(journal);
    for (std::string line; std::getline(stream, line);) result.push_back(line + "\n");
    return result;
  }();
  const auto refuses = [&](const std::vector<std::size_t>& order) {
    std::ofstream file(path / "journal.jsonl", std::ios::trunc);
    for (const std::size_t i : order) file << lines[i];
    file.close();
    CHECK_THROWS_AS(Study(study, path, OpenMode::resume), StoreError);
  };
  refuses({0, 1, 2, 4});
  refuses({0, 3, 4});
  refuses({0, 1, 2, 2, 3, 4});
  refuses({0, 2, 1, 3, 4});
}

TEST_CASE("projections are made anew from the journal") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  (void)run_in(path, small_study(5), OpenMode::start);
  const std::string decisions = text_of(path / "decisions.jsonl");
  for (const std::string& wrong :
       {std::string(), decisions.substr(0, decisions.size() / 2), decisions + "{\"trial\":5}\n"}) {
    std::ofstream(path / "decisions.jsonl", std::ios::trunc) << wrong;
    const Study study(small_study(5), path, OpenMode::resume);
    CHECK(text_of(path / "decisions.jsonl") == decisions);
  }
}
