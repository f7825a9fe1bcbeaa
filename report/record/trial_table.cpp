#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/report/record/trial_table.hpp>
#include <hyperego/study/run_directory.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <set>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The value that a cell stands for: whichever of the domain's values is written like it.
std::optional<double> code_of(const Hyperparameter& hyperparameter, const std::string& cell) {
  if (const auto number = number_of(cell)) {
    if (const auto code = hyperparameter.code_of(Value(*number))) return code;
  }
  if (const auto code = hyperparameter.code_of(Value(cell))) return code;
  if (std::holds_alternative<IntegerDomain>(hyperparameter.domain)) return std::nullopt;
  for (std::size_t i = 0; i < hyperparameter.cardinality(); ++i) {
    const auto code = static_cast<double>(i);
    std::string text = to_string(hyperparameter.value_of(code));
    if (text == cell) return code;
    // Python writes True and False.
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    if (text == cell && std::holds_alternative<bool>(hyperparameter.value_of(code))) return code;
  }
  return std::nullopt;
}

/// Collects rows; objectives in the order of the names.
class TableBuilder {
 public:
  TableBuilder(std::shared_ptr<const SearchSpace> space, std::vector<std::string> objectives,
               const std::vector<std::string>& maximized, const std::string& where) {
    table_.space = std::move(space);
    for (const std::string& name : maximized) {
      if (std::find(objectives.begin(), objectives.end(), name) == objectives.end()) {
        throw InvalidInput("--maximize", "there is no objective \"" + name + "\"" + expected_name(name, objectives));
      }
    }
    for (const std::string& name : objectives) {
      const bool is_maximized = std::find(maximized.begin(), maximized.end(), name) != maximized.end();
      table_.objectives.push_back(
          {.name = name, .direction = is_maximized ? Direction::maximize : Direction::minimize});
    }
    if (objectives.empty())
      throw InvalidInput(where, "there is no objective; every name but those of the space is taken as one");
  }

  void add(const Configuration& configuration, const std::vector<double>& values, const std::string& where) {
    const Legality legality = table_.space->check(configuration);
    if (!legality) throw InvalidInput(where, legality.reason);
    table_.configurations.push_back(configuration);
    values_.insert(values_.end(), values.begin(), values.end());
  }

  TrialTable take() {
    const auto m = static_cast<Eigen::Index>(table_.objectives.size());
    table_.values =
        Eigen::Map<const Eigen::MatrixXd>(values_.data(), m, static_cast<Eigen::Index>(table_.configurations.size()))
            .transpose();
    return std::move(table_);
  }

 private:
  TrialTable table_;
  std::vector<double> values_;
};

TrialTable read_csv(const std::filesystem::path& file, const std::shared_ptr<const SearchSpace>& space,
                    const std::vector<std::string>& maximized, std::size_t& left_out) {
  const auto rows = parse_csv(read_text_file(file), file.string());
  if (rows.empty())
    throw InvalidInput(file.string(), "is empty; expected a header of hyperparameter and objective names");
  const std::vector<std::string>& header = rows.front();
  std::vector<std::optional<std::size_t>> hyperparameter_of;
  std::vector<std::string> objectives;
  std::set<std::string> seen;
  for (const std::string& name : header) {
    if (!seen.insert(name).second) throw InvalidInput(file.string() + ":1", "column \"" + name + "\" is there twice");
    hyperparameter_of.push_back(space->find(name));
    if (!hyperparameter_of.back() && name != "trial") objectives.push_back(name);
  }
  for (const Hyperparameter& hyperparameter : space->hyperparameters()) {
    if (seen.count(hyperparameter.name) == 0 && !hyperparameter.is_constant()) {
      throw InvalidInput(file.string() + ":1", "there is no column for hyperparameter \"" + hyperparameter.name + "\"" +
                                                   did_you_mean(hyperparameter.name, header));
    }
  }
  TableBuilder builder(space, objectives, maximized, file.string() + ":1");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string where = file.string() + ", record " + std::to_string(i);
    if (rows[i].size() != header.size()) {
      throw InvalidInput(where, "has " + std::to_string(rows[i].size()) + " cells where the header has " +
                                    std::to_string(header.size()));
    }
    Configuration configuration(space->size());
    std::vector<double> values;
    for (std::size_t j = 0; j < header.size(); ++j) {
      const std::string& cell = rows[i][j];
      if (cell.empty() || (!hyperparameter_of[j] && header[j] == "trial")) continue;
      if (!hyperparameter_of[j]) {
        const auto value = number_of(cell);
        if (!value || !std::isfinite(*value))
          throw InvalidInput(where + ", " + header[j], "\"" + cell + "\" is no finite number");
        values.push_back(*value);
        continue;
      }
      const Hyperparameter& hyperparameter = (*space)[*hyperparameter_of[j]];
      const auto code = code_of(hyperparameter, cell);
      if (!code)
        throw InvalidInput(where + ", " + header[j], "\"" + cell + "\" is outside " + hyperparameter.describe());
      configuration.set(*hyperparameter_of[j], *code);
    }
    for (std::size_t h = 0; h < space->size(); ++h) {
      if (seen.count((*space)[h].name) == 0 && space->is_active(h, configuration))
        configuration.set(h, (*space)[h].default_code);
    }
    if (values.size() == objectives.size()) {
      builder.add(configuration, values, where);
    } else {
      ++left_out;
    }
  }
  return builder.take();
}

