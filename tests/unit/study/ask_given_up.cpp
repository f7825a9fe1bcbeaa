// Asks that are given up halfway, and suggestions that are taken over from another study.
#include <hyperego/core/error.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/study/study.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <set>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

StudySpecification modelled(const std::string& optimizer) {
  StudySpecification study;
  study.space = std::make_shared<const SearchSpace>(
      std::vector{make_float("x", 0, 1), make_float("y", 0, 1), make_integer("n", 1, 5)});
  study.objectives = {{.name = "a"}, {.name = "b"}};
  study.optimizer = std::make_shared<const ordered_json>(ordered_json{
      {"name", optimizer}, {"initial_trials", 5}, {"acquisition", {{"random_candidates", 50}, {"starts", 2}}}});
  study.limits.trials = 30;
  return study;
}

void tell_measured(Study& study, const PendingTrial& trial) {
  const Configuration& c = trial.configuration;
  Outcome outcome;
  outcome.status = TrialStatus::completed;
  outcome.objectives = Eigen::Vector2d(c[0] + 0.1 * c[1] * c[2], 1 - c[0] + c[1]);
  study.tell(trial.trial, outcome);
}

void play(Study& study, int trials) {
  for (int i = 0; i < trials; ++i) tell_measured(study, study.ask(1).front());
}

/// The next ten suggestions, each told.
std::vector<Configuration> goes_on(Study& study) {
  std::vector<Configuration> configurations;
  for (int i = 0; i < 10; ++i) {
    const PendingTrial trial = study.ask(1).front();
    configurations.push_back(trial.configuration);
    tell_measured(study, trial);
  }
  return configurations;
}

}  // namespace

TEST_CASE("an ask that is given up leaves the study as it was") {
  for (const char* optimizer : {"parego", "hpi-parego"}) {
    CAPTURE(optimizer);
    Study undisturbed(modelled(optimizer));
    play(undisturbed, 12);
    std::uint64_t calls = 0;
    std::set<std::string> phases;
    Study counted(modelled(optimizer));
    play(counted, 12);
    counted.set_progress([&](const ProgressStep& step) {
      phases.emplace(step.phase);
      return ++calls > 0;
    });
    CHECK(counted.ask(3).size() == 3);
    CHECK(phases.contains("fit"));
    CHECK(phases.contains("acquisition"));
    CHECK(phases.contains("game") == (std::string(optimizer) == "hpi-parego"));
    const std::vector<Configuration> expected = goes_on(undisturbed);
    Study disturbed(modelled(optimizer));
    play(disturbed, 12);
    for (const std::uint64_t last : {std::uint64_t{1}, calls / 5, calls / 3, calls / 2, calls - 1}) {
      std::uint64_t made = 0;
      disturbed.set_progress([&](const ProgressStep&) { return ++made < last; });
      CHECK_THROWS_AS((void)disturbed.ask(3), Stopped);
      CHECK(disturbed.pending().empty());
    }
    disturbed.set_progress({});
    CHECK(goes_on(disturbed) == expected);
  }
}

TEST_CASE("what was enqueued is pending when the rest of an ask is given up") {
  Study study(modelled("parego"));
  play(study, 8);
  const Configuration wanted(std::vector<double>{0.25, 0.5, 2});
  study.enqueue(wanted);
  study.set_progress([](const ProgressStep&) { return false; });
  CHECK_THROWS_AS((void)study.ask(2), Stopped);
  REQUIRE(study.pending().size() == 1);
  CHECK(study.pending().front().configuration == wanted);
  study.set_progress({});
  CHECK(study.ask(1).front().trial == 9);
}

TEST_CASE("suggestions that are taken over with their state lead to the same ones") {
  for (const char* optimizer : {"parego", "hpi-parego"}) {
    CAPTURE(optimizer);
    Study first(modelled(optimizer));
    Study second(modelled(optimizer));
    for (int i = 0; i < 14; ++i) {
      const PendingTrial trial = first.ask(1).front();
      CHECK(second.replay(trial.configuration, trial.state ? *trial.state : ordered_json(nullptr)) == trial.trial);
      CHECK(second.pending().front().seed == trial.seed);
      tell_measured(first, trial);
      tell_measured(second, trial);
    }
    CHECK(goes_on(second) == goes_on(first));
  }
}

TEST_CASE("what is taken over must make sense") {
  Study study(modelled("parego"));
  CHECK_THROWS_AS((void)study.replay(Configuration(std::vector<double>{2, 0, 1}), nullptr), InvalidInput);
  const Configuration legal(std::vector<double>{0.5, 0.5, 1});
  const ordered_json state{{"fits", {{"a", {{"completed", 3}, {"parameters", 7}}}}}};
  CHECK_THROWS_AS((void)Study(modelled("parego")).replay(legal, state), InvalidInput);
  study.enqueue(legal);
  CHECK_THROWS_AS((void)study.replay(legal, nullptr), InvalidInput);
  CHECK(study.pending().empty());
}
