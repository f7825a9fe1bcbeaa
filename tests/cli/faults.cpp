// A disk that fails: at every call that writes, flushes, cuts or renames a file of the run directory, in every way. The
// program stops clearly (or did not need the call), the journal is intact, and a resumed run ends as if nothing had
// been. A machine without power, and file systems without locks.
#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>

#include "program.hpp"
#include <algorithm>
#include <chrono>
#include <sys/mount.h>
#include <thread>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

ordered_json small_study() {
  return {{"name", "faults"},
          {"evaluator", {{"problem", "zdt1"}, {"variables", 2}}},
          {"optimizer", {{"name", "random"}}},
          {"limits", {{"trials", 5}}},
          {"workers", 2}};
}

std::vector<std::string> run_line() { return {"run", "s.json", "--out", "run", "--resume"}; }

using Settings = std::map<std::string, std::string>;

/// Faults among the files of `directory`/run; its shadow is beside it.
Settings faults(const TemporaryDirectory& directory, long at, const std::string& kind) {
  std::filesystem::create_directories(directory / "shadow");
  return {{"LD_PRELOAD", HYPEREGO_FAULTY_FILES},
          {"FAULT_FOLDER", (directory / "run").string()},
          {"FAULT_AT", std::to_string(at)},
          {"FAULT_KIND", kind},
          {"FAULT_SHADOW", (directory / "shadow").string()},
          {"FAULT_LOG", (directory / "calls").string()}};
}

/// What a power failure leaves at the least: every file as it was last flushed, and none that never was.
void lose_what_was_not_flushed(const TemporaryDirectory& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "run")) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  for (const auto& file : files) {
    std::filesystem::remove(file);
    const auto flushed = directory / "shadow" / file.filename();
    if (std::filesystem::exists(flushed)) std::filesystem::copy_file(flushed, file);
  }
}

/// What must hold after any run that met a fault.
void check_intact(const std::filesystem::path& directory, const ProgramResult& result) {
  CAPTURE(result.err);
  CHECK((result.code == 0 || result.code == 4));
  if (result.code == 4) CHECK(result.err.rfind("hyperego: ") != std::string::npos);
  if (std::filesystem::exists(directory / "run" / "journal.jsonl")) {
    CHECK_NOTHROW((void)hyperego::Journal::read(directory / "run" / "journal.jsonl"));
  }
}

}  // namespace

TEST_CASE("every write can fail in every way") {
  const TemporaryDirectory reference;
  put(reference / "s.json", small_study().dump());
  REQUIRE(hyperego::test::hyperego(run_line(), reference.path(), faults(reference, 0, "eio")).code == 0);
  const long calls = std::stol(text_of(reference / "calls"));
  MESSAGE(calls, " calls that can fail");
  REQUIRE(calls > 15);
  const std::string whole = timeless_journal(reference / "run");
  int stops = 0;
  int deaths = 0;
  for (const std::string& kind : std::vector<std::string>{"enospc", "eio", "short", "dead", "estale", "power"}) {
    for (long at = 1; at <= calls; ++at) {
      CAPTURE(kind);
      CAPTURE(at);
      const TemporaryDirectory directory;
      put(directory / "s.json", small_study().dump());
      const auto struck = hyperego::test::hyperego(run_line(), directory.path(), faults(directory, at, kind));
      if (kind == "power" && struck.code == -1) {
        ++deaths;
        lose_what_was_not_flushed(directory);
      } else {
        check_intact(directory.path(), struck);
      }
      stops += struck.code == 4 ? 1 : 0;
      const auto resumed = hyperego::test::hyperego(run_line(), directory.path());
      CAPTURE(resumed.err);
      REQUIRE(resumed.code == 0);
      CHECK(timeless_journal(directory / "run") == whole);
      CHECK(text_of(directory / "run" / "decisions.jsonl") == text_of(reference / "run" / "decisions.jsonl"));
      CHECK(text_of(directory / "run" / "front.json") == text_of(reference / "run" / "front.json"));
    }
  }
  MESSAGE(stops, " clear stops, ", deaths, " power failures");
  CHECK(stops > 2 * calls);
  CHECK(deaths * 2 > calls);
}

