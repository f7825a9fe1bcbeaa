#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyperego {

/// Parses JSON text. @throws InvalidInput naming `where` with line and column for malformed text, repeated member
/// names, text that is not UTF-8, numbers outside the range of a double, and nesting deeper than 100.
[[nodiscard]] nlohmann::ordered_json parse_json(std::string_view text, const std::string& where);

/// Reads and parses a file. @throws InvalidInput naming the file also where it cannot be read.
[[nodiscard]] nlohmann::ordered_json read_json_file(const std::filesystem::path& file);

/// The whole of a file. @throws InvalidInput naming the file where it cannot be read.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& file);

/// A strict, typed view of a JSON value that knows its place ("study.json/limits/trials"), so that every complaint
/// names it.
///
/// Nothing is converted silently: 2.5 or 1e300 is no integer, true is no number, 1 is no boolean. The viewed value must
/// outlive the reader. All members @throws InvalidInput.
class JsonReader {
 public:
  /// 2^53: whole numbers up to here are exact in every JSON reader.
  static constexpr std::int64_t greatest_integer = 9007199254740992;

  JsonReader(const nlohmann::ordered_json& value, std::string where) : value_(&value), where_(std::move(where)) {}

  [[nodiscard]] const nlohmann::ordered_json& json() const { return *value_; }
  [[nodiscard]] const std::string& where() const { return where_; }
  [[noreturn]] void fail(const std::string& message) const;

  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  [[nodiscard]] bool is_string() const;
  [[nodiscard]] bool is_number() const;

  /// The value must be an object with no members but these; an unknown one is named together with the nearest known
  /// name.
  void allow_members(std::initializer_list<std::string_view> names) const;
  /// A member that must be there.
  [[nodiscard]] JsonReader member(std::string_view name) const;
  /// A member that may be absent; null counts as absent.
  [[nodiscard]] std::optional<JsonReader> find(std::string_view name) const;
  /// Every member of an object, in file order.
  [[nodiscard]] std::vector<std::pair<std::string, JsonReader>> members() const;
  /// Every element of an array.
  [[nodiscard]] std::vector<JsonReader> elements() const;

  [[nodiscard]] const std::string& string() const;
  [[nodiscard]] bool boolean() const;
  /// A finite number.
  [[nodiscard]] double number() const;
  [[nodiscard]] double number(double least, double greatest) const;
  /// A whole number (2.0 counts) in [least, greatest].
  [[nodiscard]] std::int64_t integer(std::int64_t least = -greatest_integer,
                                     std::int64_t greatest = greatest_integer) const;
  [[nodiscard]] std::vector<double> numbers() const;
  [[nodiscard]] std::vector<std::string> strings() const;
  /// One of these words; the complaint lists them.
  [[nodiscard]] std::string word(std::initializer_list<std::string_view> known) const;

  // The member's value where it is there, `fallback` where not.
  [[nodiscard]] double number_or(std::string_view name, double fallback, double least, double greatest) const;
  [[nodiscard]] std::int64_t integer_or(std::string_view name, std::int64_t fallback, std::int64_t least,
                                        std::int64_t greatest) const;
  [[nodiscard]] bool boolean_or(std::string_view name, bool fallback) const;
  [[nodiscard]] std::string string_or(std::string_view name, const std::string& fallback) const;

 private:
  const nlohmann::ordered_json* value_;
  std::string where_;
};

}  // namespace hyperego