TrialTable read_json(const std::filesystem::path& file, const std::shared_ptr<const SearchSpace>& space,
                     const std::vector<std::string>& maximized, std::size_t& left_out) {
  const ordered_json json = read_json_file(file);
  const auto rows = JsonReader(json, file.string()).elements();
  std::vector<std::string> names;
  for (const JsonReader& row : rows) {
    const auto objectives = row.find("objectives");
    if (!objectives) continue;
    for (const auto& [name, value] : objectives->members()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  TableBuilder builder(space, names, maximized, file.string());
  for (const JsonReader& row : rows) {
    const JsonReader configuration = row.member("configuration");
    const auto objectives = row.find("objectives");
    std::vector<double> values;
    for (const std::string& name : names) {
      const auto value = objectives ? objectives->find(name) : std::nullopt;
      if (value) values.push_back(value->number());
    }
    if (values.size() != names.size()) {
      ++left_out;
      continue;
    }
    builder.add(space->configuration_from_json(configuration.json(), configuration.where()), values,
                configuration.where());
  }
  return builder.take();
}

}  // namespace

Eigen::MatrixXd TrialTable::minimised() const {
  Eigen::MatrixXd result = values;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    if (objectives[i].direction == Direction::maximize) result.col(static_cast<Eigen::Index>(i)) *= -1;
  }
  return result;
}

std::size_t TrialTable::objective_index(const std::string& name) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    if (objectives[i].name == name) return i;
    names.push_back(objectives[i].name);
  }
  throw InvalidInput("objective", "there is no \"" + name + "\"" + expected_name(name, names));
}

TrialTable trials_of_run(const std::filesystem::path& directory) {
  const StudyHistory history = RunDirectory::read_history(directory);
  TrialTable table;
  table.space = history.study().space;
  table.objectives = history.study().objectives;
  table.values.resize(static_cast<Eigen::Index>(history.count(TrialStatus::completed)),
                      static_cast<Eigen::Index>(table.objectives.size()));
  for (const StudyHistory::Record& record : history.records()) {
    if (!record.outcome || record.outcome->status != TrialStatus::completed) continue;
    table.values.row(static_cast<Eigen::Index>(table.configurations.size())) = record.outcome->objectives.transpose();
    table.configurations.push_back(record.configuration);
  }
  return table;
}

std::vector<std::vector<std::string>> parse_csv(const std::string& text, const std::string& where) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> record;
  std::string cell;
  bool quoted = false;
  bool started = false;  // whether the current record has any character
  std::size_t line = 1;
  const auto end_record = [&] {
    if (!started) return;
    record.push_back(std::move(cell));
    records.push_back(std::move(record));
    record.clear();
    cell.clear();
    started = false;
  };
  std::size_t i = text.rfind("\xEF\xBB\xBF", 0) == 0 ? 3 : 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += text[++i];
      } else {
        quoted = false;
      }
      continue;
    }
    if (c == '\n') {
      end_record();
      continue;
    }
    if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    started = true;
    if (c == '"' && cell.empty()) {
      quoted = true;
    } else if (c == ',') {
      record.push_back(std::move(cell));
      cell.clear();
    } else {
      cell += c;
    }
  }
  if (quoted) throw InvalidInput(where + ":" + std::to_string(line), "a quotation is not finished");
  end_record();
  return records;
}

TrialTable read_trial_table(const std::filesystem::path& file, const std::shared_ptr<const SearchSpace>& space,
                            const std::vector<std::string>& maximized, std::size_t* left_out) {
  std::size_t count = 0;
  const std::string text = read_text_file(file);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string::npos && (text[first] == '[' || text[first] == '{');
  TrialTable table = is_json ? read_json(file, space, maximized, count) : read_csv(file, space, maximized, count);
  if (left_out != nullptr) *left_out = count;
  return table;
}

}  // namespace hyperego
