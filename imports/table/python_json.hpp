#pragma once

#include <hyperego/core/json_reader.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyperego {

/// JSON as Python and R write it: NaN, Infinity and -Infinity stand for nothing (a missing value), which strict JSON
/// has no word for. @throws InvalidInput as parse_json().
[[nodiscard]] nlohmann::ordered_json parse_python_json(std::string text, const std::string& where);
[[nodiscard]] nlohmann::ordered_json read_python_json(const std::filesystem::path& file);

/// One JSON value a line, with the number of the line; empty lines are passed over. A last line that is not complete
/// (its writer was stopped) is left out. @throws InvalidInput naming the line.
[[nodiscard]] std::vector<std::pair<std::size_t, nlohmann::ordered_json>> parse_json_lines(const std::string& text,
                                                                                           const std::string& where);

/// The number that is there; nothing for null and anything else.
[[nodiscard]] std::optional<double> number_or_nothing(const JsonReader& reader);

}  // namespace hyperego
