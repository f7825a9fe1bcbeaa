// Final normalised hypervolume of optimizers over tasks and seeds: the table of docs/benchmarks.md.
//
//   bench_search_quality [--data DIR] [--tasks lcbench:167152,zdt1:5,…] [--optimizers '{"name":"parego"};…']
//                        [--seeds 10] [--first-seed 1] [--trials N] [--threads 2] [--csv FILE]
//
// A YAHPO task takes the objectives of its suite entry, the budget ⌈20 + 40 √d⌉ and the bounds of the published
// statistics (without clipping, reference 1.1); a built-in problem, PROBLEM:VARIABLES[:OBJECTIVES], takes 100 trials
// and its raw objectives, reference 1.1.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/moo/hypervolume.hpp>
#include <hyperego/moo/optimizer.hpp>
#include <hyperego/moo/problems/registry.hpp>
#include <hyperego/yahpo_bridge/problem.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace hyperego;

namespace {

struct Task {
  std::string name;
  std::shared_ptr<const SearchSpace> space;
  std::vector<Objective> objectives;
  std::function<Eigen::VectorXd(const Configuration&)> evaluate;  // raw
  Eigen::VectorXd lower, upper;                                   // of the minimised objectives: mapped to 0 and 1
  std::uint64_t trials = 100;
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

Task yahpo_task(const std::string& data, const std::string& scenario_name, const std::string& instance) {
  auto scenario = std::make_shared<const YahpoScenario>(YahpoScenario::load(data, scenario_name));
  Task task;
  task.name = scenario_name + ":" + instance;
  std::vector<std::size_t> columns;
  for (const YahpoSuiteEntry& entry : scenario->suite()) {
    if (entry.instance != instance) continue;
    for (const std::string& target : entry.targets) columns.push_back(scenario->target_index(target));
  }
  if (columns.empty()) throw InvalidInput(task.name, "is no entry of the multi-objective suite");
  const auto m = static_cast<Eigen::Index>(columns.size());
  task.lower.resize(m);
  task.upper.resize(m);
  for (std::size_t j = 0; j < columns.size(); ++j) {
    const Objective& objective = scenario->targets()[columns[j]];
    const YahpoRange range = scenario->range(objective.name, instance).value();
    const double a = to_minimised(objective, range.min);
    const double b = to_minimised(objective, range.max);
    task.lower[static_cast<Eigen::Index>(j)] = std::min(a, b);
    task.upper[static_cast<Eigen::Index>(j)] = std::max(a, b);
    task.objectives.push_back(objective);
  }
  std::vector<std::string> names;
  for (const Objective& objective : task.objectives) names.push_back(objective.name);
  const YahpoProblem problem(scenario, instance, names);
  task.space = std::make_shared<const SearchSpace>(problem.space());
  task.trials = static_cast<std::uint64_t>(std::ceil(20 + 40 * std::sqrt(static_cast<double>(task.space->size()))));
  task.evaluate = [problem](const Configuration& configuration) { return problem.evaluate(configuration); };
  return task;
}

Task problem_task(const std::vector<std::string>& parts) {
  const Problem problem =
      make_problem(parts[0], std::stoi(parts[1]), parts.size() > 2 ? std::optional(std::stoi(parts[2])) : std::nullopt);
  Task task;
  task.name = parts[0] + ":" + parts[1];
  std::vector<Hyperparameter> variables;
  for (int i = 0; i < problem.number_of_variables(); ++i) {
    variables.push_back(make_float("x" + std::to_string(i + 1), problem.lower()[i], problem.upper()[i]));
  }
  task.space = std::make_shared<const SearchSpace>(std::move(variables));
  for (int j = 0; j < problem.number_of_objectives(); ++j) task.objectives.push_back({"f" + std::to_string(j + 1)});
  task.lower = Eigen::VectorXd::Zero(problem.number_of_objectives());
  task.upper = Eigen::VectorXd::Ones(problem.number_of_objectives());
  const std::size_t d = task.space->size();
  task.evaluate = [problem, d](const Configuration& configuration) {
    std::vector<double> x(d);
    for (std::size_t i = 0; i < d; ++i) x[i] = configuration[i];
    return problem.evaluate(x);
  };
  return task;
}

struct Run {
  std::vector<double> hypervolume;  // after 25, 50, 75 and 100 % of the trials
  double ask_seconds = 0;           // mean
  std::string failure;
};

Run run(const Task& task, const std::string& optimizer_json, std::uint64_t seed) {
  const auto options = parse_json(optimizer_json, "optimizer");
  OptimizationProblem problem{task.space, task.objectives, {}, task.trials, seed};
  const auto optimizer = make_optimizer(problem, options, "optimizer");
  const auto m = static_cast<Eigen::Index>(task.objectives.size());
  const Eigen::VectorXd reference = Eigen::VectorXd::Constant(m, 1.1);
  Eigen::MatrixXd points(static_cast<Eigen::Index>(task.trials), m);
  Run result;
  double asking = 0;
  for (std::uint64_t t = 0; t < task.trials; ++t) {
    const auto start = std::chrono::steady_clock::now();
    const auto suggestions = optimizer->ask(1);
    asking += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    Trial trial{suggestions.at(0).trial, suggestions.at(0).configuration, {}};
    trial.outcome.objectives = task.evaluate(trial.configuration);
    optimizer->tell(trial);
    const Eigen::VectorXd f = to_minimised(task.objectives, trial.outcome.objectives);
    points.row(static_cast<Eigen::Index>(t)) =
        ((f - task.lower).array() / (task.upper - task.lower).array()).matrix().transpose();
    for (int quarter = 1; quarter <= 4; ++quarter) {
      if (t + 1 != (task.trials * static_cast<std::uint64_t>(quarter) + 3) / 4) continue;
      result.hypervolume.push_back(hypervolume(points.topRows(static_cast<Eigen::Index>(t + 1)), reference));
    }
  }
  result.ask_seconds = asking / static_cast<double>(task.trials);
  return result;
}

}  // namespace

int main(int argc, char** argv) try {
  std::map<std::string, std::string> option{
      {"--data", ""},
      {"--tasks", ""},
      {"--optimizers", R"({"name":"random"};{"name":"parego"};{"name":"hpi-parego"})"},
      {"--seeds", "10"},
      {"--first-seed", "1"},
      {"--trials", "0"},
      {"--threads", "2"},
      {"--csv", ""}};
  for (int i = 1; i + 1 < argc; i += 2) option.at(argv[i]) = argv[i + 1];
  const char* environment = std::getenv("HYPEREGO_YAHPO_DATA");
  const std::string data = !option["--data"].empty() ? option["--data"] : environment != nullptr ? environment : "";
  if (option["--tasks"].empty()) {
    option["--tasks"] =
        data.empty() ? "zdt1:5,dtlz2:6:3" : "lcbench:167152,lcbench:167185,lcbench:189873,zdt1:5,dtlz2:6:3";
    if (data.empty()) fmt::print("LCBench is left out: no data (--data or HYPEREGO_YAHPO_DATA)\n");
  }
  const auto seeds = std::stoul(option["--seeds"]);
  const auto first_seed = std::stoul(option["--first-seed"]);

  std::vector<Task> tasks;
  for (const std::string& text : split(option["--tasks"], ',')) {
    const auto parts = split(text, ':');
    const auto& names = problem_names();
    const bool built_in = std::any_of(names.begin(), names.end(),
                                      [&](const std::string& name) { return edit_distance(name, parts.at(0)) == 0; });
    tasks.push_back(built_in ? problem_task(parts) : yahpo_task(data, parts.at(0), parts.at(1)));
    if (option["--trials"] != "0") tasks.back().trials = std::stoul(option["--trials"]);
  }
  const std::vector<std::string> optimizers = split(option["--optimizers"], ';');

  struct Job {
    std::size_t task, optimizer, seed;
    Run result;
  };
  std::vector<Job> jobs;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    for (std::size_t o = 0; o < optimizers.size(); ++o) {
      for (std::size_t s = 0; s < seeds; ++s) jobs.push_back({t, o, s, {}});
    }
  }
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> workers;
  for (unsigned long w = 0; w < std::stoul(option["--threads"]); ++w) {
    workers.emplace_back([&] {
      for (std::size_t j = next++; j < jobs.size(); j = next++) {
        try {
          jobs[j].result = run(tasks[jobs[j].task], optimizers[jobs[j].optimizer], first_seed + jobs[j].seed);
        } catch (const std::exception& error) {
          jobs[j].result.failure = error.what();
        }
      }
    });
  }
  for (std::thread& worker : workers) worker.join();

