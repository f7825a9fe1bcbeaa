#pragma once

#include <hyperego/report/record/study_record.hpp>

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// Several studies of the same objectives side by side, in the shape of report_document() with "kind": "comparison":
/// hypervolumes with respect to one reference point (that of the studies where all state the same, else the worst of
/// theirs), fronts, and a table. `labels` name them.
/// @throws InvalidInput where there are fewer than two, or their objectives differ in name or direction.
[[nodiscard]] nlohmann::ordered_json comparison_document(std::span<const StudyRecord> records,
                                                         const std::vector<std::string>& labels);

}  // namespace hyperego
