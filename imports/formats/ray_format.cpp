// Ray Tune's experiment folder: one folder a trial, with result.json (a report a line), progress.csv, params.json and,
// where it failed, error.txt. The last report counts.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/formats/detail/trial_format.hpp>
#include <hyperego/imports/table/delimited_text.hpp>
#include <hyperego/imports/table/python_json.hpp>
#include <hyperego/imports/table/table_builder.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <system_error>

namespace hyperego {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_trial(const fs::path& folder) {
  return is_there(folder / "params.json") &&
         (is_there(folder / "result.json") || is_there(folder / "progress.csv") || is_there(folder / "error.txt"));
}

std::vector<fs::path> trials_in(const fs::path& folder) {
  if (is_trial(folder)) return {folder};
  std::vector<fs::path> trials;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->is_directory(error) && is_trial(it->path())) trials.push_back(it->path());
    error.clear();
  }
  std::sort(trials.begin(), trials.end());
  return trials;
}

bool recognizes_ray(const TrialSource& source) { return source.is_folder && !trials_in(source.path).empty(); }

void add_result(TableBuilder& table, const std::string& name, Cell cell) {
  if (name == "done") return;
  if (name == "timestamp") table.row().ended_at = number_of(cell);
  if (name == "time_total_s") table.row().seconds = number_of(cell);
  table.set(name, name, ColumnRole::unknown, std::move(cell));
}

/// Whether the trial has reported anything.
bool add_last_of_json(TableBuilder& table, const fs::path& file) {
  if (!is_there(file)) return false;
  const auto lines = parse_json_lines(read_text_file(file), file.string());
  if (lines.empty()) return false;
  const JsonReader report(lines.back().second, file.string() + ":" + std::to_string(lines.back().first));
  for (const auto& [name, value] : report.members()) {
    if (name == "config") continue;
    if (!value.is_object()) {
      add_result(table, name, cell_of(value.json()));
      continue;
    }
    for (auto& [inner, cell] : flattened(value.json())) add_result(table, name + "/" + inner, std::move(cell));
  }
  return true;
}

bool add_last_of_csv(TableBuilder& table, const fs::path& file) {
  if (!is_there(file)) return false;
  const std::string text = read_text_file(file);
  require_utf8(text, file.string());
  const auto records = parse_csv(text, file.string());
  if (records.size() < 2) return false;
  if (records.back().size() != records.front().size())
    throw InvalidInput(file.string(), "the last record has other cells than the header");
  for (std::size_t j = 0; j < records.front().size(); ++j) {
    if (records.front()[j].rfind("config/", 0) != 0) add_result(table, records.front()[j], Value(records.back()[j]));
  }
  return true;
}

void add_ray_trial(TableBuilder& table, const fs::path& folder, bool is_whole_source) {
  table.add_row(is_whole_source ? "" : "/" + folder.filename().string());
  const ordered_json configuration = read_python_json(folder / "params.json");
  if (!configuration.is_object()) throw InvalidInput((folder / "params.json").string(), "expected an object");
  for (auto& [name, cell] : flattened(configuration)) {
    table.set("config/" + name, name, ColumnRole::hyperparameter, std::move(cell));
  }
  const bool has_report =
      add_last_of_json(table, folder / "result.json") || add_last_of_csv(table, folder / "progress.csv");
  if (is_there(folder / "error.txt")) {
    table.row().status = TrialStatus::failed;
    table.row().message = "error.txt says why";
  } else if (!has_report) {
    table.row().status = TrialStatus::running;
  }
}

SourceTrials read_ray(const TrialSource& source, const std::string& /*study*/) {
  TableBuilder table("an experiment of Ray Tune", source.path.string());
  const std::vector<fs::path> trials = trials_in(source.path);
  for (const fs::path& trial : trials) add_ray_trial(table, trial, trial == source.path);
  table.trials().name = fs::absolute(source.path).lexically_normal().filename().string();
  return table.take();
}

}  // namespace

const TrialFormat ray_format{"an experiment of Ray Tune", recognizes_ray, read_ray};

}  // namespace hyperego
