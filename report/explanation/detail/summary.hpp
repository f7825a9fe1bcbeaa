#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace hyperego::detail {

/// One or two sentences on top of an explanation of single players (order 1): what matters, what does not, what is not
/// known. The leader is one of several where their intervals overlap; nobody leads where the trials do not tell any
/// hyperparameter from noise.
[[nodiscard]] std::string summary_of(const nlohmann::ordered_json& json);

/// Of the same, the hyperparameter of largest value among those that can be told from noise, and those that its
/// interval does not tell from it. Empty where the trials tell none from noise or nothing is gained.
[[nodiscard]] std::vector<std::string> leaders_of(const nlohmann::ordered_json& json);

}  // namespace hyperego::detail
