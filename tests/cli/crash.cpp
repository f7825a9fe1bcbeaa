// kill -9 of the real program, many times: nothing told is lost, and the suggestions are those of the uninterrupted
// run.
#include <hyperego/core/rng.hpp>

#include <doctest/doctest.h>

#include "program.hpp"
#include <chrono>
#include <cstdlib>
#include <thread>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

std::uintmax_t size_of(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return error ? 0 : size;
}

/// Kills the program again and again, each time after the journal has grown by a random number of bytes and a random
/// moment more.
int kills_until_done(const std::filesystem::path& directory, hyperego::Rng& rng) {
  const auto journal = directory / "run" / "journal.jsonl";
  for (int kills = 0; kills < 1000; ++kills) {
    const auto start = size_of(journal);
    const auto growth = 1 + rng.below(4000);
    const auto more = std::chrono::microseconds(rng.below(3000));
    RunningProgram program({"run", "s.json", "--out", "run", "--resume"}, directory);
    // A torn tail is cut when the program starts, so the size may shrink first.
    while (!program.has_ended() && size_of(journal) < start + growth)
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    std::this_thread::sleep_for(more);
    if (program.has_ended()) {
      CHECK(program.wait() == 0);
      return kills;
    }
    program.send(SIGKILL);
    program.wait();
  }
  return -1;
}

}  // namespace

TEST_CASE("a study survives being killed at any moment") {
  struct Case {
    std::string optimizer;
    int trials;
    int workers;
    bool synchronous = true;
  };
  const char* setting = std::getenv("HYPEREGO_KILLS");  // the long form
  const int wanted = setting != nullptr ? std::stoi(setting) : 40;
  const std::vector<Case> cases{
      {"random", 300, 1}, {"random", 300, 3}, {"parego", 25, 1}, {"hpi-parego", 25, 2}, {"random", 300, 3, false}};
  int all_kills = 0;
  for (std::uint64_t round = 0; all_kills < wanted && round < 1000; ++round) {
    const Case& one = cases[round % cases.size()];
    CAPTURE(one.optimizer);
    CAPTURE(one.workers);
    CAPTURE(round);
    const TemporaryDirectory directory;
    const ordered_json study{{"name", "crash"},
                             {"evaluator", {{"problem", "zdt1"}, {"variables", 3}}},
                             {"optimizer", {{"name", one.optimizer}}},
                             {"limits", {{"trials", one.trials}}},
                             {"workers", one.workers},
                             {"synchronous", one.synchronous}};
    put(directory / "s.json", study.dump());
    hyperego::Rng rng(1, "kill", round);
    const int kills = kills_until_done(directory.path(), rng);
    MESSAGE(one.optimizer, " with ", one.workers, " workers: ", kills, " kills");
    REQUIRE(kills >= 0);
    all_kills += kills;
    if (!one.synchronous) {
      // The order of results is the clock's; every trial must still be there once.
      const auto status = hyperego::test::hyperego({"status", "run"}, directory.path()).json();
      CHECK(status.at("trials").at("completed") == one.trials);
      continue;
    }
    const auto whole = hyperego::test::hyperego({"run", "s.json", "--out", "whole"}, directory.path());
    CAPTURE(whole.err);
    REQUIRE(whole.code == 0);
    CHECK(timeless_journal(directory / "run") == timeless_journal(directory / "whole"));
    for (const char* file : {"decisions.jsonl", "games.jsonl", "front.json", "front.csv", "study.json"}) {
      CAPTURE(file);
      CHECK(text_of(directory / "run" / file) == text_of(directory / "whole" / file));
    }
  }
  MESSAGE(all_kills, " kills in all");
  CHECK(all_kills >= wanted);
}
