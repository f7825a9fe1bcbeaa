// What other programs have left, from tests/data/import (see README.md there).
#include <hyperego/imports/formats/detail/budgets.hpp>

#include "imported.hpp"
#include "shared_data.hpp"

using namespace hyperego;
using namespace hyperego::test;
namespace fs = std::filesystem;

namespace {

const fs::path data = HYPEREGO_IMPORT_DATA;

ImportedTrials read(const fs::path& source, const std::string& study = {},
                    const std::vector<std::string>& objectives = {}) {
  ImportOptions options = options_with(objectives);
  options.study = study;
  return import_trials(source, options);
}

std::string refusal(const fs::path& source, const std::string& study = {},
                    const std::vector<std::string>& objectives = {}) {
  try {
    (void)read(source, study, objectives);
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("an Optuna study is the same from SQLite and from a journal, and has the trials of its data frame") {
  for (const char* study : {"one", "two"}) {
    const ImportedTrials database = read(data / "optuna.db", study);
    const ImportedTrials journal = read(data / "optuna.journal", study);
    const ImportedTrials frame = read(data / (std::string("optuna_") + study + ".csv"));
    CHECK(to_configspace_json(*database.space) == to_configspace_json(*journal.space));
    CHECK(database.notes == journal.notes);
    REQUIRE(database.trials.size() == 8);
    REQUIRE(journal.trials.size() == 8);
    REQUIRE(frame.trials.size() == 8);
    CHECK(database.failures() == 2);
    for (std::size_t i = 0; i < 8; ++i) {
      CAPTURE(i);
      CHECK(database.trials[i].configuration == journal.trials[i].configuration);
      CHECK(database.trials[i].outcome.objectives == journal.trials[i].outcome.objectives);
      CHECK(database.trials[i].outcome.status == frame.trials[i].outcome.status);
      CHECK(database.trials[i].outcome.objectives == frame.trials[i].outcome.objectives);
      CHECK(configuration_at(database, i).at("lr") == configuration_at(frame, i).at("lr"));
      CHECK(configuration_at(database, i).at("weighting") == configuration_at(frame, i).at("weighting"));
      CHECK(configuration_at(database, i).contains("momentum") == configuration_at(frame, i).contains("momentum"));
    }
    CHECK(database.trials[3].outcome.message == "state FAIL");
    CHECK(database.trials[5].outcome.message == "state PRUNED");
  }
  const ImportedTrials two = read(data / "optuna.db", "two");
  CHECK(two.objectives[0].name == "error");
  CHECK(two.objectives[1].name == "size");
  CHECK(read(data / "optuna.db", "one").objectives[0].direction == Direction::maximize);
  const SearchSpace& space = *two.space;
  CHECK(space[space.index_of("lr")].describe() == "a float in [0.0001, 1] (log)");
  CHECK(space[space.index_of("depth")].describe() == "one of the ordered values 1, 3, 5, 7, 9");
  CHECK(space[space.index_of("dropout")].cardinality() == 11);
  CHECK(space[space.index_of("weighting")].describe() == R"(one of "None", "balanced")");
  CHECK(space.is_conditional(space.index_of("momentum")));
  CHECK(says(two, "1 trial has not ended"));
}

TEST_CASE("Optuna: which study, which direction") {
  CHECK(refusal(data / "optuna.db").find("holds several studies; name one with --study: \"one\", \"two\"") !=
        std::string::npos);
  CHECK(refusal(data / "optuna.journal", "three").find("has no study \"three\"; it holds \"one\", \"two\"") !=
        std::string::npos);
  CHECK(refusal(data / "optuna.db", "one", {"value=minimize"})
            .find("says that \"value\" is to be maximized; leave out the direction") != std::string::npos);
  CHECK(read(data / "optuna.db", "two", {"size"}).objectives.size() == 1);
}

TEST_CASE("Optuna: a journal is replayed as Optuna does") {
  const TemporaryDirectory directory;
  const std::string choice =
      R"({\"name\": \"CategoricalDistribution\", \"attributes\": {\"choices\": [null, 2, [1, 2]]}})";
  std::ofstream(directory / "j")
      << R"({"op_code": 0, "study_name": "gone", "directions": [1]})"
      << "\n"
      << R"({"op_code": 0, "study_name": "s", "directions": [2]})"
      << "\n"
      << R"({"op_code": 0, "study_name": "s", "directions": [1]})"
      << "\n"  // refused: there already
      << R"({"op_code": 1, "study_id": 0})"
      << "\n"
      << R"({"op_code": 4, "study_id": 0, "datetime_start": null})"
      << "\n"  // refused: no such study
      << R"({"op_code": 4, "study_id": 1, "datetime_start": "2024-01-01T00:00:00"})"
      << "\n"
      << R"({"op_code": 5, "trial_id": 0, "param_name": "x", "param_value_internal": 3, "distribution": "{\"name\": \"IntUniformDistribution\", \"attributes\": {\"low\": 1, \"high\": 5, \"step\": 1}}"})"
      << "\n"
      << R"({"op_code": 5, "trial_id": 0, "param_name": "k", "param_value_internal": 2, "distribution": ")" << choice
      << "\"}\n"
      << R"({"op_code": 6, "trial_id": 0, "state": 1, "values": [0.5], "datetime_complete": "2024-01-01T00:00:07"})"
      << "\n"
      << R"({"op_code": 6, "trial_id": 0, "state": 3, "values": null})"
      << "\n"  // refused: has ended
      << R"({"op_code": 9, "trial_id": 0, "system_attr": {"constraints": [1.0]}})"
      << "\n"
      << R"({"op_code": 4, "study_id": 1, "datetime_start": null, "state": 1, "value": 0.25, "params": {"x": 9, "k": 0}, "distributions": )"
      << R"({"x": "{\"name\": \"IntDistribution\", \"attributes\": {\"log\": false, \"step\": 1, \"low\": 2, \"high\": 9}}", "k": ")"
      << choice << "\"}}\n";
  const ImportedTrials trials = read(directory / "j");
  REQUIRE(trials.trials.size() == 2);
  CHECK(trials.name == "s");
  CHECK(trials.failures() == 0);
  CHECK(trials.objectives[0].direction == Direction::maximize);
  CHECK(trials.trials[0].outcome.seconds == 7);
  CHECK(configuration_at(trials, 0) == nlohmann::ordered_json{{"x", 3}, {"k", "[1,2]"}});
  CHECK(configuration_at(trials, 1) == nlohmann::ordered_json{{"x", 9}, {"k", "None"}});
  CHECK((*trials.space)[0].describe() == "an integer in [1, 9]");
  CHECK(says(trials, "the range of \"x\" changed"));
  CHECK(says(trials, "the study has constraints, which are not taken over"));
}

TEST_CASE("Optuna: damaged storages are refused") {
  const TemporaryDirectory directory;
  const std::string database = read_text_file(data / "optuna.db");
  std::ofstream(directory / "cut.db", std::ios::binary) << database.substr(0, database.size() / 3);
  CHECK(refusal(directory / "cut.db", "one").find("cannot be read as an Optuna storage") != std::string::npos);
  std::ofstream(directory / "other.db", std::ios::binary) << database.substr(0, 100) << std::string(412, '\0');
  CHECK(refusal(directory / "other.db", "one") != "none");
  const std::string journal = read_text_file(data / "optuna.journal");
  std::ofstream(directory / "torn", std::ios::binary) << journal.substr(0, journal.size() - 20);
  CHECK(refusal(directory / "torn", "one") == "none");
  std::ofstream(directory / "bad", std::ios::binary) << journal.substr(0, 200) << "\n" << journal;
  CHECK(refusal(directory / "bad", "one").find("bad:") != std::string::npos);
}

TEST_CASE("SMAC3, 2.x and 1.x") {
  const ImportedTrials now = read(data / "smac3_2");
  CHECK(now.trials.size() == 8);
  CHECK(now.failures() == 1);
  CHECK(now.trials[3].outcome.status == TrialStatus::failed);
  CHECK(now.trials[3].outcome.message == "crashed");
  CHECK_FALSE(now.is_space_inferred);
  CHECK(now.objectives[0].name == "error");
  CHECK(now.objectives[1].name == "size");
  CHECK(now.trials[0].outcome.objectives.isApprox(Eigen::Vector2d(0.1125, 0.23)));
  CHECK(read(data / "smac3_2" / "runhistory.json").trials.size() == 8);
  const ImportedTrials then = read(data / "smac3_1");
  CHECK(then.objectives[0].name == "cost");
  REQUIRE(then.trials.size() == 5);
  CHECK(then.trials[2].outcome.status == TrialStatus::failed);
  CHECK(then.trials[4].outcome.status == TrialStatus::timed_out);
  CHECK(configuration_at(then, 3) == nlohmann::ordered_json{{"C", 0.5}, {"kernel", "linear"}});
  CHECK(then.trials[4].outcome.seconds == 60);
  const TemporaryDirectory directory;
  for (const char* run : {"a", "b"}) {
    fs::create_directories(directory / run);
    fs::copy(data / "smac3_2", directory / run);
    if (std::string(run) == "a") CHECK(read(directory.path()).trials.size() == 8);
  }
  CHECK(refusal(directory.path()).find("holds several runs of SMAC3; give one of ") != std::string::npos);
}

TEST_CASE("SMAC3 2.0 to 2.2 wrote lists, with and without the processor's time") {
  const TemporaryDirectory directory;
  for (const char* times : {"0.5", "0.5, 0.4"}) {
    std::ofstream(directory / "runhistory.json")
        << R"({"stats": {"submitted": 3}, "data": [[1, null, 0, null, 0.25, )" << times
        << R"(, 1, 10.0, 10.5, {}], [2, null, 0, null, Infinity, )" << times
        << R"(, 2, 11.0, 11.5, {}], [3, null, 0, null, 0.75, )" << times
        << R"(, 3, 12.0, 12.5, {}]], "configs": {"1": {"x": 1}, "2": {"x": 2}, "3": {"x": 3}}})";
    const ImportedTrials trials = read(directory.path());
    REQUIRE(trials.trials.size() == 3);
    CHECK(trials.trials[0].outcome.objectives[0] == 0.25);
    CHECK(trials.trials[1].outcome.status == TrialStatus::failed);
    CHECK(trials.trials[2].outcome.status == TrialStatus::timed_out);
    CHECK(trials.trials[0].outcome.seconds == 0.5);
    CHECK(trials.ended_at[2] == 2.5);
  }
}

TEST_CASE("DeepCAVE: the largest budget counts") {
  const ImportedTrials trials = read(data / "deepcave");
  CHECK(trials.trials.size() == 3);
  CHECK(trials.failures() == 1);
  CHECK(trials.objectives[0].direction == Direction::maximize);
  CHECK(trials.trials[0].outcome.objectives == Eigen::Vector2d(0.8, 5));
  CHECK(trials.trials[1].outcome.seconds == 6);
  CHECK(says(trials, "1 of 4 runs had a smaller budget than 50 and are left out"));
  const BudgetFilter none({std::nullopt, std::nullopt});
  CHECK(none.keeps(0));
}

TEST_CASE("Ray Tune: the last report of each trial") {
  CHECK(refusal(data / "ray").find("\"error\", \"size\"") != std::string::npos);
  const ImportedTrials trials = read(data / "ray", {}, {"error", "size=maximize"});
  const ImportedTrials frame = read(data / "ray.csv", {}, {"error", "size=maximize"});
  CHECK(trials.trials.size() == 6);
  CHECK(trials.failures() == 1);
  CHECK(trials.trials[1].outcome.message == "error.txt says why");
  CHECK(trials.trials[0].outcome.objectives == frame.trials[0].outcome.objectives);
  CHECK(configuration_at(trials, 0).at("model/depth") == configuration_at(frame, 0).at("model/depth"));
  CHECK(trials.trials[0].outcome.seconds > 0);
  const TemporaryDirectory directory;
  fs::copy(data / "ray" / "f_0", directory / "f_0", fs::copy_options::recursive);
  fs::remove(directory / "f_0" / "result.json");
  CHECK(read(directory.path(), {}, {"error"}).trials[0].outcome.objectives[0] ==
        trials.trials[0].outcome.objectives[0]);
}

TEST_CASE("MLflow, Weights & Biases and R") {
  CHECK(refusal(data / "mlflow.csv").find("\"train_error\" or \"val_error\" could be the objective") !=
        std::string::npos);
  const ImportedTrials mlflow = read(data / "mlflow.csv", {}, {"metrics.val_error"});
  CHECK(mlflow.objectives[0].name == "val_error");
  CHECK(mlflow.failures() == 1);
  CHECK(mlflow.space->size() == 3);
  CHECK(mlflow.trials.back().number == 9);
  CHECK(mlflow.ended_at.front().value() < mlflow.ended_at.back().value());  // newest first in the file
  const ImportedTrials wandb = read(data / "wandb.csv", {}, {"val_accuracy=maximize"});
  CHECK(wandb.trials.size() == 4);
  CHECK(wandb.failures() == 1);
  CHECK(wandb.trials[0].outcome.seconds == 120);
  CHECK(wandb.space->size() == 4);
  const ImportedTrials r = read(data / "r_csv2.csv", {}, {"y"});
  CHECK(configuration_at(r, 0) == nlohmann::ordered_json{{"x", 0.5}, {"kind", "a"}, {"flag", true}});
  CHECK(r.trials[1].outcome.objectives[0] == -5);
}

TEST_CASE("benchmarks: the runs have configurations, their table has none") {
  const TemporaryDirectory directory;
  std::ofstream(directory / "1.json")
      << R"({"hyperego_benchmark_run":1,"task":"t","optimizer":"o","seed":1,"trials":[)"
      << R"({"configuration":{"x":0.5},"objectives":[1,2]},{"configuration":{"x":0.25}},{"configuration":{"x":1},"objectives":[3,4]}]})";
  const ImportedTrials trials = read(directory / "1.json");
  CHECK(trials.name == "t-o");
  CHECK(trials.failures() == 1);
  CHECK(trials.trials[2].outcome.objectives == Eigen::Vector2d(3, 4));
  std::ofstream(directory / "trials.csv") << "task,optimizer,seed,trial,hypervolume,f1\nt,o,1,0,.5,1\n";
  CHECK(refusal(directory / "trials.csv").find("give one of its runs, as runs/TASK/OPTIMIZER/SEED.json") !=
        std::string::npos);
  CHECK(refusal(directory.path()).find("give one of its runs, as runs/TASK/OPTIMIZER/SEED.json") != std::string::npos);
}

TEST_CASE("a space of the source that cannot be read gives way to one that is given") {
  const TemporaryDirectory directory;
  fs::copy(data / "smac3_1", directory / "s");
  std::ofstream(directory / "s" / "configspace.json") << "{";
  CHECK(refusal(directory / "s").find("configspace.json") != std::string::npos);
  const ImportOptions options = options_with({}, read_text_file(data / "smac3_1" / "configspace.json"));
  CHECK(import_trials(directory / "s", options).trials.size() == 5);
}

TEST_CASE("what is nothing of all this") {
  CHECK(refusal("/no/such/file").find("there is no such file or folder") != std::string::npos);
  const TemporaryDirectory directory;
  CHECK(refusal(directory.path()).find("holds no trials in a form that is known") != std::string::npos);
}
