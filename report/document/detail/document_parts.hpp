#pragma once

#include <hyperego/core/objective.hpp>

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <string>
#include <vector>

namespace hyperego::detail {

/// {"columns", "rows": []}
[[nodiscard]] nlohmann::ordered_json empty_table(std::vector<std::string> columns);

/// {"id", "title", "text": [], "figures": [], "tables": []}
[[nodiscard]] nlohmann::ordered_json empty_section(const std::string& id, const std::string& title);

/// With "reading": how_to_read() its kind.
void add_figure(nlohmann::ordered_json& section, const std::string& id, const std::string& title,
                const std::string& caption, nlohmann::ordered_json chart, nlohmann::ordered_json data);
void add_table(nlohmann::ordered_json& section, const std::string& id, const std::string& title,
               const nlohmann::ordered_json& table);

/// Four significant digits, for sentences.
[[nodiscard]] std::string in_words(double value);
/// "1 trial", "2 trials".
[[nodiscard]] std::string counted(std::uint64_t count, const std::string& singular);
/// "a, b and c".
[[nodiscard]] std::string listed(const std::vector<std::string>& names);
/// "2 h 05 min", "3.2 s".
[[nodiscard]] std::string duration_in_words(double seconds);
/// "2026-01-31 12:05:09 UTC" of seconds since 1970; empty for 0.
[[nodiscard]] std::string time_in_words(double seconds);

/// A value of a game whose gain is v(N) − v(∅); 0 where it is below a millionth of that, which is as far as maxima are
/// searched.
[[nodiscard]] double beside_gain(double value, double gain);

/// The number, or null where it is not finite.
[[nodiscard]] nlohmann::ordered_json number_or_null(double value);

/// A hyperparameter's value: numbers with four digits, text without quotes.
[[nodiscard]] std::string value_in_words(const nlohmann::ordered_json& value);

}  // namespace hyperego::detail
