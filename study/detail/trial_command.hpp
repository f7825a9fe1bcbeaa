#pragma once

#include <hyperego/study/detail/checkpoints.hpp>
#include <hyperego/study/pending_trial.hpp>
#include <hyperego/study/specification.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hyperego::detail {

/// The variable that names the file which a program may write its result to.
inline constexpr auto result_variable = "HYPEREGO_RESULT";

/// The parts of a program's call that depend on the trial: arguments with their placeholders filled, variables, stdin.
class TrialCommand {
 public:
  TrialCommand(CommandEvaluation evaluation, const StudySpecification& study, const PendingTrial& trial,
               const std::optional<Checkpoint>& checkpoint = {});

  /// The program first. Inactive hyperparameters leave nothing in their place.
  [[nodiscard]] const std::vector<std::string>& arguments() const { return arguments_; }
  /// HYPEREGO_ variables and the study's own. Values that no program can be given (too long, zero bytes) are left out.
  [[nodiscard]] const std::map<std::string, std::string>& environment() const { return environment_; }
  /// {"trial", "configuration", "seed"} on one line; where the study has a fidelity also "fidelity": {name: value}, and
  /// where training continues "checkpoint": {"from": folder or null, "to": folder}.
  [[nodiscard]] const std::string& input() const { return input_; }

 private:
  std::vector<std::string> arguments_;
  std::map<std::string, std::string> environment_;
  std::string input_;
};

/// Whether `program` is executable, in `directory` or in PATH.
[[nodiscard]] bool can_be_found(const std::string& program, const std::filesystem::path& directory);

/// @throws InvalidInput for a placeholder that resembles a hyperparameter but is none: most likely a typing error.
/// Braces that resemble no name are the program's own business.
void check_placeholders(const CommandEvaluation& evaluation, const StudySpecification& study, const std::string& where);

/// Placeholders that are none, a sentence each: words in braces that resemble no name, names in the environment's
/// values.
[[nodiscard]] std::vector<std::string> doubtful_placeholders(const CommandEvaluation& evaluation,
                                                             const StudySpecification& study, const std::string& where);

/// Without white space at its ends.
[[nodiscard]] std::string trimmed(const std::string& text);
/// The last line that is not empty.
[[nodiscard]] std::string last_line(const std::string& text);
/// `message`, and the last 500 bytes of what the program wrote to stderr.
[[nodiscard]] std::string with_errors(const std::string& message, const std::string& errors);
/// "it was ended by signal 11 (Segmentation fault)".
[[nodiscard]] std::string signal_message(int signal);
[[nodiscard]] std::string exit_message(int status);

}  // namespace hyperego::detail
