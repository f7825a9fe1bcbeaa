// Studies whose trials are evaluated at several fidelities, with reports on the way: what the journal keeps, what is
// counted, what it costs, and that an interruption changes nothing.
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/study/runner.hpp>
#include <hyperego/study/serve.hpp>
#include <hyperego/study/status_json.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include <deque>
#include <fstream>
#include <map>

using namespace hyperego;
using hyperego::test::TemporaryDirectory;
using nlohmann::ordered_json;

namespace fidelity_journal_test {
namespace {

constexpr double full_epochs = 9;

/// Every configuration is looked at for one epoch; good ones go on to three and to all. What is bad after two epochs of
/// a longer trial is stopped.
class Rungs final : public Optimizer {
 public:
  explicit Rungs(OptimizationProblem problem) : problem_(std::move(problem)) {}

  std::vector<Suggestion> ask(std::size_t count) override {
    std::vector<Suggestion> made;
    while (made.size() < count) {
      Suggestion suggestion{.trial = next_};
      suggestion.decision.trial = next_;
      if (promotable_.empty()) {
        Rng rng(problem_.seed, "rungs", next_);
        suggestion.configuration = *problem_.domain().sample(rng);
        if (problem_.fidelity) suggestion.fidelity = 1;
      } else {
        const Trial& before = promotable_.front();
        suggestion.configuration = before.configuration;
        suggestion.continues = before.number;
        suggestion.fidelity = *before.fidelity < 3 ? 3 : full_epochs;
        suggestion.decision.phase = Decision::Phase::promotion;
        promotable_.pop_front();
      }
      ++next_;
      made.push_back(std::move(suggestion));
    }
    return made;
  }
  void replay(const Suggestion& suggestion) override {
    REQUIRE(suggestion.trial == next_);
    ++next_;
    if (suggestion.continues) promotable_.pop_front();
  }
  void tell(const Trial& trial) override {
    told.push_back(trial);
    reports_.erase(trial.number);
    const bool is_good = trial.outcome.status == TrialStatus::completed && trial.outcome.objectives[0] < 1.05;
    if (is_good && trial.fidelity) promotable_.push_back(trial);
  }
  void report(std::uint64_t trial, const IntermediateReport& report) override { reports_[trial].push_back(report); }
  Continuation goes_on(std::uint64_t trial) const override {
    const auto reports = reports_.find(trial);
    if (reports == reports_.end() || reports->second.back().objectives[0] < 0.75) return {};
    return {.goes_on = reports->second.back().fidelity < 2, .reason = "it does not learn", .chance = 0};
  }
  std::string_view name() const override { return "rungs"; }

  std::vector<Trial> told;

 private:
  OptimizationProblem problem_;
  std::uint64_t next_ = 0;
  std::deque<Trial> promotable_;
  std::map<std::uint64_t, std::vector<IntermediateReport>> reports_;
};

/// Its error falls with the epochs; every epoch is reported.
class Training final : public Evaluator {
 public:
  Outcome evaluate(std::uint64_t trial, const Configuration& configuration, std::uint64_t seed) override {
    EvaluationChannel nobody;
    return run({trial, configuration, seed}, nobody);
  }
  Outcome run(const PendingTrial& trial, EvaluationChannel& channel) override {
    const double asked = trial.fidelity.value_or(full_epochs);
    for (double epoch = 1; epoch <= asked; ++epoch) {
      channel.report({.fidelity = epoch, .objectives = values(trial.configuration, epoch), .seconds = epoch});
      if (channel.stop() != nullptr && *channel.stop()) return {.status = TrialStatus::stopped};
    }
    Outcome outcome{.objectives = values(trial.configuration, asked)};
    outcome.seconds = 0.5;
    return outcome;
  }

