#pragma once

#include <hyperego/study/detail/trial_command.hpp>
#include <hyperego/study/specification.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace hyperego::detail {

/// A word that a POSIX shell takes as it is, whatever is in it.
[[nodiscard]] std::string shell_quoted(const std::string& text);

/// Where one task of a job array reads and writes.
struct TaskFiles {
  std::filesystem::path input;
  std::filesystem::path output;  ///< log of stdout
  std::filesystem::path errors;
  std::filesystem::path result;  ///< appears by a rename once everything is in it
};

/// The script of one task: runs the program in its directory under its limits, keeps its logs to size, and leaves the
/// result: a line "EXIT_STATUS START END" and the end of stdout; or "EXIT_STATUS START END file" and the file that
/// HYPEREGO_RESULT names, where the program wrote it. Values reach the program as quoted words; no shell
/// looks into them. Where Slurm ends the task, the script dies with it and leaves no result.
[[nodiscard]] std::string task_script(const CommandEvaluation& evaluation, const TrialCommand& command,
                                      const TaskFiles& files);

struct TaskResult {
  int status = 0;        ///< as a shell has it: 128 + n for signal n
  double seconds = 0;    ///< 0 where the clock of the node was no help
  std::string output;    ///< the end of stdout, or
  bool is_file = false;  ///< the program's result file
};

/// Nothing where the text is no result.
[[nodiscard]] std::optional<TaskResult> parse_task_result(const std::string& text);

}  // namespace hyperego::detail
