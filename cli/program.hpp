#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace hyperego::cli {

/// Exit codes of the program; what they mean is in exit_codes.hpp.
struct ExitCode {
  static constexpr int done = 0;
  static constexpr int internal_error = 1;
  static constexpr int invalid_input = 2;
  static constexpr int stopped_by_itself = 3;  ///< or no trial completed
  static constexpr int store_error = 4;        ///< or a shortage of what the machine has
};

/// What the chosen command does once the command line is known to be sound. Returns the exit code.
using Action = std::function<int()>;

// Each adds its commands to the program and sets `action` when one of them is chosen.
void add_study_commands(CLI::App& app, Action& action);                     // init, run, validate
void add_ask_tell_commands(CLI::App& app, Action& action);                  // status, ask, tell
void add_benchmark_command(CLI::App& app, Action& action);                  // benchmark
void add_benchmark_analysis_commands(CLI::App& benchmark, Action& action);  // benchmark subset, benchmark profile
void add_explain_command(CLI::App& app, Action& action);                    // explain
void add_import_command(CLI::App& app, Action& action);                     // import
void add_report_command(CLI::App& app, Action& action);                     // report
void add_shapley_command(CLI::App& app, Action& action);                    // shapley
void add_indicator_command(CLI::App& app, Action& action);                  // indicator
void add_problem_commands(CLI::App& app, Action& action);                   // problem
void add_yahpo_commands(CLI::App& app, Action& action);                     // yahpo
/// completion, manual: printed from all commands, those added later included. `app` must outlive the action.
void add_completion_commands(CLI::App& app, Action& action);

}  // namespace hyperego::cli
