#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/fidelity.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/value.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hyperego {

/// What is measured of a program beside what it prints. A value whose name is that of an objective or a constraint is
/// that; the others are kept with the trial.
struct Measurement {
  bool seconds = false;  ///< "seconds" (wall clock), "processor_seconds", "peak_memory_mb"
  /// "energy_j", less what the idle machine takes in that time, and "energy_total_j", from the kernel's counters.
  bool energy = false;
  std::filesystem::path powercap_root = "/sys/class/powercap";
  double period_s = 1;  ///< between samples; > 0
  double idle_s = 1;    ///< for which the idle machine is watched before the first trial; 0: nothing is taken off

  [[nodiscard]] bool is_any() const { return seconds || energy; }
  /// Those that it gives, in order.
  [[nodiscard]] std::vector<std::string> names() const;
};

/// A program that is started once a trial, without a shell.
struct CommandEvaluation {
  std::vector<std::string> command = {};  ///< arguments may hold placeholders {hyperparameter}, {trial}, {seed}
  std::optional<double> timeout_s = {};   ///< > 0
  double grace_s = 5;                     ///< between SIGTERM and SIGKILL, ≥ 0
  std::filesystem::path directory = {};   ///< where it is started: the folder of the study file unless given
  std::map<std::string, std::string> environment = {};  ///< added to that of this process
  /// MiB of private memory that each process of it may ask for (RLIMIT_DATA); > 0.
  std::optional<double> memory_mb = {};
  /// The command that the study began with where this one has taken its place; else empty.
  std::vector<std::string> began_with = {};
  double output_mb = 10;  ///< MiB that are kept of stdout and of stderr: the beginning and the end of what is longer
  Measurement measure = {};
  bool keep_checkpoints = false;  ///< also those that no trial will go on from
};

/// The same program, started once a trial as a task of a Slurm job array.
struct SlurmEvaluation {
  CommandEvaluation command = {};
  /// Options of sbatch without the dashes in front: {"partition", "gpu"}. An empty value is an option without one.
  std::vector<std::pair<std::string, std::string>> options = {};
  bool cancel_on_interrupt = false;  ///< cancel jobs on SIGINT and SIGTERM; else they go on, and a resumed run has them
};

/// A built-in test problem (moo/problems).
struct ProblemEvaluation {
  std::string problem = {};
  std::optional<int> variables = {};   ///< the problem's customary number unless given
  std::optional<int> objectives = {};  ///< the problem's customary number unless given
  std::optional<int> relevant = {};    ///< how many of the variables matter; all unless given
  double shift = 0;                    ///< moves the optimum away from the ends and the middle of the ranges
};

/// One instance of a YAHPO Gym scenario.
struct YahpoEvaluation {
  std::string scenario = {};
  std::string instance = {};
  std::vector<std::string> objectives = {};
  std::vector<std::pair<std::string, Value>> fidelity = {};  ///< those that are not to be full
  std::optional<std::filesystem::path> data = {};            ///< HYPEREGO_YAHPO_DATA unless given
};

/// Nobody here evaluates: trials are asked for and told, or a function of the caller's program evaluates them.
struct ExternalEvaluation {};

using Evaluation =
    std::variant<ExternalEvaluation, CommandEvaluation, SlurmEvaluation, ProblemEvaluation, YahpoEvaluation>;

/// The program that the study starts, whoever starts it; null where there is none.
[[nodiscard]] const CommandEvaluation* command_of(const Evaluation& evaluation);
[[nodiscard]] CommandEvaluation* command_of(Evaluation& evaluation);

/// What ends a study, whichever comes first. Reaching one is success.
struct Limits {
  std::uint64_t trials = 100;                      ///< ended trials; also the budget that schedules are relative to
  std::optional<double> wall_s = {};               ///< running time of the study, summed over resumed runs
  std::optional<double> evaluation_s = {};         ///< sum of the trials' own times
  std::optional<double> target_hypervolume = {};   ///< with respect to the study's reference point
  std::optional<std::uint64_t> stall_trials = {};  ///< so many ended trials in a row without a larger hypervolume
  std::optional<double> cost = {};                 ///< of all trials, in full evaluations; needs a fidelity
};

