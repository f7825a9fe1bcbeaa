#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/report/document/figure_data.hpp>
#include <hyperego/study/run_directory.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

/// What was measured is written as it is, what models say of it to as many digits as a figure can show.
constexpr int all_digits = 17, digits_of_figures = 6;

std::string csv_text(const ordered_json& cell, int digits) {
  if (cell.is_string()) return cell.get<std::string>();
  if (cell.is_number_float() && digits < all_digits) return number_text(cell.get<double>(), digits);
  if (!cell.is_array()) return cell.dump();
  std::string text;
  for (const ordered_json& element : cell) text += (text.empty() ? "" : "; ") + csv_text(element, digits);
  return text;
}

std::string csv_record(const ordered_json& cells, int digits) {
  std::string line;
  bool first = true;
  for (const ordered_json& cell : cells) {
    if (!first) line += ",";
    first = false;
    if (!cell.is_null()) line += csv_field(csv_text(cell, digits));
  }
  return line + "\r\n";
}

std::string json_text(const ordered_json& json) {
  return json.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string table_csv(const ordered_json& table, int digits) {
  std::string text = csv_record(table.at("columns"), digits);
  for (const ordered_json& row : table.at("rows")) text += csv_record(row, digits);
  return text;
}

std::size_t write_figure_data(const ordered_json& document, const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) throw StoreError(folder.string(), "the folder cannot be made: " + problem.message());
  std::size_t files = 0;
  const auto write = [&](const std::string& name, const std::string& text) {
    write_file_atomically(folder / name, text);
    ++files;
  };
  for (const auto& [name, table] : document.at("shared").items()) write(name + ".csv", table_csv(table, all_digits));
  for (const ordered_json& section : document.at("sections")) {
    const auto prefix = section.at("id").get<std::string>() + "-";
    for (const ordered_json& figure : section.at("figures")) {
      const auto id = figure.at("id").get<std::string>();
      const ordered_json& data = figure.at("data");
      if (data.is_object()) write(prefix + id + ".csv", table_csv(data, digits_of_figures));
      write(prefix + id + ".json", json_text(figure));
    }
    for (const ordered_json& table : section.at("tables")) {
      write(prefix + "table-" + table.at("id").get<std::string>() + ".csv", table_csv(table, digits_of_figures));
    }
  }
  write("document.json", json_text(document));
  return files;
}

}  // namespace hyperego
