#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/core/utf8.hpp>
#include <hyperego/report/document/figure_data.hpp>
#include <hyperego/study/run_directory.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <vector>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

constexpr auto document_name = "document.json";
constexpr auto document_beginning = "{\n \"kind\": \"";
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

struct DataFile {
  std::string name;
  std::string text;
  std::string beginning;  ///< by which such a file is known, whatever else is in it
};

std::string json_text(const ordered_json& json) { return dump_utf8(json, 1) + "\n"; }

DataFile csv_file(const std::string& name, const ordered_json& table, int digits) {
  return {name + ".csv", table_csv(table, digits), csv_record(table.at("columns"), digits)};
}

std::vector<DataFile> files_of(const ordered_json& document) {
  std::vector<DataFile> files;
  for (const auto& [name, table] : document.at("shared").items()) files.push_back(csv_file(name, table, all_digits));
  for (const ordered_json& section : document.at("sections")) {
    const auto prefix = section.at("id").get<std::string>() + "-";
    for (const ordered_json& figure : section.at("figures")) {
      const auto id = figure.at("id").get<std::string>();
      const ordered_json& data = figure.at("data");
      if (data.is_object()) files.push_back(csv_file(prefix + id, data, digits_of_figures));
      files.push_back({prefix + id + ".json", json_text(figure), "{\n \"id\": \"" + id + "\",\n \"title\": "});
    }
    for (const ordered_json& table : section.at("tables")) {
      if (table.contains("shared")) continue;  // has a file of its own
      files.push_back(csv_file(prefix + "table-" + table.at("id").get<std::string>(), table, digits_of_figures));
    }
  }
  files.push_back({document_name, json_text(document), document_beginning});
  return files;
}

/// What an earlier call wrote into the folder, as its document says.
std::vector<DataFile> earlier_files(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / document_name;
  if (beginning_of(file).rfind(document_beginning, 0) != 0) return {};
  try {
    return files_of(parse_json(read_text_file(file), file.string()));
  } catch (const std::exception&) {
    return {};  // cut off, say: then no file is known by it
  }
}

}  // namespace

std::string table_csv(const ordered_json& table, int digits) {
  std::string text = csv_record(table.at("columns"), digits);
  for (const ordered_json& row : table.at("rows")) text += csv_record(row, digits);
  return text;
}

std::size_t write_figure_data(const ordered_json& document, const std::filesystem::path& folder, Overwrite overwrite) {
  const std::vector<DataFile> files = files_of(document);
  const std::vector<DataFile> earlier = earlier_files(folder);
  const auto kind_of = [&](const DataFile& file) {
    return OutputKind{"an earlier output of report --data", [&file, &earlier](const std::filesystem::path& there) {
                        const std::string text = beginning_of(there);
                        const auto begins = [&](const DataFile& known) {
                          return known.name == file.name && text.rfind(known.beginning, 0) == 0;
                        };
                        return begins(file) || std::any_of(earlier.begin(), earlier.end(), begins);
                      }};
  };
  for (const DataFile& file : files) check_output(folder / file.name, kind_of(file), overwrite);
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem) throw StoreError(folder.string(), "the folder cannot be made: " + problem.message());
  for (const DataFile& file : files) write_output(folder / file.name, file.text, kind_of(file), overwrite);
  return files.size();
}

}  // namespace hyperego
