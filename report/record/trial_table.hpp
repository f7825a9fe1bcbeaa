#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/imports/trials/import_trials.hpp>
#include <hyperego/study/study_history.hpp>

#include <Eigen/Core>

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
  Eigen::MatrixXd values;               ///< trials × objectives, raw direction, all finite
  std::vector<std::string> notes = {};  ///< what was inferred, skipped or left out in reading them, one sentence each

  /// The objectives to be minimised, in the shape of `values`.
  [[nodiscard]] Eigen::MatrixXd minimised() const;
  /// @throws InvalidInput naming the objectives there are.
  [[nodiscard]] std::size_t objective_index(const std::string& name) const;
};

/// The completed trials of a run directory. @throws as RunDirectory::read_history().
[[nodiscard]] TrialTable trials_of_run(const std::filesystem::path& directory);
/// The same of a study that has been read.
[[nodiscard]] TrialTable trials_of_history(const StudyHistory& history);

/// The completed ones of imported trials. @throws InvalidInput where there are none.
[[nodiscard]] TrialTable trials_of_import(const ImportedTrials& imported);

}  // namespace hyperego
