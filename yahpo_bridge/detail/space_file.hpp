#pragma once

#include <hyperego/core/search_space.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace hyperego::detail {

/// Reads a scenario's config_space.json without the hyperparameters in `set_aside` and the conditions under which those
/// are active.
/// @throws InvalidInput naming `where` for what is no search space, and for a condition that needs a hyperparameter set
/// aside.
[[nodiscard]] SearchSpace read_yahpo_space(const nlohmann::ordered_json& json, const std::string& where,
                                           const std::vector<std::string>& set_aside);

}  // namespace hyperego::detail
