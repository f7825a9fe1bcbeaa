#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hyperego::detail {

/// What the complaint of sbatch means for the array that it was given.
enum class SlurmRefusal {
  none,            ///< it was taken
  unanswered,      ///< nobody answered, or Slurm is busy: it may or may not have it; ask again later
  array_too_long,  ///< longer than arrays may be here (MaxArraySize): a shorter one may pass
  queue_full,      ///< a limit on how many jobs may wait: fewer tasks, or later
  policy,          ///< a limit of the site that is not named, on jobs in the queue or on what each of them asks for
  unknown,         ///< words that we do not know: fewer tasks, or later
  final            ///< it asks for what is not to be had: it will never pass like this
};

/// Slurm's sentences in the order in which they come, without "sbatch: error: Batch job submission failed: " and the
/// like in front. Its programs have no other way to say what is wrong.
[[nodiscard]] std::vector<std::string> slurm_sentences(const std::string& errors);

/// Decided by whole sentences, by the words that a sentence begins with, and by names of limits as whole words.
[[nodiscard]] SlurmRefusal refusal_of(const std::string& errors);

/// MaxArraySize of `scontrol show config`: the number of tasks that an array beginning with 0 may have. Nothing where
/// it is not there; 0 where there are no arrays.
[[nodiscard]] std::optional<std::size_t> parse_most_tasks(const std::string& config);

}  // namespace hyperego::detail
