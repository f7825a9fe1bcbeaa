#pragma once

#include <hyperego/core/search_space.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace hyperego::cli {

/// What status_json() says, for people. The front is a table with the hyperparameters in the order of the space; where
/// it is wider than `columns`, trials become its columns, or else what does not fit is left out and said to be.
[[nodiscard]] std::string status_table(const nlohmann::ordered_json& status, const SearchSpace& space,
                                       std::optional<std::size_t> columns);

}  // namespace hyperego::cli
