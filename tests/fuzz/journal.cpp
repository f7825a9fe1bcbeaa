// journal.jsonl of a fixed study: reading it, and opening it to go on, give the same history or both an Error.
#include <hyperego/study/run_directory.hpp>
#include <hyperego/study/status_json.hpp>
#include <hyperego/study/study.hpp>

#include <nlohmann/json.hpp>

#include "result_or_error.hpp"
#include <fstream>
#include <optional>

using namespace hyperego;
namespace fs = std::filesystem;

namespace {

/// A run directory with this journal and nothing else but the study.
fs::path run_directory(std::string_view journal) {
  static const StudySpecification study = read_study(HYPEREGO_FUZZ_STUDY);
  fs::path directory = fuzz::scratch_directory() / "run";
  for (const char* name : {"decisions.jsonl", "games.jsonl", "early.jsonl"}) fs::remove(directory / name);
  fs::create_directories(directory);
  std::ofstream(directory / "study.json") << to_json(study).dump(2) << '\n';
  std::ofstream(directory / "journal.jsonl", std::ios::binary) << journal;
  return directory;
}

void show(const StudyHistory& history) {
  (void)status_json(history, false).dump();
  (void)front_csv(history);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fs::path directory = run_directory(fuzz::text_of(data, size));
  std::optional<std::size_t> trials;
  fuzz::result_or_error([&] {
    const StudyHistory history = RunDirectory::read_history(directory);
    trials = history.records().size();
    show(history);
  });
  fuzz::result_or_error([&] {
    const Study study(RunDirectory::read_specification(directory), directory, OpenMode::resume);
    fuzz::require(trials == study.history().records().size(), "reading and opening a journal give the same trials");
    show(study.history());
    const StudyHistory again = RunDirectory::read_history(directory);
    fuzz::require(again.records().size() == *trials, "a journal that was opened is read again");
  });
  return 0;
}