 private:
  static Eigen::VectorXd values(const Configuration& c, double epoch) {
    return Eigen::Vector2d(c[0] + 0.2 / epoch, 1 - c[0]);
  }
};

StudySpecification training_study(std::uint64_t trials = 40) {
  StudySpecification study;
  study.name = "training";
  study.space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1)});
  study.objectives = {{.name = "error"}, {.name = "size"}};
  study.fidelity = Fidelity{.name = "epochs",
                            .least = 1,
                            .full = full_epochs,
                            .integer = true,
                            .log = true,
                            .training = Fidelity::Training::continues};
  study.limits.trials = trials;
  return study;
}

const Study::OptimizerMaker rungs = [](const OptimizationProblem& problem) { return std::make_unique<Rungs>(problem); };

RunSummary evaluate_all(Study& study) {
  Training training;
  StopSignal stop;
  return run_study(study, training, stop);
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string timeless(const std::filesystem::path& run) {
  std::string text;
  for (const std::string& line : lines_of(run / "journal.jsonl")) {
    ordered_json event = ordered_json::parse(line);
    event.erase("time");
    text += event.dump() + "\n";
  }
  return text;
}

double cost_of_all(const StudyHistory& history) {
  double sum = 0;
  for (const StudyHistory::Record& record : history.records()) {
    if (record.outcome) sum += record.outcome->cost.value_or(0);
  }
  return sum;
}

}  // namespace

TEST_CASE("only full fidelities are results; continuations pay the difference; stopped trials are data") {
  const TemporaryDirectory directory;
  Study study(training_study(), directory / "run", OpenMode::start, {}, 0, rungs);
  CHECK(evaluate_all(study).reason == StudyEnd::trials);
  const StudyHistory& history = study.history();
  std::uint64_t full = 0;
  for (std::uint64_t trial = 0; trial < history.records().size(); ++trial) {
    CAPTURE(trial);
    const StudyHistory::Record& record = history.records()[trial];
    REQUIRE(record.outcome.has_value());
    const double reached = record.outcome->reports.back().fidelity;
    const double from = record.continues ? history.reached_fidelity(*record.continues) : 0;
    CHECK(*record.outcome->cost == doctest::Approx((reached - from) / full_epochs).epsilon(1e-12));
    if (record.outcome->status == TrialStatus::stopped) {
      CHECK(record.outcome->message == "it does not learn");
      CHECK(record.outcome->objectives.size() == 0);
      CHECK(reached == 2);
    } else {
      CHECK(reached == record.fidelity.value_or(full_epochs));
      full += record.fidelity ? 0 : 1;
    }
  }
  CHECK(history.completed_in_full() == full);
  REQUIRE(full > 2);
  for (const std::uint64_t trial : history.front()) CHECK_FALSE(history.records()[trial].fidelity.has_value());
  CHECK(history.count(TrialStatus::stopped) > 0);
  CHECK(history.failures() == 0);
  CHECK(history.cost() == doctest::Approx(cost_of_all(history)).epsilon(1e-12));
  // Each stopped trial was asked for three epochs or all, and cost two or, continued, one less than it was known for.
  CHECK(history.saved_cost() > 0);
  const ordered_json status = status_json(history, false);
  CHECK(status.at("fidelity").at("cost").at("saved") == history.saved_cost());
  CHECK(status.at("fidelity").at("trials").size() == 3);
  CHECK(status.at("trials").at("stopped") == history.count(TrialStatus::stopped));
}

TEST_CASE("a study that is killed after any line of its journal goes on as if nothing had happened") {
  const TemporaryDirectory directory;
  {
    Study study(training_study(20), directory / "whole", OpenMode::start, {}, 0, rungs);
    (void)evaluate_all(study);
  }
  const std::string whole = timeless(directory / "whole");
  CHECK(whole.find("\"stopped\"") != std::string::npos);
  CHECK(whole.find("\"reported\"") != std::string::npos);
  const std::vector<std::string> lines = lines_of(directory / "whole" / "journal.jsonl");
  for (std::size_t kept = 1; kept < lines.size(); kept += 3) {
    CAPTURE(kept);
    const auto run = directory / ("run" + std::to_string(kept));
    std::filesystem::create_directories(run);
    std::filesystem::copy_file(directory / "whole" / "study.json", run / "study.json");
    std::ofstream journal(run / "journal.jsonl");
    for (std::size_t i = 0; i < kept; ++i) journal << lines[i] << '\n';
    journal << lines[kept].substr(0, lines[kept].size() / 2);
    journal.close();
    Study study(training_study(20), run, OpenMode::resume, {}, 0, rungs);
    (void)evaluate_all(study);
    CHECK(timeless(run) == whole);
  }
}

