// What a study is told again, brought in and asked for by its user, and what may differ when it goes on.
#include <hyperego/core/error.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/runner.hpp>
#include <hyperego/study/status_json.hpp>
#include <hyperego/study/study_difference.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <fstream>

using namespace hyperego;
using hyperego::test::TemporaryDirectory;
using hyperego::test::text_of;
using nlohmann::ordered_json;

namespace {

StudySpecification resumable(const std::string& optimizer = "random") {
  StudySpecification study;
  study.space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_integer("n", 1, 5)});
  study.objectives = {{.name = "a"}, {.name = "b"}};
  study.constraints = {{.name = "k", .upper = 10}};
  ordered_json options{{"name", optimizer}};
  if (optimizer == "parego") options["initial_trials"] = 3;
  study.optimizer = std::make_shared<const ordered_json>(std::move(options));
  study.limits.trials = 20;
  return study;
}

StudySpecification commanded(const std::vector<std::string>& command) {
  StudySpecification study = resumable();
  study.evaluation = CommandEvaluation{.command = command, .directory = "/"};
  return study;
}

Outcome values(double a, double b, double k = 1) {
  Outcome outcome;
  outcome.objectives = Eigen::Vector2d(a, b);
  outcome.constraints = Eigen::VectorXd::Constant(1, k);
  return outcome;
}

Outcome measured(const Configuration& configuration) {
  return values(configuration[0], 1 - configuration[0] + configuration[1] / 10);
}

template <typename Call>
std::string complaint_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no complaint";
}

}  // namespace

TEST_CASE("the same told again changes nothing, another result is refused") {
  const TemporaryDirectory directory;
  const auto journal = directory / "run" / "journal.jsonl";
  Study study(resumable(), directory / "run", OpenMode::start);
  (void)study.ask(4);
  const Outcome failed{.status = TrialStatus::failed, .message = "oom at 12:03"};
  const Outcome infeasible{.status = TrialStatus::infeasible};
  CHECK(study.tell(0, values(1, 2)));
  CHECK(study.tell(1, failed));
  CHECK(study.tell(2, infeasible));
  Outcome broken = values(1, std::nan(""));
  CHECK(study.tell(3, broken));  // failed, as values that are not finite are
  const std::string before = text_of(journal);
  CHECK_FALSE(study.tell(0, values(1, 2)));
  CHECK_FALSE(study.tell(1, {.status = TrialStatus::failed, .message = "oom at 12:10"}));
  CHECK_FALSE(study.tell(2, infeasible));
  CHECK_FALSE(study.tell(3, broken));
  CHECK(text_of(journal) == before);
  const std::vector<std::pair<std::uint64_t, Outcome>> others{{0, values(1, 2.5)},
                                                              {0, values(1, 2, 3)},
                                                              {0, failed},
                                                              {1, values(1, 2)},
                                                              {1, {.status = TrialStatus::timed_out}},
                                                              {2, values(1, 2)}};
  for (const auto& [trial, outcome] : others) {
    CHECK_THROWS_WITH_AS(study.tell(trial, outcome), doctest::Contains("cannot be changed"), InvalidInput);
  }
  CHECK(text_of(journal) == before);
}

TEST_CASE("the same trial twice in one call is told once") {
  const TemporaryDirectory directory;
  Study study(resumable(), directory / "run", OpenMode::start);
  (void)study.ask(2);
  CHECK_THROWS_AS(study.tell({{0, values(1, 2)}, {0, values(2, 2)}}, 0), InvalidInput);
  study.tell({{0, values(1, 2)}, {1, values(3, 4)}, {0, values(1, 2)}}, 0);
  CHECK(RunDirectory::read_history(directory / "run").ended() == 2);
}

TEST_CASE("a pending trial knows why it was suggested, also after a restart") {
  const TemporaryDirectory directory;
  std::string reason;
  {
    Study study(resumable(), directory / "run", OpenMode::start);
    reason = study.ask(1).front().decision->at("reason").get<std::string>();
    CHECK_FALSE(reason.empty());
  }
  Study study(resumable(), directory / "run", OpenMode::resume);
  CHECK(study.pending().front().decision->at("reason") == reason);
  study.tell(0, values(1, 2));
  CHECK(study.history().records()[0].decision == nullptr);
}

