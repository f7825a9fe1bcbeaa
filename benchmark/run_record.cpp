#include <hyperego/benchmark/run_record.hpp>
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/version.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <ctime>
#include <utility>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

ordered_json evaluator_json(const TaskDefinition& definition, const BenchmarkTask& task) {
  if (const auto* yahpo = std::get_if<YahpoEvaluation>(&definition.evaluation)) {
    return {{"yahpo", yahpo->scenario}, {"instance", yahpo->instance}};
  }
  const auto& problem = std::get<ProblemEvaluation>(definition.evaluation);
  return {{"problem", problem.problem}, {"variables", task.space->size()}};
}

/// Processor time of the calling thread, which is the only one of its run.
double thread_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

std::string run_identity(const TaskDefinition& definition, const BenchmarkTask& task,
                         const CompetingOptimizer& optimizer, std::uint64_t seed) {
  if (optimizer.is_external()) return {};
  ordered_json json{{"evaluator", evaluator_json(definition, task)},
                    {"space", to_configspace_json(*task.space)},
                    {"trials", task.trials},
                    {"initial_trials", task.initial_trials},
                    {"defaults", task.has_defaults},
                    {"optimizer", *optimizer.options},
                    {"seed", seed}};
  for (const Objective& objective : task.objectives) {
    json["objectives"].push_back({objective.name, objective.direction == Direction::maximize});
  }
  return digest(json.dump());
}

std::optional<RunRecord> run_once(const TaskDefinition& definition, const BenchmarkTask& task,
                                  const CompetingOptimizer& optimizer, std::uint64_t seed, const StopSignal& stop) {
  using Clock = std::chrono::steady_clock;
  RunRecord run{.task = task.name,
                .optimizer = optimizer.label,
                .seed = seed,
                .identity = run_identity(definition, task, optimizer, seed)};
  const auto searcher = make_optimizer(task.problem(seed), *optimizer.options, optimizer.label);
  for (std::uint64_t t = 0; t < task.trials; ++t) {
    if (stop) return std::nullopt;
    const double cpu_start = thread_seconds();
    const auto start = Clock::now();
    const std::vector<Suggestion> suggestions = searcher->ask(1);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const double cpu_seconds = thread_seconds() - cpu_start;
    if (suggestions.empty()) break;
    Trial trial{suggestions[0].trial, suggestions[0].configuration, task.outcome(suggestions[0].configuration)};
    searcher->tell(trial);
    run.trials.push_back(
        {.configuration = std::make_shared<const ordered_json>(task.space->to_json(trial.configuration)),
         .objectives = trial.outcome.status == TrialStatus::completed ? trial.outcome.objectives : Eigen::VectorXd(),
         .ask_seconds = seconds,
         .ask_cpu_seconds = cpu_seconds});
  }
  return run;
}

ordered_json to_json(const RunRecord& run) {
  ordered_json json{{"hyperego_benchmark_run", 1}, {"task", run.task},
                    {"optimizer", run.optimizer},  {"seed", run.seed},
                    {"identity", run.identity},    {"program", version()}};
  json["trials"] = ordered_json::array();
  for (const RecordedTrial& trial : run.trials) {
    ordered_json entry = ordered_json::object();
    if (trial.configuration) entry["configuration"] = *trial.configuration;
    entry["objectives"] = nullptr;
    if (trial.objectives.size() > 0) {
      entry["objectives"] = std::vector<double>(trial.objectives.begin(), trial.objectives.end());
    }
    entry["ask_s"] = trial.ask_seconds;
    if (trial.ask_cpu_seconds) entry["ask_cpu_s"] = *trial.ask_cpu_seconds;
    json["trials"].push_back(std::move(entry));
  }
  return json;
}

RunRecord read_run(const std::filesystem::path& file, const BenchmarkTask& task) {
  const ordered_json json = read_json_file(file);
  const JsonReader reader(json, file.string());
  reader.allow_members({"hyperego_benchmark_run", "task", "optimizer", "seed", "identity", "program", "trials"});
  if (reader.member("hyperego_benchmark_run").integer() != 1) {
    reader.member("hyperego_benchmark_run").fail("is not known; this program reads format 1");
  }
  RunRecord run{.task = reader.member("task").string(),
                .optimizer = reader.member("optimizer").string(),
                .seed = static_cast<std::uint64_t>(reader.member("seed").integer(0)),
                .identity = reader.string_or("identity", "")};
  const JsonReader trials = reader.member("trials");
  for (const JsonReader& element : trials.elements()) {
    element.allow_members({"configuration", "objectives", "ask_s", "ask_cpu_s"});
    RecordedTrial trial{.ask_seconds = element.number_or("ask_s", 0, 0, 1e9)};
    if (const auto seconds = element.find("ask_cpu_s")) trial.ask_cpu_seconds = seconds->number(0, 1e9);
    if (const auto configuration = element.find("configuration")) {
      trial.configuration = std::make_shared<const ordered_json>(configuration->json());
    }
    if (const auto objectives = element.find("objectives")) {
      const std::vector<double> values = objectives->numbers();
      if (values.size() != task.objectives.size()) {
        objectives->fail("has " + std::to_string(values.size()) + " values for " +
                         std::to_string(task.objectives.size()) + " objectives");
      }
      trial.objectives = Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
    }
    run.trials.push_back(std::move(trial));
  }
  if (run.trials.size() > task.trials) {
    trials.fail("are " + std::to_string(run.trials.size()) + ", more than the budget of " +
                std::to_string(task.trials) + " that everyone has");
  }
  return run;
}

}  // namespace hyperego
