// Programs that train by epochs: what they are given, what they report, where they leave checkpoints, how they are
// stopped.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/detail/checkpoints.hpp>
#include <hyperego/study/detail/output_capture.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/outcome_json.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "shared_data.hpp"
#include "temporary_directory.hpp"
#include <chrono>
#include <fstream>
#include <unistd.h>

using namespace hyperego;
using hyperego::test::TemporaryDirectory;

namespace fidelity_command_test {
namespace {

namespace fs = std::filesystem;

/// Goes on from the epoch that a checkpoint holds, reports every epoch, leaves its own.
constexpr auto training = R"(
start=0
[ -n "$HYPEREGO_CHECKPOINT_FROM" ] && start=$(cat "$HYPEREGO_CHECKPOINT_FROM/epoch")
cat > "$HYPEREGO_CHECKPOINT_TO/input"
epoch=$start
while [ $epoch -lt {epochs} ]; do
  epoch=$((epoch + 1))
  echo "{\"report\": {\"epochs\": $epoch, \"error\": 0.$((9 - epoch)), \"latency\": 3}}"
done
echo $epoch > "{checkpoint_to}/epoch"
echo "{\"error\": 0.$((9 - epoch)), \"latency\": $start}"
)";

StudySpecification program_study(const std::string& script) {
  StudySpecification study;
  study.space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1)});
  study.objectives = {{.name = "error"}, {.name = "latency"}};
  study.fidelity =
      Fidelity{.name = "epochs", .least = 1, .full = 6, .integer = true, .training = Fidelity::Training::continues};
  CommandEvaluation command;
  command.command = {"sh", "-c", script};
  command.grace_s = 0.2;
  study.evaluation = command;
  return study;
}

/// Listens, and stops what has come as far as that.
class Listener final : public EvaluationChannel {
 public:
  explicit Listener(double stop_at = 1e9) : stop_at_(stop_at) {}
  void report(const IntermediateReport& report) override {
    reports.push_back(report);
    if (report.fidelity >= stop_at_) stop_.raise();
  }
  [[nodiscard]] const StopSignal* stop() const override { return &stop_; }
  std::vector<IntermediateReport> reports;

 private:
  double stop_at_;
  StopSignal stop_;
};

}  // namespace

TEST_CASE("a program is told its fidelity and goes on from the checkpoint of the trial before") {
  const TemporaryDirectory directory;
  const StudySpecification study = program_study(training);
  const auto evaluator = make_evaluator(study, {.checkpoints = directory / "checkpoints"});
  const Configuration x = study.space->default_configuration();
  Listener first;
  const Outcome looked = evaluator->run({.trial = 4, .configuration = x, .seed = 7, .fidelity = 2}, first);
  CAPTURE(looked.message);
  REQUIRE(looked.status == TrialStatus::completed);
  CHECK(looked.objectives == Eigen::Vector2d(0.7, 0));
  REQUIRE(first.reports.size() == 2);
  CHECK(first.reports[1].fidelity == 2);
  CHECK(first.reports[1].objectives == Eigen::Vector2d(0.7, 3));
  CHECK(first.reports[1].seconds >= first.reports[0].seconds);
  const auto input = read_json_file(directory / "checkpoints" / "4" / "input");
  CHECK(input.at("fidelity") == nlohmann::ordered_json{{"epochs", 2}});
  CHECK(input.at("checkpoint").at("from").is_null());
  CHECK(input.at("checkpoint").at("to") == (directory / "checkpoints" / "4").string());
  Listener second;
  const Outcome whole = evaluator->run({.trial = 9, .configuration = x, .seed = 7, .continues = 4}, second);
  REQUIRE(whole.status == TrialStatus::completed);
  CHECK(whole.objectives == Eigen::Vector2d(0.3, 2));  // began at epoch 2
  CHECK(second.reports.front().fidelity == 3);
  // Tried once more, it finds its own folder as it was at first.
  std::ofstream(directory / "checkpoints" / "9" / "left") << "over";
  (void)evaluator->run({.trial = 9, .configuration = x, .seed = 7, .continues = 4}, second);
  CHECK_FALSE(fs::exists(directory / "checkpoints" / "9" / "left"));
  fs::remove_all(directory / "checkpoints" / "4");
  const Outcome anew = evaluator->run({.trial = 10, .configuration = x, .seed = 7, .continues = 4}, second);
  CHECK(anew.objectives == Eigen::Vector2d(0.3, 0));
  CHECK(anew.message.find("checkpoint of trial 4 is gone") != std::string::npos);
}

TEST_CASE("a program that is not worth going on with gets SIGTERM, and SIGKILL after the grace") {
  for (const char* script : {"echo '{\"report\": {\"epochs\": 1, \"error\": 1, \"latency\": 1}}'; sleep 30",
                             "trap '' TERM; echo '{\"report\": {\"epochs\": 1, \"error\": 1, \"latency\": 1}}'; "
                             "while :; do sleep 0.05; done"}) {
    CAPTURE(script);
    const StudySpecification study = program_study(script);
    Listener listener(1);
    const auto start = std::chrono::steady_clock::now();
    const Outcome outcome =
        make_evaluator(study)->run({.configuration = study.space->default_configuration()}, listener);
    CHECK(outcome.status == TrialStatus::stopped);
    CHECK(listener.reports.size() == 1);
    CHECK(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < 15);
  }
}

