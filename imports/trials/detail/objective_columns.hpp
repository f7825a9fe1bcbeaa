#pragma once

#include <hyperego/core/objective.hpp>
#include <hyperego/imports/table/source_trials.hpp>
#include <hyperego/imports/trials/import_trials.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace hyperego {

/// The columns that are the objectives, in the order in which they are named or stand.
struct ObjectiveColumns {
  std::vector<std::size_t> columns;
  std::vector<Objective> objectives;
};

/// Those that `options` names; else those the source was optimized for; else the only one that can be one. Adds to
/// `notes` how they were found and what a direction was taken to be. Roles in `trials` are by then those of
/// name_columns().
/// @throws InvalidInput listing the candidates where none is named and there are several or none, and for names that
/// are no column, are named twice, or contradict the source's direction.
[[nodiscard]] ObjectiveColumns choose_objectives(const SourceTrials& trials, const ImportOptions& options,
                                                 std::vector<std::string>& notes);

/// A list for people: "a", "b" and "c".
[[nodiscard]] std::string quoted_list(const std::vector<std::string>& names, const char* last_word = "and");

}  // namespace hyperego
