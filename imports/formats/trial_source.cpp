#include <hyperego/core/error.hpp>
#include <hyperego/imports/formats/detail/trial_format.hpp>
#include <hyperego/imports/formats/trial_source.hpp>

#include <array>
#include <fstream>
#include <system_error>

namespace hyperego {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const TrialFormat*, 9> formats{
    &run_directory_format, &benchmark_run_format,  &deepcave_format,     &smac_format,     &ray_format,
    &optuna_sqlite_format, &optuna_journal_format, &json_records_format, &delimited_format};

constexpr std::size_t beginning_size = 4096;

TrialSource source_at(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) throw InvalidInput(path.string(), "there is no such file or folder");
  TrialSource source{.path = path, .is_folder = fs::is_directory(path, error)};
  if (source.is_folder) return source;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InvalidInput(path.string(), "cannot be read");
  source.beginning.resize(beginning_size);
  file.read(source.beginning.data(), beginning_size);
  source.beginning.resize(static_cast<std::size_t>(file.gcount()));
  return source;
}

/// Formats that hold tables but would need a library of their own, with the command that makes a table of them.
void refuse_binary(const TrialSource& source) {
  struct Known {
    std::string_view magic;
    const char* what;
    const char* function;
  };
  static constexpr std::array<Known, 6> known{{{"PAR1", "a Parquet file", "read_parquet"},
                                               {"ARROW1", "a Feather file", "read_feather"},
                                               {"PK\x03\x04", "an Excel workbook or another archive", "read_excel"},
                                               {"\x1F\x8B", "compressed", "read_csv"},
                                               {"\x80\x04", "a pickle", "read_pickle"},
                                               {"\x80\x05", "a pickle", "read_pickle"}}};
  for (const Known& one : known) {
    if (source.beginning.compare(0, one.magic.size(), one.magic) != 0) continue;
    throw InvalidInput(source.path.string(), std::string("is ") + one.what +
                                                 "; write it as CSV first: python3 -c \"import pandas; pandas." +
                                                 one.function + "('" + source.path.filename().string() +
                                                 "').to_csv('trials.csv', index=False)\"");
  }
}

}  // namespace

bool TrialSource::has(const char* name) const {
  std::error_code ignored;
  return is_folder && fs::exists(path / name, ignored);
}

SourceTrials read_trials(const fs::path& source, const std::string& study) {
  const TrialSource opened = source_at(source);
  if (!opened.is_folder) refuse_binary(opened);
  for (const TrialFormat* format : formats) {
    if (!format->recognizes(opened)) continue;
    SourceTrials trials = format->read(opened, study);
    if (trials.name.empty()) trials.name = source.stem().string();
    return trials;
  }
  if (opened.has("trials.csv")) {
    throw InvalidInput(
        source.string(),
        "is the output of a benchmark, whose trials.csv has no hyperparameters; give one of its runs, as "
        "runs/TASK/OPTIMIZER/SEED.json");
  }
  throw InvalidInput(source.string(),
                     opened.is_folder
                         ? "holds no trials in a form that is known: no study.json (hyperego), "
                           "runhistory.json (SMAC3), history.jsonl (DeepCAVE) or trials with result.json (Ray Tune)"
                         : "holds no trials in a form that is known: no table, JSON or Optuna storage");
}

}  // namespace hyperego
