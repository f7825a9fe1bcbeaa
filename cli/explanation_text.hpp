#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace hyperego::cli {

/// An explanation of `explain()` for people: its summary, sentences on what was played, the table of values with their
/// intervals to the digits that these leave certain, notes and suggestions.
[[nodiscard]] std::string explanation_text(const nlohmann::ordered_json& json);

}  // namespace hyperego::cli
