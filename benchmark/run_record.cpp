#include <hyperego/benchmark/run_record.hpp>
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/version.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <deque>
#include <utility>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

ordered_json evaluator_json(const TaskDefinition& definition, const BenchmarkTask& task) {
  if (const auto* yahpo = std::get_if<YahpoEvaluation>(&definition.evaluation)) {
    return {{"yahpo", yahpo->scenario}, {"instance", yahpo->instance}};
  }
  const auto& problem = std::get<ProblemEvaluation>(definition.evaluation);
  ordered_json json{{"problem", problem.problem}, {"variables", task.space->size()}};
  // Younger than the runs: left out where they change nothing, so that an older run stays the same run.
  if (problem.relevant) json["relevant"] = *problem.relevant;
  if (problem.shift != 0) json["shift"] = problem.shift;
  return json;
}

/// Processor time of the calling thread, which is the only one of its run.
double thread_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct TimedSuggestion {
  Suggestion suggestion;
  double seconds = 0;      ///< wall clock: its share of the ask
  double cpu_seconds = 0;  ///< processor time
};

std::vector<TimedSuggestion> ask_timed(Optimizer& searcher, std::size_t count) {
  using Clock = std::chrono::steady_clock;
  const double cpu_start = thread_seconds();
  const auto start = Clock::now();
  std::vector<Suggestion> suggestions = searcher.ask(count);
  const double share = 1.0 / static_cast<double>(std::max<std::size_t>(suggestions.size(), 1));
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count() * share;
  const double cpu_seconds = (thread_seconds() - cpu_start) * share;
  std::vector<TimedSuggestion> timed;
  for (Suggestion& suggestion : suggestions) timed.push_back({std::move(suggestion), seconds, cpu_seconds});
  return timed;
}

RecordedTrial evaluated(const BenchmarkTask& task, Optimizer& searcher, const TimedSuggestion& timed) {
  const Suggestion& suggestion = timed.suggestion;
  const Trial trial{suggestion.trial, suggestion.configuration, task.outcome(suggestion.configuration)};
  searcher.tell(trial);
  return {.configuration = std::make_shared<const ordered_json>(task.space->to_json(trial.configuration)),
          .objectives = trial.outcome.status == TrialStatus::completed ? trial.outcome.objectives : Eigen::VectorXd(),
          .ask_seconds = timed.seconds,
          .ask_cpu_seconds = timed.cpu_seconds};
}

const BenchmarkTask& played_task(const BenchmarkTask& task, const CompetingOptimizer& optimizer) {
  return optimizer.relevant_alone && task.relevant_alone ? *task.relevant_alone : task;
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
  // Younger than the runs, as above.
  const ordered_json plain = json_of_options(CompetingOptimizer{});
  const ordered_json own = json_of_options(optimizer);
  for (const auto& [name, value] : own.items()) {
    if (value != plain.at(name)) json["played"][name] = value;
  }
  return digest(json.dump());
}

std::optional<RunRecord> run_once(const TaskDefinition& definition, const BenchmarkTask& task,
                                  const CompetingOptimizer& optimizer, std::uint64_t seed, const StopSignal& stop) {
  RunRecord run{.task = task.name,
                .optimizer = optimizer.label,
                .seed = seed,
                .identity = run_identity(definition, task, optimizer, seed)};
  const BenchmarkTask& played = played_task(task, optimizer);
  const auto searcher = make_optimizer(played.problem(seed), *optimizer.options, optimizer.label);
  std::deque<TimedSuggestion> pending;
  std::uint64_t asked = 0;
  while (run.trials.size() < played.trials) {
    if (stop) return std::nullopt;
    const bool may_ask = optimizer.synchronous ? pending.empty() : pending.size() < optimizer.workers;
    const std::uint64_t wanted = std::min<std::uint64_t>(optimizer.workers - pending.size(), played.trials - asked);
    if (may_ask && wanted > 0) {
      std::vector<TimedSuggestion> more = ask_timed(*searcher, wanted);
      asked = more.size() < wanted ? played.trials : asked + wanted;  // fewer: the space is exhausted
      for (TimedSuggestion& suggestion : more) pending.push_back(std::move(suggestion));
    }
    if (pending.empty()) break;
    const std::size_t next = optimizer.synchronous || optimizer.workers == 1
                                 ? 0
                                 : Rng(seed, "next to end", run.trials.size()).below(pending.size());
    const TimedSuggestion ending = pending[next];
    pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(next));
    run.trials.push_back(evaluated(played, *searcher, ending));
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
