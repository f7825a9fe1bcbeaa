#pragma once

#include <hyperego/report/explain.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hyperego {

/// Reads a trial table: CSV (RFC 4180) with a header of hyperparameter and objective names, where an empty cell is
/// inactive or missing, or a JSON array of {"configuration": {…}, "objectives": {…}}. Columns that are no
/// hyperparameters are objectives, but for "trial". A trial without all objectives is left out; `left_out` counts them.
/// Objectives are minimised but for those in `maximized`.
/// @throws InvalidInput naming file and line (or element) for unknown or missing columns, illegal configurations and
/// values that are no finite numbers.
[[nodiscard]] TrialTable read_trial_table(const std::filesystem::path& file,
                                          const std::shared_ptr<const SearchSpace>& space,
                                          const std::vector<std::string>& maximized, std::size_t* left_out = nullptr);

/// The records of a CSV text. @throws InvalidInput naming `where` and the line for an unfinished quotation.
[[nodiscard]] std::vector<std::vector<std::string>> parse_csv(const std::string& text, const std::string& where);

}  // namespace hyperego