TEST_CASE("trials that the user brings in and configurations put in line go through the journal") {
  for (const char* optimizer : {"random", "parego", "nsga2"}) {
    CAPTURE(optimizer);
    const TemporaryDirectory directory;
    const Configuration mine(std::vector<double>{0.125, 2});
    const Configuration wanted(std::vector<double>{0.75, 4});
    const auto play = [&](const std::filesystem::path& path, bool reopen) {
      auto study = std::make_unique<Study>(resumable(optimizer), path, OpenMode::start);
      const auto again = [&] {
        if (!reopen) return;
        study.reset();
        study = std::make_unique<Study>(resumable(optimizer), path, OpenMode::resume);
      };
      const auto first = study->ask(1).front();
      CHECK(study->add(mine, values(3, 4)) == 1);
      again();
      study->enqueue(wanted);
      study->enqueue(mine);
      again();
      CHECK(study->history().enqueued().size() == 2);
      study->tell(first.trial, measured(first.configuration));
      const auto next = study->ask(3);
      REQUIRE(next.size() == 3);
      CHECK(next[0].trial == 2);
      CHECK(next[0].configuration == wanted);
      CHECK(next[1].configuration == mine);
      CHECK(next[0].decision->at("reason").get<std::string>().find("user") != std::string::npos);
      again();
      for (const auto& trial : next) study->tell(trial.trial, measured(trial.configuration));
      for (int i = 0; i < 4; ++i) {
        again();
        const auto trial = study->ask(1).front();
        study->tell(trial.trial, measured(trial.configuration));
      }
      std::string journal;
      for (ordered_json event : Journal::read(path / "journal.jsonl").events) {
        event.erase("time");
        journal += event.dump() + "\n";
      }
      return journal;
    };
    const std::string whole = play(directory / "whole", false);
    CHECK(whole == play(directory / "parts", true));
    const StudyHistory history = RunDirectory::read_history(directory / "whole");
    CHECK(history.ended() == 9);
    CHECK(history.records()[1].configuration == mine);
    CHECK(history.records()[1].outcome->objectives[1] == 4);
    CHECK(history.enqueued().empty());
  }
}

TEST_CASE("what a user brings in must make sense") {
  Study study(resumable());
  const Configuration illegal(std::vector<double>{2, 1});
  const Configuration legal(std::vector<double>{0.5, 1});
  CHECK_THROWS_AS((void)study.add(illegal, values(1, 2)), InvalidInput);
  CHECK_THROWS_AS(study.enqueue(illegal), InvalidInput);
  CHECK_THROWS_AS((void)study.add(legal, {.status = TrialStatus::running}), InvalidInput);
  CHECK_THROWS_AS((void)study.add(legal, {.status = TrialStatus::lost}), InvalidInput);
  CHECK(study.history().records().empty());
  CHECK(study.add(legal, {.status = TrialStatus::failed, .message = "it never worked"}) == 0);
  CHECK(study.ask(1).front().trial == 1);
}

