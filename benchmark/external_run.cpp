#include <hyperego/benchmark/external_run.hpp>
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/utf8.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <istream>
#include <ostream>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

ordered_json greeting(const BenchmarkTask& task, std::uint64_t seed) {
  const OptimizationProblem problem = task.problem(seed);
  ordered_json json{{"task", task.name}, {"space", to_configspace_json(*problem.space)}};
  for (const Objective& objective : task.objectives) {
    const bool is_maximised = objective.direction == Direction::maximize;
    json["objectives"].push_back({{"name", objective.name}, {"direction", is_maximised ? "maximize" : "minimize"}});
  }
  json["trials"] = task.trials;
  json["seed"] = seed;
  json["initial"] = ordered_json::array();
  for (const Configuration& configuration : problem.initial_configurations) {
    json["initial"].push_back(task.space->to_json(configuration));
  }
  return json;
}

/// What the request asks for, judged; `answer` gets what the other program is told.
RecordedTrial evaluated(const BenchmarkTask& task, const JsonReader& request, ordered_json& answer) {
  const JsonReader member = request.member("configuration");
  RecordedTrial trial{.configuration = std::make_shared<const ordered_json>(member.json())};
  try {
    const Configuration configuration = task.space->legal_configuration_from_json(member.json(), member.where());
    const Outcome outcome = task.outcome(configuration);
    if (outcome.status == TrialStatus::completed) {
      trial.objectives = outcome.objectives;
      answer = {{"objectives", std::vector<double>(outcome.objectives.begin(), outcome.objectives.end())}};
    } else {
      answer = {{"failed", outcome.message}};
    }
  } catch (const InvalidInput& error) {
    answer = {{"failed", error.what()}};
  }
  return trial;
}

}  // namespace

std::optional<RunRecord> play_external_run(const BenchmarkTask& task, const std::string& label, std::uint64_t seed,
                                           std::istream& requests, std::ostream& answers) {
  using Clock = std::chrono::steady_clock;
  RunRecord run{.task = task.name, .optimizer = label, .seed = seed};
  answers << greeting(task, seed).dump() << '\n' << std::flush;
  std::string line;
  while (run.trials.size() < task.trials) {
    const auto start = Clock::now();
    if (!std::getline(requests, line)) return std::nullopt;
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const std::string where = "line " + std::to_string(run.trials.size() + 1);
    const ordered_json json = parse_json(line, where);
    const JsonReader request(json, where);
    request.allow_members({"configuration"});
    ordered_json answer;
    run.trials.push_back(evaluated(task, request, answer));
    run.trials.back().ask_seconds = seconds;
    answers << dump_utf8(answer) << '\n' << std::flush;
  }
  return run;
}

}  // namespace hyperego
