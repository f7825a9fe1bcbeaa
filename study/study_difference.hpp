#pragma once

#include <hyperego/study/specification.hpp>

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace hyperego {

/// A place where two JSON values differ.
struct JsonDifference {
  std::string pointer;               ///< RFC 6901
  std::string old_value, new_value;  ///< as short JSON; "not given" where there is none
};

/// The first difference, in the order of the members of `before`; those that only `after` has come last. O(size).
[[nodiscard]] std::optional<JsonDifference> first_difference(const nlohmann::ordered_json& before,
                                                             const nlohmann::ordered_json& after);

/// Why `study` cannot go on with the trials of `recorded` in `directory`, and what can be done: one sentence that names
/// the first member that differs, and --accept-command or "warm_start" where they would serve.
[[nodiscard]] std::string difference_message(const StudySpecification& recorded, const StudySpecification& study,
                                             const std::filesystem::path& directory);

}  // namespace hyperego
