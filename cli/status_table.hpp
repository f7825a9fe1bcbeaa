#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace hyperego::cli {

/// What status_json() says, for people.
[[nodiscard]] std::string status_table(const nlohmann::ordered_json& status);

}  // namespace hyperego::cli
