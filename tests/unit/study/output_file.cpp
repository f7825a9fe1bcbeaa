// What may be written, where the user names the file.
#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/output_file.hpp>
#include <hyperego/study/run_files.hpp>

#include <doctest/doctest.h>

#include "temporary_directory.hpp"
#include <fstream>
#include <unistd.h>

using namespace hyperego;
namespace fs = std::filesystem;

namespace {

OutputKind marked_kind() {
  return {"a marked file", [](const fs::path& file) { return beginning_of(file).rfind("MARK", 0) == 0; }};
}

void put_text(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

/// A folder that looks like a run directory.
void make_run(const fs::path& folder) {
  fs::create_directories(folder / "logs");
  for (const char* name : {"study.json", "journal.jsonl", "front.csv"}) put_text(folder / name, "precious");
  put_text(folder / "lock", "");
}

bool is_refused(const fs::path& file, Overwrite overwrite = Overwrite::own_kind) {
  try {
    write_output(file, "MARK new", marked_kind(), overwrite);
  } catch (const InvalidInput&) {
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("only what is recognised, or empty, is replaced") {
  const test::TemporaryDirectory directory;
  const fs::path file = directory / "file";
  CHECK_FALSE(is_refused(file));  // new
  CHECK_FALSE(is_refused(file));  // of the kind
  put_text(file, "");
  CHECK_FALSE(is_refused(file));
  CHECK(read_text_file(file) == "MARK new");
  put_text(file, "someone else's");
  CHECK(is_refused(file));
  CHECK(read_text_file(file) == "someone else's");
  CHECK_FALSE(is_refused(file, Overwrite::any_file));
  CHECK(read_text_file(file) == "MARK new");
  CHECK(is_refused(directory.path(), Overwrite::any_file));  // a folder
  CHECK(std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator()) ==
        1);  // no temporary is left
}

TEST_CASE("never a file of a run directory, by whatever path") {
  const test::TemporaryDirectory directory;
  const fs::path run = directory / "run";
  make_run(run);
  fs::create_symlink(run / "journal.jsonl", directory / "link");
  fs::create_symlink(run, directory / "alias");
  fs::create_symlink(run / "logs", directory / "logs_of_run");
  for (const fs::path& file :
       {run / "journal.jsonl", run / "study.json", run / "front.csv", run / "lock", run / "early.jsonl",
        run / "warm_start.json", run / "JOURNAL.jsonl", run / "logs" / "3.out", run / "slurm" / "0" / "script",
        run / ".." / "run" / "front.csv", run / "logs" / ".." / "games.jsonl", directory / "link",
        directory / "alias" / "decisions.jsonl", directory / "logs_of_run" / "0.err"}) {
    CAPTURE(file.string());
    CHECK(is_refused(file));
    CHECK(is_refused(file, Overwrite::any_file));
  }
  CHECK(read_text_file(run / "journal.jsonl") == "precious");
  // Other names are free, and a hard link is replaced as a name, not as a file.
  CHECK_FALSE(is_refused(run / "report.html"));
  CHECK_FALSE(is_refused(run / "figures.csv"));
  CHECK_FALSE(is_refused(directory / "journal.jsonl"));
  fs::create_hard_link(run / "study.json", directory / "hard");
  CHECK(is_refused(directory / "hard"));
  CHECK_FALSE(is_refused(directory / "hard", Overwrite::any_file));
  CHECK(read_text_file(run / "study.json") == "precious");
}

TEST_CASE("links are followed and stay links; devices are written as they are") {
  const test::TemporaryDirectory directory;
  put_text(directory / "real", "MARK old");
  fs::create_symlink("real", directory / "link");
  CHECK_FALSE(is_refused(directory / "link"));
  CHECK(fs::is_symlink(directory / "link"));
  CHECK(read_text_file(directory / "real") == "MARK new");
  CHECK_FALSE(is_refused("/dev/null"));
  CHECK(fs::is_character_file("/dev/null"));
  CHECK_THROWS_AS(write_output("/dev/full", "text", marked_kind()), StoreError);
}

TEST_CASE("a temporary is in nobody's way") {
  const test::TemporaryDirectory directory;
  const fs::path taken = directory / ("file.tmp" + std::to_string(::getpid()));
  put_text(taken, "someone else's");
  write_file_atomically(directory / "file", "new");
  CHECK(read_text_file(taken) == "someone else's");
  CHECK(read_text_file(directory / "file") == "new");
}
