// JSON records: [{"lr": .1, "loss": .2}, …], one a line, {"configuration": {…}, "objectives": {…}} or the like, and
// what pandas' to_json writes by any orient that keeps names.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/formats/detail/trial_format.hpp>
#include <hyperego/imports/table/python_json.hpp>
#include <hyperego/imports/table/table_builder.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

bool recognizes_json_records(const TrialSource& source) {
  if (source.is_folder) return false;
  std::string_view beginning = source.beginning;
  if (beginning.substr(0, 3) == "\xEF\xBB\xBF") beginning.remove_prefix(3);
  beginning = trimmed(beginning);
  return !beginning.empty() && (beginning.front() == '{' || beginning.front() == '[');
}

/// What the members of an object within a record are.
ColumnRole role_of_group(const std::string& name) {
  constexpr std::array<std::string_view, 6> settings{"configuration", "config",          "params",
                                                     "parameters",    "hyperparameters", "hparams"};
  constexpr std::array<std::string_view, 5> results{"metrics", "results", "result", "scores", "summary"};
  if (std::find(settings.begin(), settings.end(), name) != settings.end()) return ColumnRole::hyperparameter;
  if (std::find(results.begin(), results.end(), name) != results.end()) return ColumnRole::candidate;
  if (name == "objectives") return ColumnRole::objective;
  return name == "user_attrs" || name == "system_attrs" ? ColumnRole::bookkeeping : ColumnRole::unknown;
}

void add_json_record(TableBuilder& table, const ordered_json& record, const std::string& where,
                     const std::string& place) {
  if (!record.is_object())
    throw InvalidInput(where + place, std::string("expected an object, found ") + record.type_name());
  table.add_row(place);
  for (const auto& [name, value] : record.items()) {
    if (!value.is_object()) {
      table.set(name, name, ColumnRole::unknown, cell_of(value));
      continue;
    }
    const ColumnRole role = role_of_group(name);
    for (auto& [inner, cell] : flattened(value)) {
      const std::string label = name + "." + inner;
      table.set(label, role == ColumnRole::unknown ? label : inner, role, std::move(cell));
    }
  }
}

/// {"columns": [names], "data": [[cells]]}
void add_split(TableBuilder& table, const JsonReader& json) {
  const std::vector<std::string> names = json.member("columns").strings();
  for (const JsonReader& row : json.member("data").elements()) {
    if (!row.is_array() || row.json().size() != names.size())
      row.fail("expected an array of " + std::to_string(names.size()) + " cells");
    table.add_row(row.where().substr(json.where().size()));
    for (std::size_t j = 0; j < names.size(); ++j)
      table.set(names[j], names[j], ColumnRole::unknown, cell_of(row.json()[j]));
  }
}

bool are_numbers(const ordered_json& object) {
  return std::all_of(object.items().begin(), object.items().end(),
                     [](const auto& member) { return number_of(std::string_view(member.key())).has_value(); });
}

/// {"lr": {"0": .1, "1": .2}, "loss": {"0": …}}: by columns, each by row.
void add_columns(TableBuilder& table, const ordered_json& json, const std::string& where) {
  for (const auto& [index, ignored] : json.begin()->items()) {
    table.add_row(", row " + index);
    for (const auto& [name, cells] : json.items()) {
      const auto cell = cells.find(index);
      if (cell == cells.end() || cells.size() != json.begin()->size()) {
        throw InvalidInput(where + "/" + name, "has other rows than the first column");
      }
      table.set(name, name, ColumnRole::unknown, cell_of(*cell));
    }
  }
}

bool is_object_of_objects(const ordered_json& json) {
  return json.is_object() && !json.empty() && std::all_of(json.begin(), json.end(), [](const ordered_json& value) {
           return value.is_object() && !value.empty();
         });
}

void add_document(TableBuilder& table, const ordered_json& json, const std::string& where) {
  const JsonReader reader(json, where);
  if (json.is_array()) {
    for (std::size_t i = 0; i < json.size(); ++i) add_json_record(table, json[i], where, "/" + std::to_string(i));
  } else if (json.contains("columns") && json.contains("data")) {
    add_split(table, reader);
  } else if (json.contains("schema") && json.contains("data")) {
    const ordered_json& rows = reader.member("data").json();
    if (!rows.is_array()) reader.member("data").fail("expected an array of records");
    for (std::size_t i = 0; i < rows.size(); ++i) add_json_record(table, rows[i], where, "/data/" + std::to_string(i));
  } else if (is_object_of_objects(json) && are_numbers(json)) {
    for (const auto& [index, record] : json.items()) add_json_record(table, record, where, "/" + index);
  } else if (is_object_of_objects(json) && are_numbers(*json.begin())) {
    add_columns(table, json, where);
  } else if (json.contains("hyperego") && json.contains("space")) {
    throw InvalidInput(where, "is the description of a study; give its run directory, the folder with journal.jsonl");
  } else {
    throw InvalidInput(
        where, "expected an array of records, as pandas' to_json(orient=\"records\") writes it, or one record a line");
  }
}

/// Whether there is more than one JSON value, one a line.
bool has_lines(const std::string& text, const std::string& where) {
  const std::size_t end = text.find('\n');
  if (end == std::string::npos || trimmed(std::string_view(text).substr(end)).empty()) return false;
  const std::string first(trimmed(std::string_view(text).substr(0, end)));
  if (first.empty() || first.front() != '{' || first.back() != '}') return false;
  try {
    return parse_python_json(first, where).is_object();
  } catch (const InvalidInput&) {
    return false;
  }
}

SourceTrials read_json_records(const TrialSource& source, const std::string& /*study*/) {
  const std::string where = source.path.string();
  std::string text = read_text_file(source.path);
  if (text.rfind("\xEF\xBB\xBF", 0) == 0) text.erase(0, 3);
  TableBuilder table("a table of JSON records", where);
  if (has_lines(text, where)) {
    for (const auto& [line, record] : parse_json_lines(text, where))
      add_json_record(table, record, where, ":" + std::to_string(line));
  } else {
    const ordered_json json = parse_python_json(std::move(text), where);
    if (json.is_object() && json.empty()) throw InvalidInput(where, "holds no trials");
    add_document(table, json, where);
  }
  return table.take();
}

}  // namespace

const TrialFormat json_records_format{"JSON records", recognizes_json_records, read_json_records};

}  // namespace hyperego
