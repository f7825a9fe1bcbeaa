#pragma once

#include <hyperego/core/hyperparameter.hpp>
#include <hyperego/core/value_index.hpp>
#include <hyperego/imports/table/cell.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hyperego {

/// The codes (core/hyperparameter.hpp) of one hyperparameter's values as cells have them. O(choices) to make, O(1) a
/// cell, O(log choices) where only a number near it is listed.
class CellCodes {
 public:
  explicit CellCodes(Hyperparameter hyperparameter);

  /// The code of the value that the cell is written like; nothing where there is none. A listed number is met to within
  /// 1e-9 of its size, as 0.15000000000000002 is meant to be 0.15.
  [[nodiscard]] std::optional<double> code_of(const Cell& cell) const;

 private:
  [[nodiscard]] std::optional<double> code_of_value(const Value& value) const;
  /// Whichever of the listed values is called or written like the text.
  [[nodiscard]] std::optional<double> code_of_text(const std::string& text) const;
  [[nodiscard]] std::optional<double> code_near(double number) const;

  Hyperparameter hyperparameter_;
  bool is_listed_ = false;
  ValueIndex values_;                                    // listed ones
  std::unordered_map<std::string, std::size_t> texts_;   // of those that are no texts themselves
  std::vector<std::pair<double, std::size_t>> numbers_;  // listed floats, ascending
};

}  // namespace hyperego
