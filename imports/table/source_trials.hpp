#pragma once

#include <hyperego/core/hyperparameter.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/imports/table/cell.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// What a column of somebody's trials is known to be.
enum class ColumnRole {
  unknown,         ///< a hyperparameter or a result; only a space or the user can say
  hyperparameter,  ///< a setting
  objective,       ///< what was optimized, and nothing else was
  candidate,       ///< a result, perhaps the one that was optimized
  timing,          ///< how long it took: bookkeeping, unless that is what was optimized
  bookkeeping      ///< index, number, seed, date, …
};

struct SourceColumn {
  std::string name;   ///< of the hyperparameter or result
  std::string label;  ///< the same as the file has it ("params_lr"), by which it can also be named
  ColumnRole role = ColumnRole::unknown;
  std::optional<Objective> objective = {};    ///< direction and more, where the source knows it
  std::optional<Hyperparameter> domain = {};  ///< where the source knows it
};

struct SourceRow {
  std::string place;  ///< what follows the source's name in messages: ":12", "/data/3", ", trial 7"
  std::vector<Cell> cells;
  /// Nothing where the source does not say; `waiting` and `running` have not ended and are left out.
  std::optional<TrialStatus> status = {};
  std::string message = {};             ///< why it failed
  std::optional<double> seconds = {};   ///< that it took
  std::optional<double> ended_at = {};  ///< seconds since some moment
};

/// Trials as a file of another program has them: cells under named columns, before it is settled what is a
/// hyperparameter and what an objective.
struct SourceTrials {
  std::string kind;   ///< "an Optuna study", for messages
  std::string where;  ///< the file or folder
  std::string name;   ///< of the study
  std::vector<SourceColumn> columns;
  std::vector<SourceRow> rows;
  std::shared_ptr<const SearchSpace> space = {};  ///< where the source has it
  std::filesystem::path space_file = {};          ///< ConfigSpace JSON, read where nobody gives another space
  std::vector<std::string> notes = {};            ///< one sentence each

  [[nodiscard]] std::string place(const SourceRow& row) const { return where + row.place; }
};

}  // namespace hyperego
