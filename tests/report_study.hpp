// Small studies in a run directory, for tests of reports.
#pragma once

#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/runner.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>

namespace hyperego::test {

/// Runs a study of a built-in problem in `directory`.
inline void run_problem(const std::filesystem::path& directory, const nlohmann::ordered_json& json) {
  Study study(study_from_json(json, "test", directory), directory, OpenMode::start);
  const auto evaluator = make_evaluator(study.specification());
  StopSignal stop;
  (void)run_study(study, *evaluator, stop);
}

}  // namespace hyperego::test
