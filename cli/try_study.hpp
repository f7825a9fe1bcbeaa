#pragma once

#include <hyperego/core/trial.hpp>
#include <hyperego/study/specification.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace hyperego::cli {

/// One evaluation of the space's default configuration that no run directory holds.
struct Attempt {
  std::string configuration;  ///< JSON
  std::string output;         ///< what the program printed; empty for evaluators without a program
  std::string errors;
  Outcome outcome;
  int stopped_by = 0;  ///< the signal that ended it
};

/// The program of a Slurm study runs here. @throws InvalidInput where the study's evaluator is external.
[[nodiscard]] Attempt try_study(const StudySpecification& study);

[[nodiscard]] nlohmann::ordered_json to_json(const Attempt& attempt, const StudySpecification& study);
/// The same for people.
[[nodiscard]] std::string text_of(const Attempt& attempt, const StudySpecification& study);
/// Done, 3 where it has no result, 128 + the signal that ended it.
[[nodiscard]] int exit_code(const Attempt& attempt);

}  // namespace hyperego::cli
