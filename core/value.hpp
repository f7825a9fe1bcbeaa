#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <variant>

namespace hyperego {

/// JSON that is no boolean, number or string: null, an array or an object, as compact text. Python's None and tuples
/// are choices like any other.
struct JsonValue {
  std::string text;
  friend bool operator==(const JsonValue&, const JsonValue&) = default;
};

/// What a hyperparameter is set to, as a user writes it.
using Value = std::variant<bool, std::int64_t, double, std::string, JsonValue>;

/// True where both are the same to a user: numbers compare by value (2 equals 2.0), a boolean equals only a boolean.
[[nodiscard]] bool same_value(const Value& a, const Value& b);

/// The value as text: strings bare, numbers with the fewest digits that read back to the same double.
[[nodiscard]] std::string to_string(const Value& value);

[[nodiscard]] nlohmann::ordered_json to_json(const Value& value);

/// Reads a value of any kind.
[[nodiscard]] Value any_value_from_json(const nlohmann::ordered_json& json);

/// Reads a boolean, number or string. @throws InvalidInput naming `where` for anything else (null, arrays, objects).
[[nodiscard]] Value value_from_json(const nlohmann::ordered_json& json, const std::string& where);

}  // namespace hyperego