TEST_CASE("another command goes on where it is accepted, and the journal says so") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  const auto first = commanded({"python3", "ev.py"});
  const auto second = commanded({"python3", "./ev.py"});
  {
    Study study(first, path, OpenMode::start);
    const auto trial = study.ask(1).front();
    study.tell(trial.trial, measured(trial.configuration));
  }
  const std::string before = text_of(path / "journal.jsonl");
  const std::string complaint = complaint_of([&] { const Study study(second, path, OpenMode::resume); });
  for (const char* part : {"/evaluator/command/1", "\"ev.py\"", "\"./ev.py\"", "--accept-command"}) {
    CAPTURE(complaint);
    CHECK(complaint.find(part) != std::string::npos);
  }
  CHECK(text_of(path / "journal.jsonl") == before);
  { const Study study(second, path, OpenMode::resume_with_command); }
  { const Study study(second, path, OpenMode::resume); }  // it is the study's command now
  { const Study study(second, path, OpenMode::resume_with_command); }
  CHECK_THROWS_AS(Study(first, path, OpenMode::resume), InvalidInput);
  const auto events = Journal::read(path / "journal.jsonl").events;
  CHECK(std::count_if(events.begin(), events.end(), [](const auto& event) { return event.at("event") == "command"; }) ==
        1);
  const StudyHistory history = RunDirectory::read_history(path);
  REQUIRE(history.command_changes().size() == 1);
  CHECK(history.command_changes()[0].before_trial == 1);
  CHECK(status_json(history, false).at("command_changes")[0].at("command") == ordered_json({"python3", "./ev.py"}));
  // What is recorded is read back as the study that it is, and back to the first command is a change as well.
  { const Study study(RunDirectory::read_specification(path), path, OpenMode::resume); }
  { const Study study(first, path, OpenMode::resume_with_command); }
  CHECK(RunDirectory::read_history(path).command_changes().size() == 2);
  StudySpecification problem = resumable();
  problem.evaluation = ExternalEvaluation{};
  CHECK_THROWS_AS(Study(problem, path, OpenMode::resume_with_command), InvalidInput);
}

TEST_CASE("resuming into another study names the first member that differs, and warm_start where it would serve") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  { const Study study(resumable(), path, OpenMode::start); }
  const auto complaint = [&](const auto& change) {
    StudySpecification study = resumable();
    change(study);
    return complaint_of([&] { const Study opened(study, path, OpenMode::resume); });
  };
  const auto holds = [](const std::string& text, std::initializer_list<const char*> parts) {
    for (const char* part : parts) {
      CAPTURE(text);
      CAPTURE(part);
      CHECK(text.find(part) != std::string::npos);
    }
  };
  holds(
      complaint([](auto& study) {
        study.space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 2), make_integer("n", 1, 5)});
      }),
      {"/space/hyperparameters/0/upper", "1.0 there", "2.0 here", "warm_start", "run"});
  holds(complaint([](auto& study) { study.seed = 7; }), {"/seed is 1 there and 7 here", "warm_start"});
  holds(complaint([](auto& study) {
          study.optimizer = std::make_shared<const ordered_json>(ordered_json{{"name", "parego"}});
        }),
        {"/optimizer/name is \"random\" there and \"parego\" here", "warm_start"});
  const std::string other = complaint([](auto& study) { study.objectives[1].name = "c"; });
  holds(other, {"/objectives/1/name is \"b\" there and \"c\" here"});
  CHECK(other.find("warm_start") == std::string::npos);
  CHECK(complaint([](auto& study) { study.limits.trials = 30; }) == "no complaint");
}

TEST_CASE("the first difference of two values, with its pointer") {
  const auto difference = [](const char* before, const char* after) {
    const auto found = first_difference(ordered_json::parse(before), ordered_json::parse(after));
    return found ? found->pointer + " " + found->old_value + " " + found->new_value : std::string("none");
  };
  CHECK(difference(R"({"a":1,"b":2})", R"({"b":2,"a":1})") == "none");
  CHECK(difference(R"({"a":[1,{"b/c":2}]})", R"({"a":[1,{"b/c":3}]})") == "/a/1/b~1c 2 3");
  CHECK(difference(R"({"a":[1]})", R"({"a":[1,2]})") == "/a/1 not given 2");
  CHECK(difference(R"({"a":1,"z~":0})", R"({"a":1})") == "/z~0 0 not given");
  CHECK(difference("[1]", R"({"a":1})") == R"( [1] {"a":1})");
}

