#pragma once

#include <hyperego/core/json_reader.hpp>

#include <nlohmann/json_fwd.hpp>

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace hyperego {

/// What a number may be: in [least, greatest], or in (least, greatest] where `above`.
struct OptionRange {
  double least = 0;
  double greatest = 1;
  bool above = false;
};

/// One option, stated once: its name in JSON, what it may be, what it means, and the member of an aggregate that holds
/// it. Reading, checking, writing and every description follow. The default is what the aggregate holds when it is
/// described.
///
/// An aggregate states its options in a function `std::vector<Option> options_of(Aggregate&)`; the options are bound to
/// that instance and must not outlive it. Whole numbers are exact up to 2^53.
struct Option {
  struct Number {
    OptionRange range;
    bool whole;
    bool may_be_unset;  ///< null is a value
    std::function<std::optional<double>()> get;
    std::function<void(std::optional<double>)> set;
  };
  struct Truth {
    bool* field;
  };
  struct Word {
    std::vector<std::string_view> words;
    std::function<std::optional<std::string_view>()> get;
    std::function<void(std::string_view)> set;
  };
  struct Numbers {  ///< one or more
    OptionRange range;
    std::vector<double>* field;
  };
  struct Group {
    std::vector<Option> members;
  };
  /// What has a reader, a shape for people and a JSON schema of its own; its aggregate checks it.
  struct Other {
    std::function<void(const JsonReader&)> read;
    std::string shape;
    std::string schema;
  };

  std::string name;
  std::variant<Number, Truth, Word, Numbers, Group, Other> value;
  std::string meaning;  ///< a phrase, in Markdown
  std::string unset = {};
  std::function<bool()> applies = {};
  std::string remedy = {};

  /// What is taken where nothing is given and that is not one value, as "a sixth of the budget".
  [[nodiscard]] Option unless_given(std::string what) const;
  /// Whoever gives the option where not `condition` is told so; judged when all options are read.
  [[nodiscard]] Option only_where(std::function<bool()> condition, std::string otherwise) const;
};

/// Reads those members of an object that are there; the other options keep what they hold. `others` are the caller's.
/// @throws InvalidInput naming the member that is unknown, of another type, out of range or out of place.
void read_options(const JsonReader& reader, const std::vector<Option>& options,
                  std::initializer_list<std::string_view> others = {});

/// The option is what the whole of `value` says. @throws InvalidInput likewise.
void read_option(const JsonReader& value, const Option& option);

/// @throws InvalidInput naming the option that holds what it may not, below `where`.
void check_options(const std::vector<Option>& options, const std::string& where = {});

/// {name: what it holds}, null where unset, in the order of the options.
[[nodiscard]] nlohmann::ordered_json to_json(const std::vector<Option>& options);

/// The options as data: an array of {"name", "type", "minimum", "maximum", "default", "unless_given", "meaning"}, types
/// and ranges in the words of JSON Schema ("enum", "exclusiveMinimum", …); a group has "members" of the same form.
[[nodiscard]] nlohmann::ordered_json describe(const std::vector<Option>& options);

/// The "properties" of a JSON schema, made from describe().
[[nodiscard]] nlohmann::ordered_json schema_properties(const nlohmann::ordered_json& descriptions);

/// The same checks for an aggregate that has options_of().
template <typename Options>
void check_options_of(const Options& options, const std::string& where = {}) {
  Options copy = options;
  check_options(options_of(copy), where);
}

/// to_json() for an aggregate that has options_of().
template <typename Options>
[[nodiscard]] auto json_of_options(const Options& options) {
  Options copy = options;
  return to_json(options_of(copy));
}

/// describe() for an aggregate with its defaults.
template <typename Options>
[[nodiscard]] auto describe() {
  Options defaults;
  return describe(options_of(defaults));
}

/// A number: double or any integer type.
template <typename T>
requires std::is_arithmetic_v<T>
[[nodiscard]] Option option(std::string name, T& field, OptionRange range, std::string meaning) {
  return {std::move(name),
          Option::Number{range, std::is_integral_v<T>, false, [&field] { return static_cast<double>(field); },
                         [&field](std::optional<double> value) { field = static_cast<T>(*value); }},
          std::move(meaning)};
}

/// A number that may be unset.
template <typename T>
[[nodiscard]] Option option(std::string name, std::optional<T>& field, OptionRange range, std::string meaning) {
  const auto get = [&field] { return field ? std::optional<double>(static_cast<double>(*field)) : std::nullopt; };
  const auto set = [&field](std::optional<double> value) {
    field = value ? std::optional<T>(static_cast<T>(*value)) : std::nullopt;
  };
  return {std::move(name), Option::Number{range, std::is_integral_v<T>, true, get, set}, std::move(meaning)};
}

[[nodiscard]] Option option(std::string name, std::vector<double>& field, OptionRange range, std::string meaning);
[[nodiscard]] Option option(std::string name, bool& field, std::string meaning);
[[nodiscard]] Option option(std::string name, std::vector<Option> members, std::string meaning);

/// A word for each value.
template <typename T>
[[nodiscard]] Option word_option(std::string name, T& field,
                                 std::vector<std::pair<std::string_view, std::type_identity_t<T>>> words,
                                 std::string meaning) {
  std::vector<std::string_view> names;
  for (const auto& word : words) names.push_back(word.first);
  const auto get = [&field, words]() -> std::optional<std::string_view> {
    const auto found = std::find_if(words.begin(), words.end(), [&](const auto& word) { return word.second == field; });
    return found == words.end() ? std::nullopt : std::optional(found->first);
  };
  const auto set = [&field, words](std::string_view text) {
    field = std::find_if(words.begin(), words.end(), [&](const auto& word) { return word.first == text; })->second;
  };
  return {std::move(name), Option::Word{std::move(names), get, set}, std::move(meaning)};
}

/// Enumerators with the names that to_string() gives them.
template <typename T>
[[nodiscard]] std::vector<std::pair<std::string_view, T>> named(std::initializer_list<T> values) {
  std::vector<std::pair<std::string_view, T>> words;
  for (const T value : values) words.emplace_back(to_string(value), value);
  return words;
}

}  // namespace hyperego