TEST_CASE("several workers in batches tell reports with their results, so that timing leaves no trace") {
  const TemporaryDirectory directory;
  StudySpecification specification = training_study(30);
  specification.workers = 3;
  for (const char* name : {"a", "b"}) {
    Study study(specification, directory / name, OpenMode::start, {}, 0, rungs);
    (void)evaluate_all(study);
  }
  CHECK(timeless(directory / "a") == timeless(directory / "b"));
  CHECK(timeless(directory / "a").find("\"reports\"") != std::string::npos);
  CHECK(timeless(directory / "a").find("\"reported\"") == std::string::npos);
  // As the optimizer is told of them after a restart.
  const StudyHistory history = RunDirectory::read_history(directory / "a");
  for (const StudyHistory::Record& record : history.records()) CHECK_FALSE(record.outcome->reports.empty());
}

TEST_CASE("a limit of cost is exceeded by one trial at most, whatever the workers") {
  for (const bool synchronous : {true, false}) {
    for (const std::size_t workers : {std::size_t{1}, std::size_t{4}}) {
      CAPTURE(synchronous);
      CAPTURE(workers);
      StudySpecification specification = training_study(10000);
      specification.workers = workers;
      specification.synchronous = synchronous;
      specification.limits.cost = 7.5;
      Study study(specification, rungs);
      CHECK(evaluate_all(study).reason == StudyEnd::cost);
      CHECK(study.history().cost() >= 7.5);
      CHECK(study.history().cost() < 8.5);
      CHECK(study.history().pending().empty());
    }
  }
  StudySpecification specification = training_study(10000);
  specification.limits.cost = 1.05;
  Study study(specification, rungs);
  CHECK(ask_within_limits(study, 100, 0).trials.size() == 10);  // ninths of a full evaluation
  const AskedTrials more = ask_within_limits(study, 1, 0);
  CHECK(more.trials.empty());
  CHECK(more.limit->reason == StudyEnd::cost);
}

TEST_CASE("a fidelity of one value equals none to the byte but for its name") {
  const TemporaryDirectory directory;
  StudySpecification none = training_study(12);
  none.fidelity.reset();
  StudySpecification one = training_study(12);
  one.fidelity->least = one.fidelity->full;
  one.fidelity->training = Fidelity::Training::restarts;
  class Plain final : public Evaluator {
   public:
    Outcome evaluate(std::uint64_t /*trial*/, const Configuration& c, std::uint64_t /*seed*/) override {
      return {.objectives = Eigen::Vector2d(c[0], 1 - c[0])};
    }
  } plain;
  for (const auto& [name, specification] : {std::pair("none", none), std::pair("one", one)}) {
    Study study(specification, directory / name, OpenMode::start);
    StopSignal stop;
    (void)run_study(study, plain, stop);
  }
  const std::string text = timeless(directory / "none");
  const std::string other = timeless(directory / "one");
  CHECK(text.substr(text.find('\n')) == other.substr(other.find('\n')));
}

