#pragma once

#include <hyperego/imports/table/source_trials.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hyperego {

/// Collects trials whose columns become known one by one.
class TableBuilder {
 public:
  /// @param where the file or folder.
  TableBuilder(std::string kind, std::string where);

  /// The column with this label; made where there is none yet.
  [[nodiscard]] std::size_t column(const std::string& label, const std::string& name, ColumnRole role);
  [[nodiscard]] SourceColumn& operator[](std::size_t column) { return trials_.columns[column]; }
  /// A new row, which the next set() fill.
  SourceRow& add_row(std::string place);
  [[nodiscard]] SourceRow& row() { return trials_.rows.back(); }
  void set(std::size_t column, Cell cell);
  void set(const std::string& label, const std::string& name, ColumnRole role, Cell cell) {
    set(column(label, name, role), std::move(cell));
  }
  [[nodiscard]] SourceTrials& trials() { return trials_; }
  /// All of it; cells that were not set are missing.
  [[nodiscard]] SourceTrials take();

 private:
  SourceTrials trials_;
  std::map<std::string, std::size_t> columns_;
};

/// A JSON scalar as it is, null as nothing, arrays and objects as their text.
[[nodiscard]] Cell cell_of(const nlohmann::ordered_json& json);

/// The values in an object and the objects in it, those named as "outer/inner". Nothing of an empty object.
[[nodiscard]] std::vector<std::pair<std::string, Cell>> flattened(const nlohmann::ordered_json& object);

}  // namespace hyperego
