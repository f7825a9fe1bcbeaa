#include <hyperego/imports/trials/imported_study.hpp>
#include <hyperego/study/run_directory.hpp>
#include <hyperego/study/study.hpp>

#include "imported.hpp"

using namespace hyperego;
using namespace hyperego::test;
namespace fs = std::filesystem;

namespace {

ImportedTrials example() {
  return imported(
      "lr,opt,m,loss,acc,duration\n.1,sgd,.5,1,.9,2\n.01,adam,,2,.95,3\n.001,adam,,,.1,1\n.5,sgd,.7,3,.8,2\n",
      options_with({"loss", "acc=maximize"}));
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a run directory of imported trials is one like any other") {
  const TemporaryDirectory directory;
  const ImportedTrials trials = example();
  write_run_directory(trials, directory / "run");
  CHECK(entries(directory.path()) == 1);
  const StudyHistory history = RunDirectory::read_history(directory / "run");
  REQUIRE(history.records().size() == 4);
  CHECK(history.count(TrialStatus::completed) == 3);
  CHECK(history.count(TrialStatus::failed) == 1);
  CHECK(history.front() == std::vector<std::uint64_t>{0, 1});
  CHECK(history.elapsed_s() == 8);
  CHECK(history.study().objectives[1].direction == Direction::maximize);
  CHECK(history.study().limits.trials == 104);
  for (std::size_t i = 0; i < 4; ++i) CHECK(history.records()[i].configuration == trials.trials[i].configuration);
  const auto decisions = read_text_file(directory / "run" / "decisions.jsonl");
  CHECK(decisions.find("\"phase\":\"imported\"") != std::string::npos);
  CHECK(decisions.find("imported from a table, ") != std::string::npos);
  CHECK(read_configspace_file(directory / "run" / "space.json").size() == 3);
  CHECK(read_text_file(directory / "run" / "front.csv").find("trial,lr,opt,m,loss,acc\n0,") == 0);

  SUBCASE("it goes on") {
    Study study(RunDirectory::read_specification(directory / "run"), directory / "run", OpenMode::resume);
    CHECK(study.directory()->repairs().empty());
    const auto asked = study.ask(2);
    REQUIRE(asked.size() == 2);
    CHECK(asked[0].trial == 4);
    study.tell(4, {.status = TrialStatus::completed, .objectives = Eigen::Vector2d(0.5, 0.99)});
    CHECK(study.history().front() == std::vector<std::uint64_t>{4});
  }
  SUBCASE("it can be imported again, and is the same") {
    const ImportedTrials again = import_trials(directory / "run");
    REQUIRE(again.trials.size() == 4);
    CHECK(again.objectives[1].direction == Direction::maximize);
    CHECK_FALSE(again.is_space_inferred);
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(again.trials[i].configuration == trials.trials[i].configuration);
      CHECK(again.trials[i].outcome.status == trials.trials[i].outcome.status);
    }
    CHECK(import_trials(directory / "run", options_with({"acc"})).objectives.size() == 1);
  }
  SUBCASE("nothing that is there is touched") {
    const std::string before = read_text_file(directory / "run" / "journal.jsonl");
    CHECK_THROWS_AS(write_run_directory(trials, directory / "run"), InvalidInput);
    std::ofstream(directory / "file") << "mine";
    CHECK_THROWS_AS(write_run_directory(trials, directory / "file"), InvalidInput);
    fs::create_directory_symlink(directory / "nowhere", directory / "link");
    CHECK_THROWS_AS(write_run_directory(trials, directory / "link"), InvalidInput);
    CHECK(read_text_file(directory / "run" / "journal.jsonl") == before);
    CHECK(read_text_file(directory / "file") == "mine");
    CHECK(entries(directory.path()) == 3);
  }
}

TEST_CASE("an empty folder is taken, with and without a slash at the end") {
  const TemporaryDirectory directory;
  fs::create_directory(directory / "run");
  write_run_directory(example(), (directory / "run").string() + "/");
  CHECK(fs::exists(directory / "run" / "study.json"));
  write_run_directory(example(), directory / "deep" / "er" / "run");
  CHECK(fs::exists(directory / "deep" / "er" / "run" / "journal.jsonl"));
}

TEST_CASE("what cannot be a study makes no folder") {
  const TemporaryDirectory directory;
  ImportedTrials trials = example();
  trials.objectives[0].name = "lr";
  CHECK_THROWS_AS(write_run_directory(trials, directory / "run"), InvalidInput);
  CHECK(entries(directory.path()) == 0);
}
