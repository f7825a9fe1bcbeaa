#include <hyperego/core/error.hpp>
#include <hyperego/report/record/result_directory.hpp>

#include <system_error>

namespace hyperego {

ResultKind result_kind(const std::filesystem::path& directory) {
  std::error_code ignored;
  const auto has = [&](const char* name) { return std::filesystem::exists(directory / name, ignored); };
  const std::string where = directory.string();
  if (!std::filesystem::exists(directory, ignored)) throw InvalidInput(where, "there is no such folder");
  if (!std::filesystem::is_directory(directory, ignored)) {
    throw InvalidInput(where, "is no folder; give a run directory or the output folder of a benchmark");
  }
  if (has("study.json")) return ResultKind::study;
  if (has("summary.json") && has("trials.csv")) return ResultKind::benchmark;
  if (has("suite.json")) {
    throw InvalidInput(where,
                       "holds a benchmark without summary.json and trials.csv; run `hyperego benchmark` to its end");
  }
  throw InvalidInput(
      where,
      "is neither a run directory (it has no study.json) nor the output folder of a benchmark (it has no "
      "summary.json)");
}

}  // namespace hyperego