TEST_CASE("a limit below the trials that there are is refused, and nothing changes") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  StudySpecification study = resumable();
  {
    Study opened(study, path, OpenMode::start);
    (void)opened.ask(14);
  }
  const std::string before = text_of(path / "study.json");
  study.limits.trials = 3;
  const std::string complaint = complaint_of([&] { const Study opened(study, path, OpenMode::resume); });
  CHECK(complaint.find("limits/trials") != std::string::npos);
  CHECK(complaint.find("14 trials") != std::string::npos);
  CHECK(text_of(path / "study.json") == before);
  study.limits.trials = 14;
  { const Study opened(study, path, OpenMode::resume); }
  // What an older version has left like this can still be opened.
  std::string recorded = text_of(path / "study.json");
  const std::size_t at = recorded.find("\"trials\": 14");
  REQUIRE(at != std::string::npos);
  std::ofstream(path / "study.json", std::ios::trunc) << recorded.replace(at, 12, "\"trials\": 3");
  const Study opened(RunDirectory::read_specification(path), path, OpenMode::resume);
  CHECK(opened.history().records().size() == 14);
}

TEST_CASE("a clock that runs backwards writes a journal that can be read, and is no damage in an older one") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  {
    Study study(resumable(), path, OpenMode::start);
    (void)study.ask(2);
    Outcome outcome = values(1, 2);
    outcome.seconds = -3;
    study.tell(0, outcome, -7);
    outcome.seconds = std::nan("");
    study.tell(1, outcome, -HUGE_VAL);
  }
  auto events = Journal::read(path / "journal.jsonl").events;
  CHECK(events.back().at("time").at("seconds") == 0);
  CHECK(events.back().at("time").at("elapsed_s") == 0);
  for (ordered_json& event : events) {
    for (auto& [name, value] : event.at("time").items()) value = -5.5;
  }
  std::ofstream stream(path / "journal.jsonl", std::ios::trunc);
  for (const ordered_json& event : events) stream << event.dump() << '\n';
  stream.close();
  const Study study(resumable(), path, OpenMode::resume);
  CHECK(study.history().ended() == 2);
  CHECK(study.history().elapsed_s() == 0);
  CHECK(study.history().evaluation_s() == 0);
}

TEST_CASE("a directory that this process holds itself is said to be so") {
  const TemporaryDirectory directory;
  const auto path = directory / "run";
  auto first = std::make_unique<Study>(resumable(), path, OpenMode::start);
  const std::string complaint = complaint_of([&] { const Study second(resumable(), path, OpenMode::resume); });
  CHECK(complaint.find("this very process") != std::string::npos);
  CHECK(complaint.find("another process") == std::string::npos);
  first.reset();
  const Study third(resumable(), path, OpenMode::resume);
}

TEST_CASE("an evaluation that is refused ends the study and no trial") {
  class Refusing final : public Evaluator {
   public:
    Outcome evaluate(std::uint64_t trial, const Configuration& configuration, std::uint64_t /*seed*/) override {
      if (trial >= 3) throw EvaluationRefused("", "no partition of that name; mend it");
      return measured(configuration);
    }
  };
  for (const bool synchronous : {true, false}) {
    StudySpecification specification = resumable();
    specification.workers = 2;
    specification.synchronous = synchronous;
    Study study(specification);
    StopSignal stop;
    Refusing evaluator;
    const RunSummary summary = run_study(study, evaluator, stop);
    CHECK(summary.reason == StudyEnd::refused);
    CHECK(summary.message == "no partition of that name; mend it");
    CHECK(stopped_by_itself(summary.reason));
    CHECK(study.history().stopped()->reason == "refused");
    CHECK(study.history().failures() == 0);
    CHECK(study.history().count(TrialStatus::completed) == 3);
    CHECK_FALSE(study.pending().empty());
  }
}

TEST_CASE("lost trials beyond max_failures stay pending") {
  class Losing final : public Evaluator {
   public:
    Outcome evaluate(std::uint64_t /*trial*/, const Configuration& /*c*/, std::uint64_t /*seed*/) override {
      return {.status = TrialStatus::lost, .message = "gone"};
    }
  } losing;
  StudySpecification specification = resumable();
  specification.workers = 12;
  specification.max_failures = 5;
  Study study(specification);
  StopSignal stop;
  CHECK(run_study(study, losing, stop, nullptr, {.attempts = 1}).reason == StudyEnd::max_failures);
  CHECK(study.history().count(TrialStatus::lost) == 5);
  CHECK(study.pending().size() == 7);
}
