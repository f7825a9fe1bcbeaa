#pragma once

#include <hyperego/core/search_space.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace hyperego::detail {

/// Reads a scenario's config_space.json without the hyperparameters in `set_aside`; a condition that has one of them as
/// its child goes with it. @throws InvalidInput naming `where` for what is no search space, for a name in `set_aside`
/// that it lacks, and for a condition whose parent is set aside while its child is not.
[[nodiscard]] SearchSpace read_yahpo_space(const nlohmann::ordered_json& json, const std::string& where,
                                           const std::vector<std::string>& set_aside);

}  // namespace hyperego::detail