  std::ofstream csv;
  if (!option["--csv"].empty()) {
    csv.open(option["--csv"]);
    csv << "task,optimizer,seed,hv25,hv50,hv75,hv100,ask_seconds\n";
  }
  fmt::print("{:<22} {:<60} {:>8} {:>8} {:>8} {:>8} {:>8} {:>9}\n", "task", "optimizer", "25 %", "50 %", "75 %",
             "100 %", "sd", "ask ms");
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    for (std::size_t o = 0; o < optimizers.size(); ++o) {
      std::vector<double> mean(4, 0);
      double squares = 0;
      double ask = 0;
      double n = 0;
      for (const Job& job : jobs) {
        if (job.task != t || job.optimizer != o) continue;
        if (!job.result.failure.empty()) {
          fmt::print("{} {} seed {}: {}\n", tasks[t].name, optimizers[o], first_seed + job.seed, job.result.failure);
          continue;
        }
        ++n;
        for (std::size_t q = 0; q < 4; ++q) mean[q] += job.result.hypervolume[q];
        squares += job.result.hypervolume[3] * job.result.hypervolume[3];
        ask += job.result.ask_seconds;
        if (csv.is_open()) {
          std::string quoted;
          for (const char c : optimizers[o]) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
          csv << fmt::format("{},\"{}\",{},{},{},{},{},{}\n", tasks[t].name, quoted, first_seed + job.seed,
                             job.result.hypervolume[0], job.result.hypervolume[1], job.result.hypervolume[2],
                             job.result.hypervolume[3], job.result.ask_seconds);
        }
      }
      for (double& value : mean) value /= n;
      const double deviation = std::sqrt(std::max(0.0, (squares - n * mean[3] * mean[3]) / std::max(1.0, n - 1)));
      fmt::print("{:<22} {:<60} {:8.5f} {:8.5f} {:8.5f} {:8.5f} {:8.5f} {:9.2f}\n", tasks[t].name, optimizers[o],
                 mean[0], mean[1], mean[2], mean[3], deviation, 1e3 * ask / n);
    }
  }
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 2;
}
