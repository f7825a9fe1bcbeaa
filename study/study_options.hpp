#pragma once

#include <hyperego/core/option.hpp>
#include <hyperego/study/specification.hpp>

#include <vector>

namespace hyperego {

// Members of STUDY.json that are a number or a choice (core/option.hpp).

/// workers, synchronous, threads, max_failures, seed.
[[nodiscard]] std::vector<Option> options_of(StudySpecification& study);
/// The object "fidelity"; what the evaluator knows of it may be left out.
[[nodiscard]] std::vector<Option> options_of(Fidelity& fidelity);
/// The object "measure" of a command.
[[nodiscard]] std::vector<Option> options_of(Measurement& measure);
/// The object "limits".
[[nodiscard]] std::vector<Option> options_of(Limits& limits);
/// Of "evaluator", where it is a command: times and memory.
[[nodiscard]] std::vector<Option> options_of(CommandEvaluation& evaluation);
/// The same and what Slurm has beside.
[[nodiscard]] std::vector<Option> options_of(SlurmEvaluation& evaluation);
/// Of "evaluator", where it is a problem: its sizes.
[[nodiscard]] std::vector<Option> options_of(ProblemEvaluation& evaluation);

}  // namespace hyperego