/// A study, complete: everything that its STUDY.json says with every default filled in.
struct StudySpecification {
  std::string name = "study";
  std::string where = "study";  ///< the file it was read from, for messages
  std::shared_ptr<const SearchSpace> space = {};
  std::vector<Objective> objectives = {};
  std::vector<Constraint> constraints = {};
  std::optional<Fidelity> fidelity = {};  ///< what trials may be less than full in
  Evaluation evaluation = {};
  std::vector<Configuration> initial_configurations = {};
  /// Run directories of earlier studies whose trials the models know from the start.
  std::vector<std::filesystem::path> warm_start = {};
  /// {"name": …, options…} as make_optimizer() takes it; the default optimizer where null.
  std::shared_ptr<const nlohmann::ordered_json> optimizer = {};
  Limits limits;
  std::size_t workers = 1;  ///< evaluations at the same time
  bool synchronous = true;  ///< batches of `workers`, told in trial order: reproducible for any timing
  int threads = 0;          ///< for the optimizer's arithmetic; 0: all cores. Results do not depend on it.
  std::optional<std::uint64_t> max_failures =
      20;  ///< failed, timed-out and lost trials that end the study; none: no limit
  std::uint64_t seed = 1;

  /// What was read past in the file, for people; nothing that shapes the study.
  std::vector<std::string> remarks = {};

  /// @throws InvalidInput naming the member at fault, with `where` in front.
  void validate() const;
};

/// What the command line says on top of STUDY.json.
struct StudyOverrides {
  std::optional<std::uint64_t> trials = {};
  std::optional<std::size_t> workers = {};
  std::optional<int> threads = {};
  std::optional<std::uint64_t> seed = {};
};

/// How far a study file is trusted.
enum class StudySource {
  user,     ///< the evaluator's own space and objectives are asked for and compared
  recorded  ///< a study.json as run: its space and objectives are complete and taken as they are, so that no data are
            ///< needed
};

/// Reads STUDY.json (format: docs/study.schema.json). Paths in it are relative to its folder.
/// @throws InvalidInput naming the file, the JSON pointer and what was expected.
[[nodiscard]] StudySpecification read_study(const std::filesystem::path& file, const StudyOverrides& overrides = {},
                                            StudySource source = StudySource::user);

/// The same from JSON; `where` names it in messages and `folder` is what paths are relative to.
[[nodiscard]] StudySpecification study_from_json(const nlohmann::ordered_json& json, const std::string& where,
                                                 const std::filesystem::path& folder,
                                                 const StudyOverrides& overrides = {},
                                                 StudySource source = StudySource::user);

/// study.json as run: canonical, with every default, readable by study_from_json().
[[nodiscard]] nlohmann::ordered_json to_json(const StudySpecification& study);

/// What must agree for a run to go on, of to_json(): see identity().
[[nodiscard]] nlohmann::ordered_json identity_json(const StudySpecification& study);

/// A digest (16 hexadecimal digits) of what must agree for a run to go on: everything that shapes suggestions and
/// results. Limits, workers, threads, max_failures, timeouts and places of files may change from one run to the next;
/// of the commands that took each other's place the first one counts.
[[nodiscard]] std::string identity(const StudySpecification& study);

/// Whether checkpoints of this study's trials are kept for others to go on from.
[[nodiscard]] bool continues_training(const StudySpecification& study);

/// The optimizer's view of a study, without what it takes over from earlier ones (study/earlier_studies.hpp).
[[nodiscard]] OptimizationProblem optimization_problem(const StudySpecification& study);

/// The name reduced to [A-Za-z0-9._-], for folders.
[[nodiscard]] std::string folder_name(const std::string& study_name);

/// FNV-1a, 64 bits, as 16 hexadecimal digits: tells accidental differences apart; no protection against malice.
[[nodiscard]] std::string digest(std::string_view text);

}  // namespace hyperego
