#include "try_study.hpp"

#include <hyperego/core/error.hpp>
#include <hyperego/study/evaluators.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "interruption.hpp"
#include "output.hpp"
#include "program.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace hyperego::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "hyperego-try-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw Error(pattern, "cannot be made; set TMPDIR to a folder that can");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// Line by line, indented.
std::string listing(const std::string& text) {
  if (text.empty()) return "  (nothing)\n";
  std::istringstream stream(text);
  std::string result;
  for (std::string line; std::getline(stream, line);) result += "  " + printable(line) + "\n";
  return result;
}

ordered_json values_json(const Outcome& outcome, const StudySpecification& study) {
  ordered_json json = ordered_json::object();
  for (Eigen::Index i = 0; i < outcome.objectives.size(); ++i) {
    json[study.objectives[static_cast<std::size_t>(i)].name] = outcome.objectives[i];
  }
  for (Eigen::Index i = 0; i < outcome.constraints.size(); ++i) {
    json[study.constraints[static_cast<std::size_t>(i)].name] = outcome.constraints[i];
  }
  return json;
}

}  // namespace

Attempt try_study(const StudySpecification& study) {
  const TemporaryFolder folder;
  const auto stop = std::make_shared<StopSignal>();
  const EvaluatorContext context{.logs = folder.path(), .checkpoints = folder.path() / "checkpoints", .stop = stop};
  const auto* slurm = std::get_if<SlurmEvaluation>(&study.evaluation);
  const auto evaluator = slurm != nullptr
                             ? command_evaluator(slurm->command, study, context, study.where + "/evaluator")
                             : make_evaluator(study, context);
  if (evaluator == nullptr) throw InvalidInput(study.where + "/evaluator", "is external, so there is nothing to try");
  const Interruption interruption(*stop);
  const Configuration configuration = study.space->default_configuration();
  Attempt attempt;
  attempt.configuration = study.space->to_json(configuration).dump();
  PendingTrial trial{.configuration = configuration, .seed = study.seed};
  if (study.fidelity) trial.fidelity = study.fidelity->below_full(study.fidelity->least);  // the cheapest
  EvaluationChannel nobody;
  attempt.outcome = evaluator->run(trial, nobody);
  attempt.output = content(folder.path() / "0.out");
  attempt.errors = content(folder.path() / "0.err");
  attempt.stopped_by = stop->reason();
  return attempt;
}

ordered_json to_json(const Attempt& attempt, const StudySpecification& study) {
  return {{"configuration", ordered_json::parse(attempt.configuration)},
          {"stdout", attempt.output},
          {"stderr", attempt.errors},
          {"status", to_string(attempt.outcome.status)},
          {"values", values_json(attempt.outcome, study)},
          {"message", attempt.outcome.message}};
}

std::string text_of(const Attempt& attempt, const StudySpecification& study) {
  std::string text = "tried " + attempt.configuration + "\nstdout:\n" + listing(attempt.output) + "stderr:\n" +
                     listing(attempt.errors) + fmt::format("understood: {}", to_string(attempt.outcome.status));
  if (attempt.outcome.objectives.size() > 0) text += " " + values_json(attempt.outcome, study).dump();
  if (!attempt.outcome.message.empty()) text += "\n" + listing(attempt.outcome.message);
  return text + (text.back() == '\n' ? "" : "\n");
}

int exit_code(const Attempt& attempt) {
  if (attempt.stopped_by > 0) return 128 + attempt.stopped_by;
  const TrialStatus status = attempt.outcome.status;
  return status == TrialStatus::completed || status == TrialStatus::infeasible ? ExitCode::done
                                                                               : ExitCode::stopped_by_itself;
}

}  // namespace hyperego::cli
