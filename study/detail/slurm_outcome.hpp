#pragma once

#include <hyperego/study/detail/slurm_task.hpp>
#include <hyperego/study/specification.hpp>

#include <filesystem>
#include <optional>

namespace hyperego::detail {

/// What a task that has ended means for its trial: its result, or what Slurm says of its end. `logs` is where the
/// programs' stderr is kept, the array's folder unless given.
[[nodiscard]] Outcome outcome_of(const SlurmTask& task, const CommandEvaluation& evaluation,
                                 const StudySpecification& study, const std::optional<std::filesystem::path>& logs);

}  // namespace hyperego::detail
