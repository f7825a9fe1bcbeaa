#include <hyperego/imports/table/table_builder.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {

using nlohmann::ordered_json;

TableBuilder::TableBuilder(std::string kind, std::string where) {
  trials_.kind = std::move(kind);
  trials_.where = std::move(where);
}

std::size_t TableBuilder::column(const std::string& label, const std::string& name, ColumnRole role) {
  const auto [found, is_new] = columns_.try_emplace(label, trials_.columns.size());
  if (is_new) trials_.columns.push_back({.name = name, .label = label, .role = role});
  return found->second;
}

SourceRow& TableBuilder::add_row(std::string place) {
  trials_.rows.push_back({.place = std::move(place), .cells = {}});
  return trials_.rows.back();
}

void TableBuilder::set(std::size_t column, Cell cell) {
  std::vector<Cell>& cells = row().cells;
  if (cells.size() <= column) cells.resize(trials_.columns.size());
  cells[column] = std::move(cell);
}

SourceTrials TableBuilder::take() {
  for (SourceRow& row : trials_.rows) row.cells.resize(trials_.columns.size());
  return std::move(trials_);
}

Cell cell_of(const ordered_json& json) {
  switch (json.type()) {
    case ordered_json::value_t::null:
      return std::nullopt;
    case ordered_json::value_t::array:
    case ordered_json::value_t::object:
      return Value(json.dump());
    default:
      return value_from_json(json, {});
  }
}

namespace {

void flatten(const ordered_json& object, const std::string& prefix, std::vector<std::pair<std::string, Cell>>& values) {
  for (const auto& [name, value] : object.items()) {
    if (value.is_object()) {
      flatten(value, prefix + name + "/", values);
    } else {
      values.emplace_back(prefix + name, cell_of(value));
    }
  }
}

}  // namespace

std::vector<std::pair<std::string, Cell>> flattened(const ordered_json& object) {
  std::vector<std::pair<std::string, Cell>> values;
  flatten(object, {}, values);
  return values;
}

}  // namespace hyperego
