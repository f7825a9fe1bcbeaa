#include <hyperego/benchmark/curves_page.hpp>
#include <hyperego/benchmark/result_files.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/output_file.hpp>
#include <hyperego/study/run_files.hpp>

#include <nlohmann/json.hpp>

#include <system_error>

namespace hyperego {
namespace {

namespace fs = std::filesystem;

constexpr auto suite_name = "suite.json", trials_name = "trials.csv", summary_name = "summary.json",
               text_name = "summary.txt", curves_name = "curves.html";

std::string suite_text(const BenchmarkSuite& suite) { return to_json(suite).dump(2) + "\n"; }

OutputKind kind_that(const std::string& name, std::function<bool(const fs::path&)> recognises) {
  return {name + " of hyperego benchmark", std::move(recognises), "choose another folder with --out"};
}

OutputKind kind_that_begins(const std::string& name, const std::string& beginning) {
  return kind_that(name, [beginning](const fs::path& file) { return beginning_of(file).rfind(beginning, 0) == 0; });
}

/// One in the layout that hyperego gives it, or one of a benchmark that has been at work there (whose layout may have
/// been that of an earlier version).
OutputKind suite_kind() {
  return kind_that("a suite.json", [](const fs::path& file) {
    std::error_code ignored;
    if (fs::exists(file.parent_path() / "lock", ignored) && fs::exists(file.parent_path() / "runs", ignored))
      return true;
    try {
      return suite_text(read_suite(file)) == read_text_file(file);
    } catch (const InvalidInput&) {
      return false;
    }
  });
}

OutputKind trials_kind() { return kind_that_begins("a trials.csv", "task,optimizer,seed,trial,hypervolume,"); }
OutputKind summary_kind() { return kind_that_begins("a summary.json", "{\n  \"suite\": "); }
OutputKind text_kind() { return kind_that_begins("a summary.txt", "Suite "); }
OutputKind curves_kind() {
  return kind_that("a curves.html", [](const fs::path& file) {
    return beginning_of(file).find("<title>Benchmark ") != std::string::npos;
  });
}

}  // namespace

void check_result_files(const fs::path& directory) {
  if (is_run_directory(directory)) {
    throw InvalidInput(directory.string(), "is the run directory of a study; choose another folder with --out");
  }
  check_output(directory / suite_name, suite_kind());
  check_output(directory / trials_name, trials_kind());
  check_output(directory / summary_name, summary_kind());
  check_output(directory / text_name, text_kind());
  check_output(directory / curves_name, curves_kind());
}

void write_suite_file(const fs::path& directory, const BenchmarkSuite& suite) {
  write_output(directory / suite_name, suite_text(suite), suite_kind());
}

void write_result_files(const fs::path& directory, const std::vector<BenchmarkTask>& tasks, const BenchmarkRuns& runs,
                        const BenchmarkSummary& summary) {
  write_output(directory / trials_name, trials_csv(tasks, runs), trials_kind());
  write_output(directory / summary_name, to_json(summary).dump(2) + "\n", summary_kind());
  write_output(directory / text_name, to_text(summary), text_kind());
  write_output(directory / curves_name, curves_page(summary), curves_kind());
}

}  // namespace hyperego