TEST_CASE("serve takes reports, answers whether to go on, and tells a trial as stopped") {
  const TemporaryDirectory directory;
  Study study(training_study(), directory / "run", OpenMode::start, {}, 0, [](const OptimizationProblem& problem) {
    OptimizationProblem full = problem;
    full.fidelity.reset();
    return std::make_unique<Rungs>(full);
  });
  StudyServer server(study);
  const auto answer = [&](const ordered_json& request) { return server.answer(request.dump()); };
  const ordered_json asked = answer({{"op", "ask"}});
  CHECK(asked.at("trials").at(0).at("fidelity") == ordered_json{{"epochs", 9}});
  ordered_json said = answer({{"op", "report"}, {"trial", 0}, {"epochs", 1}, {"error", 0.9}, {"size", 3}});
  CHECK(said.at("ok") == true);
  CHECK(said.at("continue") == true);
  CHECK(said.at("reason").is_null());
  said = answer({{"op", "report"}, {"trial", 0}, {"epochs", 2}, {"objectives", {{"error", 0.9}, {"size", 3}}}});
  CHECK(said.at("continue") == false);
  CHECK(said.at("reason") == "it does not learn");
  // Said again by a program that was started anew: no news.
  said = answer({{"op", "report"}, {"trial", 0}, {"epochs", 1}, {"error", 0.1}, {"size", 3}});
  CHECK(said.at("continue") == false);
  CHECK(study.history().records()[0].reports.size() == 2);
  for (const ordered_json& wrong :
       {ordered_json{{"trial", 0}, {"epochs", 3}, {"error", 1}}, ordered_json{{"trial", 0}, {"error", 1}, {"size", 1}},
        ordered_json{{"trial", 0}, {"epochs", 0}, {"error", 1}, {"size", 1}},
        ordered_json{{"trial", 7}, {"epochs", 3}, {"error", 1}, {"size", 1}},
        ordered_json{{"trial", 0}, {"epochs", 3}, {"error", 1}, {"size", 1}, {"sise", 1}}}) {
    CAPTURE(wrong);
    ordered_json request{{"op", "report"}};
    request.update(wrong);
    CHECK(answer(request).at("error").at("kind") == "invalid_request");
  }
  CHECK(answer({{"op", "tell"}, {"trial", 0}, {"status", "stopped"}, {"message", "as I was told"}}).at("ok") == true);
  const StudyHistory history = RunDirectory::read_history(directory / "run");
  CHECK(history.count(TrialStatus::stopped) == 1);
  CHECK(history.records()[0].outcome->reports.size() == 2);
  CHECK(history.cost() == doctest::Approx(2 / full_epochs).epsilon(1e-12));
}

TEST_CASE("a report beyond what was asked is recorded, used and noted") {
  Study study(training_study(), rungs);
  const PendingTrial trial = study.ask(1).front();
  CHECK(trial.fidelity == 1);
  (void)study.report(trial.trial, {.fidelity = 3, .objectives = Eigen::Vector2d(0.5, 0.5)}, 0);
  study.tell(trial.trial, {.objectives = Eigen::Vector2d(0.5, 0.5)});
  const Outcome& outcome = *study.history().records()[0].outcome;
  CHECK(outcome.message.find("epochs 3, beyond the 1") != std::string::npos);
  CHECK(*outcome.cost == doctest::Approx(3 / full_epochs).epsilon(1e-12));
  CHECK(study.history().reached_fidelity(0) == 3);
}

TEST_CASE("trials that the user adds may be below full fidelity, and reports need a study with one") {
  Study study(training_study(), rungs);
  const Configuration x = study.specification().space->default_configuration();
  (void)study.add(x, {.objectives = Eigen::Vector2d(0.5, 0.5)}, 3);
  CHECK(study.history().completed_in_full() == 0);
  CHECK(study.history().archive().size() == 0);
  (void)study.add(x, {.objectives = Eigen::Vector2d(0.5, 0.5)});
  CHECK(study.history().archive().size() == 1);
  StudySpecification none = training_study();
  none.fidelity.reset();
  none.optimizer = std::make_shared<const ordered_json>(ordered_json{{"name", "random"}});
  Study plain(none);
  const std::uint64_t trial = plain.ask(1).front().trial;
  CHECK_THROWS_WITH_AS((void)plain.report(trial, {.fidelity = 1, .objectives = Eigen::Vector2d(0, 0)}, 0),
                       doctest::Contains("no \"fidelity\""), InvalidInput);
  CHECK_THROWS_AS((void)plain.add(x, {.objectives = Eigen::Vector2d(0.5, 0.5)}, 3), InvalidInput);
}

}  // namespace fidelity_journal_test