TEST_CASE("a line that is no sound report is a remark, and no other line is looked at") {
  const StudySpecification study = program_study(
      "echo '{\"report\": {\"epochs\": 1, \"error\": 1}}'; echo '{\"reported\": 1}'; echo '{\"epochs\": 2}'; "
      "echo '{\"report\": {\"epochs\": 2, \"error\": NaN, \"latency\": 1}}'; "
      "echo '  {\"report\": {\"epochs\": 3, \"error\": 1, \"latency\": 2, \"loss\": 4}}'; "
      "echo '{\"error\": 1, \"latency\": 2}'");
  Listener listener;
  const Outcome outcome = make_evaluator(study)->run({.configuration = study.space->default_configuration()}, listener);
  REQUIRE(outcome.status == TrialStatus::completed);
  REQUIRE(listener.reports.size() == 1);
  CHECK(listener.reports[0].fidelity == 3);
  CHECK(outcome.message.find("\"latency\" is missing") != std::string::npos);
}

TEST_CASE("lines are heard as they come, whatever the pieces, and long ones are not") {
  detail::OutputCapture capture(std::nullopt, 1 << 20);
  std::vector<std::string> heard;
  capture.listen([&](std::string_view line) { heard.emplace_back(line); });
  const auto print = [&](const std::string& text) {
    REQUIRE(::write(capture.program_end(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    capture.read();
  };
  print("on");
  CHECK(heard.empty());
  print("e\ntwo\nthr");
  CHECK(heard == std::vector<std::string>{"one", "two"});
  print("ee\n");
  for (int i = 0; i < 9; ++i) print(std::string(10000, 'x'));
  print("\nfour\nunfinished");
  CHECK(heard == std::vector<std::string>{"one", "two", "three", "four"});
}

TEST_CASE("checkpoints are kept while a trial may go on from them") {
  const TemporaryDirectory directory;
  const detail::Checkpoints checkpoints(directory.path());
  StudyHistory history(program_study("true"));
  const auto decision = std::make_shared<const nlohmann::ordered_json>();
  const Configuration x = history.study().space->default_configuration();
  const auto is_kept = [&](int trial) { return fs::exists(directory / std::to_string(trial)); };
  const auto evaluated = [&](std::uint64_t trial, std::optional<double> fidelity,
                             std::optional<std::uint64_t> continues, TrialStatus status) {
    history.apply(SuggestedEvent{.trial = trial,
                                 .batch_first = trial,
                                 .configuration = x,
                                 .state = decision,
                                 .decision = decision,
                                 .game = decision,
                                 .fidelity = fidelity,
                                 .continues = continues});
    (void)checkpoints.prepared({.trial = trial, .configuration = x, .continues = continues});
    Outcome outcome{.status = status};
    if (status == TrialStatus::completed) outcome.objectives = Eigen::Vector2d(0, 0);
    if (status == TrialStatus::stopped) {
      outcome.reports = {{.fidelity = 2, .objectives = Eigen::Vector2d(0, 0)}};
    }
    history.apply(EndedEvent{{trial, x, outcome, fidelity, continues}, 0});
    checkpoints.remove_spent(history, trial);
  };
  evaluated(0, 1, std::nullopt, TrialStatus::completed);
  CHECK(is_kept(0));
  evaluated(1, 3, 0, TrialStatus::failed);
  CHECK(is_kept(0));
  CHECK_FALSE(is_kept(1));
  evaluated(2, 3, 0, TrialStatus::completed);
  CHECK_FALSE(is_kept(0));
  CHECK(is_kept(2));
  evaluated(3, std::nullopt, 2, TrialStatus::stopped);
  CHECK(is_kept(3));
  evaluated(4, std::nullopt, 3, TrialStatus::completed);
  for (int trial = 0; trial < 5; ++trial) CHECK_FALSE(is_kept(trial));
}

TEST_CASE("YAHPO is asked at the trial's fidelity, whose range is the scenario's own") {
  if (!hyperego::test::have_shared("yahpo", "YAHPO at fidelities")) return;
  const auto data = hyperego::test::shared_data() / "yahpo";
  const auto study = [&](const nlohmann::ordered_json& fidelity) {
    return study_from_json({{"evaluator",
                             {{"yahpo", "lcbench"},
                              {"instance", "167152"},
                              {"data", data.string()},
                              {"objectives", {"val_accuracy", "time"}}}},
                            {"fidelity", fidelity}},
                           "s.json", ".");
  };
  const StudySpecification epochs = study({{"name", "epoch"}});
  CHECK(epochs.fidelity->least == 1);
  CHECK(epochs.fidelity->full == 52);
  CHECK(epochs.fidelity->integer);
  const auto evaluator = make_evaluator(epochs);
  Listener listener;
  const Configuration x = epochs.space->default_configuration();
  const Outcome full = evaluator->run({.configuration = x}, listener);
  CHECK(full.objectives == evaluator->evaluate(0, x, 1).objectives);
  CHECK(full.objectives == evaluator->run({.configuration = x, .fidelity = 52}, listener).objectives);
  const Outcome few = evaluator->run({.configuration = x, .fidelity = 6}, listener);
  CHECK(few.objectives[1] < 0.5 * full.objectives[1]);  // six epochs take less time than 52
  CHECK(study({{"name", "epoch"}, {"range", {2, 26}}, {"log", true}}).fidelity->full == 26);
  CHECK_THROWS_WITH_AS((void)study({{"name", "epochs"}}), doctest::Contains("did you mean \"epoch\""), InvalidInput);
  CHECK_THROWS_WITH_AS((void)study({{"name", "epoch"}, {"range", {1, 100}}}), doctest::Contains("fidelity/range"),
                       InvalidInput);
}

}  // namespace fidelity_command_test
