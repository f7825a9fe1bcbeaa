#pragma once

#include <nlohmann/json_fwd.hpp>

namespace hyperego::detail {

/// A table as the page's script reads it. One of at most 200 rows stays as it is; a longer one goes column by column,
/// {"columns": [name, …], "count": rows, "packed": [COLUMN, …]}, where a COLUMN is the list of its values,
/// {"values": [distinct, …], "codes": [place among them, …]} where few are distinct, or {"from": n} of n, n + 1, ….
/// O(cells).
[[nodiscard]] nlohmann::ordered_json packed_table(const nlohmann::ordered_json& table);

}  // namespace hyperego::detail