TEST_CASE("a result that waits for its turn survives a power failure") {
  const TemporaryDirectory directory;
  ordered_json study{
      {"name", "early"},
      {"space", {{"hyperparameters", {{{"name", "x"}, {"type", "uniform_float"}, {"lower", 0}, {"upper", 1}}}}}},
      {"objectives", {{{"name", "y"}}}},
      {"optimizer", {{"name", "random"}}},
      {"limits", {{"trials", 2}}},
      {"workers", 2}};
  study["evaluator"]["command"] = {
      "/bin/sh", "-c",
      "echo {trial} >>starts; while [ {trial} -eq 0 ] && ! [ -e go ]; do sleep 0.05; done; echo '{\"y\": {x}}'"};
  put(directory / "s.json", study.dump());
  {
    RunningProgram program(run_line(), directory.path(), faults(directory, 0, "eio"));
    const auto flushed = directory / "shadow" / "early.jsonl";
    for (int i = 0; i < 400 && text_of(flushed).empty(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK(text_of(flushed).find("\"trial\":1") != std::string::npos);
    program.send(SIGKILL);
    program.wait();
  }
  lose_what_was_not_flushed(directory);
  put(directory / "go", "");
  const auto resumed = hyperego::test::hyperego(run_line(), directory.path());
  CAPTURE(resumed.err);
  REQUIRE(resumed.code == 0);
  CHECK(resumed.json().at("trials").at("completed") == 2);
  const std::string starts = text_of(directory / "starts");
  CHECK(std::count(starts.begin(), starts.end(), '1') == 1);
  CHECK(std::count(starts.begin(), starts.end(), '0') == 2);
  CHECK_FALSE(std::filesystem::exists(directory / "run" / "early.jsonl"));
}

TEST_CASE("a file system without locks is refused, and nothing is touched") {
  for (const char* kind : {"enolck", "eopnotsupp", "ewouldblock"}) {
    CAPTURE(kind);
    const TemporaryDirectory directory;
    put(directory / "s.json", small_study().dump());
    Settings no_locks = faults(directory, 0, "eio");
    no_locks["FAULT_LOCK"] = kind;
    const auto refuses = [&](const std::vector<std::string>& line) {
      const auto refused = hyperego::test::hyperego(line, directory.path(), no_locks);
      CAPTURE(refused.err);
      CHECK(refused.code == 4);
      CHECK(refused.complains_in_one_sentence());
      CHECK(refused.err.find("lock") != std::string::npos);
    };
    refuses(run_line());
    CHECK_FALSE(std::filesystem::exists(directory / "run" / "journal.jsonl"));
    CHECK_FALSE(std::filesystem::exists(directory / "run" / "study.json"));
    REQUIRE(hyperego::test::hyperego(run_line(), directory.path()).code == 0);
    const std::string journal = text_of(directory / "run" / "journal.jsonl");
    refuses({"run", "s.json", "--out", "run", "--trials", "9", "--resume"});
    CHECK(text_of(directory / "run" / "journal.jsonl") == journal);
    CHECK(hyperego::test::hyperego({"status", "run"}, directory.path(), no_locks).code == 0);
  }
}

TEST_CASE("a disk that is full stops the study, and it goes on when there is room") {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory / "run");
  if (::mount("none", (directory / "run").c_str(), "tmpfs", 0, "size=24k") != 0) {
    MESSAGE("SKIPPED: mounting a small file system needs root");
    return;
  }
  put(directory / "s.json", small_study().dump());
  const auto struck = hyperego::test::hyperego({"run", "s.json", "--out", "run", "--trials", "60"}, directory.path());
  CHECK(struck.code == 4);
  const bool says_why =
      struck.err.find("No space left") != std::string::npos || struck.err.find("is the disk full") != std::string::npos;
  CHECK(says_why);
  check_intact(directory.path(), struck);
  REQUIRE(::mount("none", (directory / "run").c_str(), "tmpfs", MS_REMOUNT, "size=4m") == 0);
  const auto resumed =
      hyperego::test::hyperego({"run", "s.json", "--out", "run", "--trials", "60", "--resume"}, directory.path());
  CHECK(resumed.code == 0);
  REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "whole", "--trials", "60"}, directory.path()).code == 0);
  CHECK(timeless_journal(directory / "run") == timeless_journal(directory / "whole"));
  ::umount((directory / "run").c_str());
}

TEST_CASE("a directory that cannot be written is refused before anything is evaluated") {
  const TemporaryDirectory directory;
  put(directory / "s.json", small_study().dump());
  REQUIRE(hyperego::test::hyperego(run_line(), directory.path()).code == 0);
  // Root may write anywhere but to a file system that is mounted read-only.
  const std::string run = (directory / "run").string();
  if (::mount(run.c_str(), run.c_str(), nullptr, MS_BIND, nullptr) != 0 ||
      ::mount(nullptr, run.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) {
    MESSAGE("SKIPPED: mounting needs root");
    return;
  }
  const auto refused =
      hyperego::test::hyperego({"run", "s.json", "--out", "run", "--trials", "9", "--resume"}, directory.path());
  CHECK(refused.code == 4);
  CHECK(refused.complains_in_one_sentence());
  CHECK(hyperego::test::hyperego({"status", "run"}, directory.path()).code == 0);
  ::umount(run.c_str());
  CHECK(
      hyperego::test::hyperego({"run", "s.json", "--out", "run", "--trials", "9", "--resume"}, directory.path()).code ==
      0);
}

TEST_CASE("a journal of the first format is read for ever") {
  const TemporaryDirectory directory;
  std::filesystem::copy(std::filesystem::path(HYPEREGO_STUDY_DATA) / "format-1", directory / "run");
  // As that program wrote it, but for where its folder was.
  std::string study = text_of(directory / "run" / "study.json");
  study.replace(study.find("\"directory\": \".\""), 16, "\"directory\": \"" + directory.path().string() + "\"");
  put(directory / "run" / "study.json", study);
  const auto status = hyperego::test::hyperego({"status", "run"}, directory.path());
  CAPTURE(status.err);
  REQUIRE(status.code == 0);
  CHECK(status.json().at("trials").at("completed") == 5);
  CHECK(status.json().at("trials").at("failed") == 1);
  const auto resumed = hyperego::test::hyperego({"run", "run/study.json", "--out", "run", "--trials", "8", "--resume"},
                                                directory.path());
  CAPTURE(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(resumed.json().at("trials").at("ended") == 8);
  // One of a later program is refused, and left alone.
  std::string journal = text_of(directory / "run" / "journal.jsonl");
  journal.replace(journal.find("\"format\":1"), 10, "\"format\":9");
  put(directory / "run" / "journal.jsonl", journal);
  const auto later = hyperego::test::hyperego({"status", "run"}, directory.path());
  CHECK(later.code == 4);
  CHECK(later.err.find("format") != std::string::npos);
  CHECK(text_of(directory / "run" / "journal.jsonl") == journal);
}
