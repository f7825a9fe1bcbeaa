#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hyperego {

/// Completed trials to be explained, whatever made them.
struct TrialTable {
  std::shared_ptr<const SearchSpace> space;
  std::vector<Objective> objectives;
  std::vector<Configuration> configurations;
  Eigen::MatrixXd values;  ///< trials × objectives, raw direction, all finite

  /// The objectives to be minimised, in the shape of `values`.
  [[nodiscard]] Eigen::MatrixXd minimised() const;
  /// @throws InvalidInput naming the objectives there are.
  [[nodiscard]] std::size_t objective_index(const std::string& name) const;
};

/// The completed trials of a run directory. @throws as RunDirectory::read_history().
[[nodiscard]] TrialTable trials_of_run(const std::filesystem::path& directory);

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
