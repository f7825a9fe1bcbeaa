#pragma once

#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/imports/table/source_trials.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// A column that is to be explained or searched for.
struct ObjectiveChoice {
  std::string name;
  std::optional<Direction> direction = {};  ///< the source's own, else minimize
};

/// "loss", "accuracy=maximize"; another "=" is part of the name. @throws InvalidInput naming `where` for "accuracy=max"
/// and an empty name.
[[nodiscard]] ObjectiveChoice objective_choice(const std::string& text, const std::string& where);

/// What the user says of a source of trials.
struct ImportOptions {
  std::shared_ptr<const SearchSpace> space = {};  ///< the source's own or an inferred one unless given
  std::vector<ObjectiveChoice> objectives = {};   ///< the source's own, or its only candidate, unless given
  std::vector<std::string> ignored = {};          ///< columns that are neither hyperparameter nor objective
  std::string study = {};                         ///< of several that a storage holds
};

/// Trials of another program, understood: a space, objectives, and trials that are legal and have ended.
struct ImportedTrials {
  std::string kind;   ///< "an Optuna study", "a table"
  std::string where;  ///< file or folder
  std::string name;   ///< for the study
  std::shared_ptr<const SearchSpace> space;
  bool is_space_inferred = false;  ///< its domains or its conditions
  std::vector<Objective> objectives;
  std::vector<Constraint> constraints = {};
  std::vector<Trial> trials;                    ///< numbered from 0; completed, infeasible or failed
  std::vector<std::string> places;              ///< where each of them stands
  std::vector<std::optional<double>> ended_at;  ///< of each, seconds since the first began where known
  std::vector<std::string> notes;               ///< what was skipped, inferred or left out, one sentence each

  [[nodiscard]] std::size_t failures() const;
};

/// Reads the trials of any source that imports/formats/ knows. An objective is never guessed: it is named in `options`,
/// or the source says what was optimized, or one column is left that can be it. A trial that the source calls failed,
/// or that lacks a finite value of an objective, is a failed trial; one that has not ended is left out.
/// @throws InvalidInput naming the source, the place in it and the remedy: for formats that are not known, damage,
/// objectives that are not settled, cells that the space does not allow.
[[nodiscard]] ImportedTrials import_trials(const std::filesystem::path& source, const ImportOptions& options = {});

/// The configurations alone of any such source, in its order: results, if there are any, are not looked at.
/// @throws InvalidInput as import_trials(), and where a configuration is not one of `space`.
[[nodiscard]] std::vector<Configuration> import_configurations(const std::filesystem::path& source,
                                                               const std::shared_ptr<const SearchSpace>& space);

/// The same from trials that have been read. `options.study` is not used.
[[nodiscard]] ImportedTrials understand(SourceTrials trials, const ImportOptions& options);

}  // namespace hyperego
