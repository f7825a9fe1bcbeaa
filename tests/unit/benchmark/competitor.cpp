// How a run is played: with workers, with the relevant hyperparameters alone.
#include <hyperego/benchmark/run_record.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/sobol.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "shared_data.hpp"
#include <set>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

BenchmarkSuite suite_with(const std::string& optimizers, const std::string& task) {
  return suite_from_json(ordered_json::parse(R"({"hyperego_benchmark": 1, "seeds": [1], "trials": 20, "optimizers": )" +
                                             optimizers + R"(, "tasks": [)" + task + "]}"),
                         "s.json", ".");
}

RunRecord play(const BenchmarkSuite& suite, std::size_t optimizer, std::uint64_t seed = 1) {
  const auto tasks = prepare_tasks(suite);
  return run_once(suite.tasks[0], tasks[0], suite.optimizers[optimizer], seed, StopSignal{}).value();
}

std::vector<std::string> configurations_of(const RunRecord& run) {
  std::vector<std::string> texts;
  for (const RecordedTrial& trial : run.trials) texts.push_back(trial.configuration->dump());
  return texts;
}

}  // namespace

TEST_CASE("workers: batches in order, or one pending trial after the other") {
  const BenchmarkSuite suite = suite_with(R"(["random", {"label": "4", "name": "random", "workers": 4},
                     {"label": "4a", "name": "random", "workers": 4, "synchronous": false},
                     {"label": "n4a", "name": "nsga2", "population": 4, "workers": 4, "synchronous": false}])",
                                          R"({"problem": "zdt1", "variables": 3})");
  CHECK(to_json(suite.optimizers[1]) == ordered_json({{"label", "4"}, {"name", "random"}, {"workers", 4}}));
  const auto one = configurations_of(play(suite, 0));
  CHECK(configurations_of(play(suite, 1)) == one);  // random search does not mind
  const auto drawn = configurations_of(play(suite, 2));
  CHECK(drawn != one);  // they end in another order
  CHECK(std::multiset<std::string>(drawn.begin(), drawn.end()) == std::multiset<std::string>(one.begin(), one.end()));
  CHECK(configurations_of(play(suite, 2)) == drawn);
  CHECK(configurations_of(play(suite, 3)).size() == 20);
  const auto tasks = prepare_tasks(suite);
  std::set<std::string> identities;
  for (const auto& optimizer : suite.optimizers)
    identities.insert(run_identity(suite.tasks[0], tasks[0], optimizer, 1));
  CHECK(identities.size() == 4);
}

TEST_CASE("the ceiling searches the relevant hyperparameters of an embedded problem alone") {
  const BenchmarkSuite suite =
      suite_with(R"(["random", {"label": "ceiling", "name": "random", "relevant_alone": true}])",
                 R"({"problem": "zdt1", "variables": 20, "relevant": 3, "shift": 0.1})");
  CHECK(suite.tasks[0].name == "zdt1-3of20");
  CHECK(play(suite, 0).trials[5].configuration->size() == 20);
  CHECK(play(suite, 1).trials[5].configuration->size() == 3);
  CHECK(to_json(suite_from_json(to_json(suite), "again", ".")) == to_json(suite));
  const auto tasks = prepare_tasks(suite);
  REQUIRE(tasks[0].relevant_alone != nullptr);
  CHECK(tasks[0].relevant_alone->initial_trials == 5);  // a quarter of 20; of 20 variables as well
  const BenchmarkSuite plain = suite_with(R"([{"label": "ceiling", "name": "random", "relevant_alone": true}])",
                                          R"({"problem": "zdt1", "variables": 4})");
  CHECK(prepare_tasks(plain)[0].relevant_alone == nullptr);
  CHECK(play(plain, 0).trials.size() == 20);
}

TEST_CASE("hyperparameters that change nothing are added to a YAHPO task") {
  if (!test::have_shared("yahpo/rbv2_rpart/model.onnx", "unit.benchmark irrelevant hyperparameters")) return;
  const std::string data = (test::shared_data() / "yahpo").string();
  const BenchmarkSuite suite =
      suite_with(R"(["random", {"label": "ceiling", "name": "random", "relevant_alone": true}])",
                 R"({"yahpo": "rbv2_rpart", "instance": "1476", "irrelevant": 25, "data": ")" + data + "\"}");
  CHECK(suite.tasks[0].name == "rbv2_rpart-1476+25");
  const auto tasks = prepare_tasks(suite);
  CHECK(tasks[0].space->size() == 30);
  CHECK(tasks[0].relevant_alone->space->size() == 5);
  const Configuration whole = tasks[0].space->decode(SobolSequence(30, 3).next());
  Configuration relevant(5);
  for (std::size_t i = 0; i < 5; ++i) relevant.set(i, whole[i]);
  CHECK(tasks[0].evaluate(whole) == tasks[0].relevant_alone->evaluate(relevant));
  CHECK(tasks[0].lower == tasks[0].relevant_alone->lower);
  CHECK(play(suite, 0).trials[9].configuration->contains("irrelevant25"));
  CHECK_FALSE(play(suite, 1).trials[9].configuration->contains("irrelevant25"));
}
