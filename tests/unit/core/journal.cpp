#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace hyperego;
using hyperego::test::put;
using hyperego::test::TemporaryDirectory;
using hyperego::test::text_of;
using nlohmann::ordered_json;

TEST_CASE("events survive closing, in order, one a line") {
  const TemporaryDirectory directory;
  const auto file = directory / "journal.jsonl";
  {
    auto [journal, content] = Journal::open(file);
    CHECK(content.events.empty());
    CHECK_FALSE(content.has_torn_tail);
    journal.append({ordered_json{{"z", 0.1}, {"a", -0.0}}, ordered_json{{"text", "line\nbreak \"quoted\""}}});
    journal.append({});
    journal.append({ordered_json{{"n", 3}}});
  }
  CHECK(text_of(file) == "{\"z\":0.1,\"a\":-0.0}\n{\"text\":\"line\\nbreak \\\"quoted\\\"\"}\n{\"n\":3}\n");
  const JournalContent content = Journal::read(file);
  REQUIRE(content.events.size() == 3);
  CHECK(content.events[2].at("n") == 3);
  CHECK(content.ends.back() == std::filesystem::file_size(file));
}

TEST_CASE("text that is not UTF-8 does not stop an event") {
  const TemporaryDirectory directory;
  auto [journal, content] = Journal::open(directory / "j");
  journal.append({ordered_json{{"message", "caf\xe9"}}});
  CHECK(Journal::read(directory / "j").events.size() == 1);
}

TEST_CASE("a torn end is left out, and cut off before anything is written") {
  const std::string whole = "{\"n\":1}\n{\"n\":2}\n";
  for (const std::string& tail : {std::string("{\"n\""), std::string("{\"n\":3}"), std::string("{\"n\":3\n"),
                                  std::string("\n"), std::string("[1]\n"), std::string(5, '\0')}) {
    CAPTURE(tail);
    const TemporaryDirectory directory;
    put(directory / "j", whole + tail);
    const JournalContent seen = Journal::read(directory / "j");
    CHECK(seen.has_torn_tail);
    CHECK(seen.events.size() == 2);
    CHECK(text_of(directory / "j") == whole + tail);

    auto [journal, content] = Journal::open(directory / "j");
    CHECK(content.has_torn_tail);
    CHECK(content.events.size() == 2);
    CHECK(text_of(directory / "j") == whole + tail);
    journal.append({ordered_json{{"n", 3}}});
    CHECK(text_of(directory / "j") == whole + "{\"n\":3}\n");
  }
}

TEST_CASE("damage before the last line is an error that names file and line, and changes nothing") {
  for (const std::string& line : {std::string("{\"n\":"), std::string(""), std::string("7"), std::string("{\"n\":1}{"),
                                  std::string("{\"a\":1,\"a\":2}"), std::string("{\"a\":\"\xff\"}")}) {
    CAPTURE(line);
    const TemporaryDirectory directory;
    const auto file = directory / "j";
    const std::string text = "{\"n\":1}\n" + line + "\n{\"n\":3}\n";
    put(file, text);
    try {
      (void)Journal::open(file);
      FAIL("accepted");
    } catch (const StoreError& error) {
      CHECK(error.where() == file.string() + ":2");
    }
    CHECK_THROWS_AS((void)Journal::read(file), StoreError);
    CHECK(text_of(file) == text);
  }
}

TEST_CASE("what cannot be opened is an error") {
  const TemporaryDirectory directory;
  CHECK_THROWS_AS((void)Journal::open(directory / "absent" / "j"), StoreError);
  CHECK_THROWS_AS((void)Journal::read(directory / "absent"), StoreError);
  CHECK_THROWS_AS((void)Journal::open(directory.path()), StoreError);
}

TEST_CASE("a write that fails half way leaves the journal as it was") {
  const TemporaryDirectory directory;
  const auto file = directory / "j";
  auto [journal, content] = Journal::open(file);
  journal.append({ordered_json{{"n", 1}}});
  const std::string before = text_of(file);
  // The file size limit makes the kernel write a part of the block and refuse the rest. In a child, which may not be
  // able to go back.
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100, 100};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      journal.append({ordered_json{{"text", std::string(1000, 'x')}}});
    } catch (const StoreError&) {
      ::_exit(0);
    }
    ::_exit(1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(text_of(file) == before);
}

TEST_CASE("cut takes events back") {
  const TemporaryDirectory directory;
  const auto file = directory / "j";
  put(file, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
  auto [journal, content] = Journal::open(file);
  journal.cut(content.ends[0]);
  journal.append({ordered_json{{"n", 4}}});
  CHECK(text_of(file) == "{\"n\":1}\n{\"n\":4}\n");
}

TEST_CASE("one lock at a time") {
  const TemporaryDirectory directory;
  const auto file = directory / "lock";
  CHECK_FALSE(FileLock::is_held(file));
  {
    FileLock lock(file);
    CHECK(FileLock::is_held(file));
    CHECK_THROWS_AS(FileLock{file}, StoreError);  // flock locks open files, so the same process meets it as well
    const FileLock moved(std::move(lock));
    CHECK_THROWS_AS(FileLock{file}, StoreError);
  }
  CHECK_FALSE(FileLock::is_held(file));
  CHECK_NOTHROW(FileLock{file});
}

TEST_CASE("a file is replaced as a whole, or not at all") {
  const TemporaryDirectory directory;
  const auto file = directory / "front.json";
  write_file_atomically(file, "old");
  write_file_atomically(file, std::string(100000, 'n'));
  CHECK(text_of(file) == std::string(100000, 'n'));
  CHECK_THROWS_AS(write_file_atomically(directory / "absent" / "f", "x"), StoreError);
  std::filesystem::create_directory(directory / "folder");
  CHECK_THROWS_AS(write_file_atomically(directory / "folder", "x"), StoreError);
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory.path())) ++entries;
  CHECK(entries == 2);  // no temporary file is left
}
