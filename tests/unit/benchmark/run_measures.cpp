#include <hyperego/benchmark/run_measures.hpp>
#include <hyperego/benchmark/summary.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

BenchmarkSuite suite_of(const ordered_json& tasks) {
  const ordered_json json{{"hyperego_benchmark", 1},
                          {"seeds", {1}},
                          {"trials", 4},
                          {"optimizers", {"random", {{"label", "theirs"}, {"external", true}}}},
                          {"tasks", tasks}};
  return suite_from_json(json, "suite.json", ".");
}

BenchmarkTask kursawe_in_a_box() {
  return prepare_tasks(
      suite_of(ordered_json::parse(R"([{"problem":"kursawe","bounds":{"ideal":[-20,-12],"nadir":[-10,0]}}])")))[0];
}

RunRecord record(const std::vector<std::vector<double>>& objectives) {
  RunRecord run{.task = "kursawe", .optimizer = "theirs", .seed = 1};
  for (const auto& values : objectives) {
    RecordedTrial trial{.ask_seconds = 0.5};
    if (!values.empty()) trial.objectives = Eigen::Map<const Eigen::Vector2d>(values.data());
    run.trials.push_back(trial);
  }
  return run;
}

}  // namespace

TEST_CASE("hypervolume after every trial, by hand") {
  const BenchmarkTask task = kursawe_in_a_box();
  // Normalised: (0.5, 0.5), failed, (0.3, 0.8); the run ended one trial early.
  const RunMeasures measures = measure(task, record({{-15, -6}, {}, {-17, -2.4}}));
  REQUIRE(measures.hypervolume.size() == 4);
  CHECK(measures.hypervolume[0] == doctest::Approx(0.36));
  CHECK(measures.hypervolume[1] == doctest::Approx(0.36));
  CHECK(measures.hypervolume[2] == doctest::Approx(0.36 + 0.2 * 0.3));
  CHECK(measures.hypervolume[3] == measures.hypervolume[2]);
  CHECK(measures.area == doctest::Approx((0.36 + 0.36 + 0.42 + 0.42) / 4));
  CHECK(measures.ask_seconds == doctest::Approx(0.5));
  CHECK_FALSE(measures.regret);
  CHECK_FALSE(measures.igd_plus);
}

TEST_CASE("points beyond the reference or better than the bounds") {
  const BenchmarkTask task = kursawe_in_a_box();
  const RunMeasures measures = measure(task, record({{-8, -11}, {-25, -13}}));  // (1.2, …), (−0.5, −1/12)
  CHECK(measures.hypervolume[0] == 0);
  CHECK(measures.hypervolume[1] == doctest::Approx(1.6 * (1.1 + 1.0 / 12)));
}

TEST_CASE("a maximised objective is turned, and the known front has no regret") {
  const BenchmarkTask task = prepare_tasks(suite_of(ordered_json::parse(R"([{"problem":"zdt1","variables":3}])")))[0];
  CHECK(task.bounds == BoundsSource::front);
  CHECK(*task.best_hypervolume == doctest::Approx(1.21 - 1.0 / 3).epsilon(1e-3));
  RunRecord run{.task = "zdt1-3", .optimizer = "random", .seed = 1};
  for (int i = 0; i < 4; ++i) {
    RecordedTrial trial;
    trial.objectives = Eigen::Vector2d(i / 3.0, 1 - std::sqrt(i / 3.0));
    run.trials.push_back(trial);
  }
  const RunMeasures measures = measure(task, run);
  CHECK(*measures.regret > 0);
  CHECK(*measures.log10_regret == doctest::Approx(std::log10(*measures.regret)));
  CHECK(*measures.igd_plus > 0);
  CHECK(*measures.igd_plus < 0.1);
}

TEST_CASE("a Sobol' sample bounds what has no known front, always alike") {
  const ordered_json tasks = ordered_json::parse(R"([{"problem":"kursawe"},{"problem":"dtlz1","bounds":"sobol"}])");
  const auto once = prepare_tasks(suite_of(tasks));
  const auto again = prepare_tasks(suite_of(tasks));
  for (std::size_t t = 0; t < 2; ++t) {
    CHECK(once[t].bounds == BoundsSource::sobol);
    CHECK((once[t].lower.array() < once[t].upper.array()).all());
    CHECK(once[t].lower == again[t].lower);
    CHECK(once[t].upper == again[t].upper);
  }
  CHECK(*once[1].best_hypervolume > 1);  // the front is far better than the sample
}

TEST_CASE("every optimizer starts from the same configurations") {
  const BenchmarkTask task = kursawe_in_a_box();
  std::vector<std::vector<Configuration>> starts;
  for (const std::string& name : optimizer_names()) {
    BenchmarkTask longer = task;
    longer.trials = 40;
    longer.initial_trials = 8;
    const auto optimizer = make_optimizer(longer.problem(7), {{"name", name}}, name);
    starts.emplace_back();
    for (int t = 0; t < 8; ++t) {
      const Suggestion suggestion = optimizer->ask(1).at(0);
      starts.back().push_back(suggestion.configuration);
      optimizer->tell({.number = suggestion.trial,
                       .configuration = suggestion.configuration,
                       .outcome = {.objectives = task.evaluate(suggestion.configuration)}});
    }
    CHECK(starts.back() == starts.front());
  }
}

TEST_CASE("the middle of a built-in problem is not given away") {
  const BenchmarkTask task = kursawe_in_a_box();
  const OptimizationProblem first = task.problem(7);
  const OptimizationProblem second = task.problem(8);
  REQUIRE(first.initial_configurations.size() == 4);
  CHECK(first.initial_configurations[0] == first.space->default_configuration());
  CHECK_FALSE(first.initial_configurations[0] == second.initial_configurations[0]);
  for (const Configuration& configuration : first.initial_configurations) {
    CHECK_FALSE(configuration == task.space->default_configuration());
  }
}

TEST_CASE("a run on file is the run that was made") {
  const ordered_json tasks = ordered_json::parse(R"([{"problem":"kursawe"}])");
  const BenchmarkSuite suite = suite_of(tasks);
  const auto prepared = prepare_tasks(suite);
  const StopSignal stop;
  const auto run = run_once(suite.tasks[0], prepared[0], suite.optimizers[0], 3, stop);
  REQUIRE(run.has_value());
  CHECK(run->trials.size() == 4);
  CHECK(run->identity == run_identity(suite.tasks[0], prepared[0], suite.optimizers[0], 3));
  CHECK(run->identity != run_identity(suite.tasks[0], prepared[0], suite.optimizers[0], 4));
  BenchmarkTask longer = prepared[0];
  ++longer.trials;
  CHECK(run->identity != run_identity(suite.tasks[0], longer, suite.optimizers[0], 3));
  StopSignal stopped;
  stopped.raise();
  CHECK_FALSE(run_once(suite.tasks[0], prepared[0], suite.optimizers[0], 3, stopped).has_value());
}
