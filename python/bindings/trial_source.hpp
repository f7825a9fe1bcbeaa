// Trials that are to be explained or reported, whoever made them.
#pragma once

#include <hyperego/report/record/study_record.hpp>

#include <nanobind/nanobind.h>
#include <string>

namespace hyperego::python {

/// What hyperego._core.TrialSource holds: the trials of a run directory, of another program or of a study in memory.
struct TrialSource {
  StudyRecord record;
  std::string kind;                ///< "a run directory", "an Optuna study"
  std::string where;               ///< file or folder; empty for what has none
  bool is_space_inferred = false;  ///< from the trials, as ranges or conditions are not known
};

void bind_trial_source(nanobind::module_& module);

}  // namespace hyperego::python
