#pragma once

#include <hyperego/core/hyperparameter.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/value_index.hpp>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hyperego::detail {

/// The hyperparameters of a ConfigSpace file by name, and their codes by value. All members @throws InvalidInput naming
/// the reader's place.
class ConfigSpaceNames {
 public:
  explicit ConfigSpaceNames(const std::vector<Hyperparameter>& hyperparameters);

  [[nodiscard]] const Hyperparameter& operator[](std::size_t i) const { return hyperparameters_[i]; }
  [[nodiscard]] std::size_t index_at(const JsonReader& reader) const;
  [[nodiscard]] double code_at(const JsonReader& reader, std::size_t i) const;
  [[nodiscard]] std::vector<double> codes_at(const JsonReader& reader, std::size_t i) const;
  /// The code to compare with where the order counts: between two values of a quantised number the one on the side
  /// that leaves the comparison as it is (x > 0.85 is x > 0.8).
  [[nodiscard]] double ordered_code_at(const JsonReader& reader, std::size_t i, bool from_above) const;

 private:
  [[nodiscard]] std::optional<double> code_of(const Value& value, std::size_t i) const;

  const std::vector<Hyperparameter>& hyperparameters_;
  std::unordered_map<std::string_view, std::size_t> index_;
  /// Of the choices of those that conditions and clauses have looked into: IN may list as many values as there are.
  mutable std::unordered_map<std::size_t, ValueIndex> choices_;
};

/// @throws InvalidInput at the reader's place: its value is none of the hyperparameter's.
[[noreturn]] void fail_outside_domain(const JsonReader& reader, const Hyperparameter& hyperparameter);

/// Members that other programs add ("comment", "meta", "author", …) are passed over, and named in `passed_over` where
/// it is not null. @throws InvalidInput for a name that looks like one of `known` misspelt, or that would change the
/// space if it were known ("min", "step").
void check_members(const JsonReader& reader, std::initializer_list<std::string_view> known,
                   std::vector<std::string>* passed_over);

}  // namespace hyperego::detail
