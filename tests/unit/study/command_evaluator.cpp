#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/process.hpp>
#include <hyperego/study/evaluators.hpp>

#include <doctest/doctest.h>

#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <chrono>
#include <fstream>
#include <thread>
#include <unistd.h>

using namespace hyperego;
using hyperego::test::TemporaryDirectory;
using hyperego::test::text_of;

namespace {

StudySpecification study(std::vector<std::string> command) {
  StudySpecification result;
  result.space = std::make_shared<const SearchSpace>(
      std::vector{make_float("lr", 0, 1),
                  make_categorical("odd \"name\".{x}", {std::string("a b"), std::string("$HOME `id` {lr}")})});
  result.objectives = {{.name = "y"}};
  result.evaluation = CommandEvaluation{.command = std::move(command), .directory = "/"};
  return result;
}

StudySpecification shell(const std::string& script) { return study({"/bin/sh", "-c", script}); }

Outcome evaluated(const StudySpecification& specification, const EvaluatorContext& context = {}) {
  return make_evaluator(specification, context)->evaluate(7, Configuration(std::vector<double>{0.25, 1}), 42);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("the last line that is not empty is the outcome") {
  const Outcome outcome = evaluated(shell("echo noise; echo '{\"y\": 3.5}'; echo; echo '  '"));
  CHECK(outcome.message == "");
  CHECK(outcome.status == TrialStatus::completed);
  CHECK(outcome.objectives[0] == 3.5);
}

TEST_CASE("a long output is read from its end") {
  const Outcome outcome =
      evaluated(shell("i=0; while [ $i -lt 3000 ]; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; i=$((i+1)); done; "
                      "printf '{\"y\": 1, \"info\": \"%09000d\"}' 0"));
  CHECK(outcome.status == TrialStatus::completed);
  CHECK(outcome.message.size() == 9000);
}

TEST_CASE("the configuration arrives on stdin, in arguments and in variables, and never at a shell") {
  const TemporaryDirectory directory;
  const EvaluatorContext context{.logs = directory.path()};
  CHECK(evaluated(study({"/bin/cat"}), context).status == TrialStatus::failed);
  CHECK(text_of(directory / "7.out") ==
        "{\"trial\":7,\"configuration\":{\"lr\":0.25,\"odd \\\"name\\\".{x}\":\"$HOME `id` {lr}\"},\"seed\":42}\n");

  (void)evaluated(study({"/bin/echo", "lr={lr}", "[{odd \"name\".{x}}]", "{trial}/{seed}", "{ other }", "{"}), context);
  CHECK(text_of(directory / "7.out") == "lr=0.25 [$HOME `id` {lr}] 7/42 { other } {\n");

  (void)evaluated(
      shell("echo $HYPEREGO_TRIAL $HYPEREGO_SEED $HYPEREGO_lr $HYPEREGO_LR \"$HYPEREGO_odd__name___x_\"; pwd >&2"),
      context);
  CHECK(text_of(directory / "7.out") == "7 42 0.25 0.25 $HOME `id` {lr}\n");
  CHECK(text_of(directory / "7.err") == "/\n");
}

TEST_CASE("failures say what happened and quote the end of stderr") {
  const Outcome status = evaluated(shell("echo 'no GPU' >&2; exit 3"));
  CHECK(status.status == TrialStatus::failed);
  CHECK(status.message == "it ended with exit status 3: no GPU");
  const Outcome killed = evaluated(shell("kill -SEGV $$"));
  CHECK(killed.status == TrialStatus::failed);
  CHECK(killed.message.find("signal 11") != std::string::npos);
  CHECK(evaluated(shell("true")).status == TrialStatus::failed);
}

TEST_CASE("a program that takes too long is ended with all its children") {
  const TemporaryDirectory directory;
  const std::string alive = (directory / "alive").string();
  StudySpecification specification = shell("trap '' TERM; (trap '' TERM; sleep 1; echo still > " + alive +
                                           ") & echo '{\"y\": 1}'; wait; sleep 1; sleep 1");
  std::get<CommandEvaluation>(specification.evaluation).timeout_s = 0.1;
  std::get<CommandEvaluation>(specification.evaluation).grace_s = 0.1;
  const auto start = std::chrono::steady_clock::now();
  CHECK(evaluated(specification).status == TrialStatus::timed_out);
  CHECK(seconds_since(start) < 0.9);
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  CHECK_FALSE(std::filesystem::exists(alive));
}

TEST_CASE("the stop signal ends a program and its trial is lost") {
  const auto stop = std::make_shared<StopSignal>();
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop->raise();
  });
  const auto start = std::chrono::steady_clock::now();
  CHECK(evaluated(shell("sleep 20"), {.stop = stop}).status == TrialStatus::lost);
  CHECK(seconds_since(start) < 4);
  later.join();
}

TEST_CASE("what cannot run is said before the first trial") {
  CHECK_THROWS_AS((void)make_evaluator(study({"no-such-program-here"})), InvalidInput);
  const TemporaryDirectory directory;
  std::ofstream(directory / "text") << "no program";
  CHECK_THROWS_AS((void)make_evaluator(study({(directory / "text").string()})), InvalidInput);
  CHECK_THROWS_WITH_AS((void)make_evaluator(study({"echo", "{lrr}"})),
                       "study/evaluator/command/1: there is no hyperparameter \"lrr\"; did you mean \"lr\"?",
                       InvalidInput);
  CHECK_NOTHROW((void)make_evaluator(study({"echo", "{\"json\": 1}", "{print $1}"})));
  // A program that is only known once a placeholder is filled fails as a trial.
  const Outcome outcome = evaluated(study({"/nowhere/{trial}"}));
  CHECK(outcome.status == TrialStatus::failed);
  CHECK(outcome.message.find("cannot be started") != std::string::npos);
}

TEST_CASE("no descriptor is left behind") {
  const auto open_descriptors = [] {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
    return count;
  };
  const auto before = open_descriptors();
  (void)evaluated(shell("echo '{\"y\": 1}'"));
  (void)evaluated(study({"/nowhere/{trial}"}));
  CHECK(open_descriptors() == before);
}

TEST_CASE("of a long output the file keeps the beginning and the end") {
  const TemporaryDirectory directory;
  StudySpecification specification = shell(
      "echo first; i=0; while [ $i -lt 3000 ]; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; i=$((i+1)); done; "
      "echo '{\"y\": 1}'; i=0; while [ $i -lt 3000 ]; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy >&2; i=$((i+1)); "
      "done; echo last >&2");
  std::get<CommandEvaluation>(specification.evaluation).output_mb = 0.01;
  const Outcome outcome = evaluated(specification, {.logs = directory.path()});
  CHECK(outcome.message == "");
  CHECK(outcome.status == TrialStatus::completed);
  const std::string log = text_of(directory / "7.out");
  CHECK(log.size() < 10500 + 200);
  CHECK(log.rfind("first\n", 0) == 0);
  CHECK(log.find("bytes of 117015 are left out here]\n") != std::string::npos);
  CHECK(log.substr(log.size() - 9) == "{\"y\": 1}\n");
  CHECK(text_of(directory / "7.err").find("last\n") != std::string::npos);
  CHECK(text_of(directory / "7.err").size() < 10500 + 200);
}

TEST_CASE("a last line that is longer than what is kept is a failure that says so") {
  StudySpecification specification = shell("printf '{\"y\": 1, \"info\": \"%090000d\"}' 0");
  std::get<CommandEvaluation>(specification.evaluation).output_mb = 0.01;
  const Outcome outcome = evaluated(specification);
  CHECK(outcome.status == TrialStatus::failed);
  CHECK(outcome.message.find("output_mb") != std::string::npos);
}

TEST_CASE("a program that leaves its pipe to a survivor does not hold up its trial") {
  const auto start = std::chrono::steady_clock::now();
  const Outcome outcome = evaluated(shell("setsid sleep 3 & echo '{\"y\": 2}'"));
  CHECK(outcome.status == TrialStatus::completed);
  CHECK(seconds_since(start) < 2);
}

TEST_CASE("memory_mb is what a program may ask for, from its first instruction") {
  const std::string greedy = "dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null && echo '{\"y\": 1}'";
  StudySpecification specification = shell(greedy);
  CHECK(evaluated(specification).status == TrialStatus::completed);
  std::get<CommandEvaluation>(specification.evaluation).memory_mb = 50;
  CHECK(evaluated(specification).status == TrialStatus::failed);
  // The way of starting a program is another one; what it promises is the same.
  StudySpecification modest = shell("cat; pwd >&2; kill -TERM $$");
  std::get<CommandEvaluation>(modest.evaluation).memory_mb = 50;
  const TemporaryDirectory directory;
  CHECK(evaluated(modest, {.logs = directory.path()}).message.find("signal 15") != std::string::npos);
  CHECK(text_of(directory / "7.out").rfind("{\"trial\":7", 0) == 0);
  CHECK(text_of(directory / "7.err") == "/\n");
  StudySpecification absent = study({"/nowhere/{trial}"});
  std::get<CommandEvaluation>(absent.evaluation).memory_mb = 50;
  CHECK(evaluated(absent).message.find("cannot be started: No such file") != std::string::npos);
}

TEST_CASE("whatever a program prints ends in a result or a failure") {
  const auto status = [](const std::string& script) {
    const Outcome outcome = evaluated(shell(script));
    CAPTURE(script);
    return outcome.status;
  };
  const auto completed = TrialStatus::completed;
  const auto failed = TrialStatus::failed;
  CHECK(status("echo '{\"y\": 1e308}'") == completed);
  CHECK(status("echo '{\"y\": -0.0}'") == completed);
  CHECK(status("echo '{\"y\": 1e309}'") == failed);
  CHECK(status("echo '{\"y\": NaN}'") == failed);
  CHECK(status("echo '{\"y\": 1, \"y\": 2}'") == failed);
  CHECK(status("printf '{\"y\": 1, \"info\": \"\\377\"}'") == failed);
  CHECK(status("printf '\\377\\376\\000'") == failed);
  CHECK(status("printf '%0200000d' 0 | tr 0 '['") == failed);
  CHECK(status("printf '%0200000d' 0 | tr 0 '{'") == failed);
  CHECK(status("echo '[1]'") == failed);
  CHECK(status("echo '{\"y\": \"</script>\"}'") == failed);
  CHECK(status("printf '{\"y\": 1, \"info\": \"'; head -c 6000000 /dev/zero | tr '\\000' a; printf '\"}'") ==
        completed);
  CHECK(status("head -c 12000000 /dev/zero") == failed);
}

TEST_CASE("a result in the file that HYPEREGO_RESULT names wins, whatever is printed") {
  const auto value = [](const std::string& script) {
    const Outcome outcome = evaluated(shell(script));
    CAPTURE(script);
    CHECK(outcome.message == "");
    return outcome.objectives.size() == 1 ? outcome.objectives[0] : -1;
  };
  CHECK(value("echo '{\"y\": 2}' > $HYPEREGO_RESULT; echo 'INFO shutting down'") == 2);
  CHECK(value("trap 'printf \"\\033[0mbye\\r\"' EXIT; echo '{\"y\": 2}' > $HYPEREGO_RESULT") == 2);
  CHECK(value("echo '{\"y\": 2}' > $HYPEREGO_RESULT; echo '{\"y\": 3}'") == 2);
  CHECK(value("printf '{\\n  \"y\":\\n 2\\n}\\n' > $HYPEREGO_RESULT") == 2);
  CHECK(value("echo '{\"y\": 2}' > $HYPEREGO_RESULT.tmp; mv $HYPEREGO_RESULT.tmp $HYPEREGO_RESULT") == 2);
  // Nothing was written, so the last line counts.
  CHECK(value("echo ' ' > $HYPEREGO_RESULT; echo '{\"y\": 3}'") == 3);
  CHECK(value("echo '{\"y\": 2}' > $HYPEREGO_RESULT.tmp; echo '{\"y\": 3}'") == 3);
  CHECK(value("mkfifo $HYPEREGO_RESULT; echo '{\"y\": 3}'") == 3);
  const Outcome torn = evaluated(shell("printf '{\"y\": 1' > $HYPEREGO_RESULT; echo '{\"y\": 3}'"));
  CHECK(torn.status == TrialStatus::failed);
  CHECK(torn.message.find("HYPEREGO_RESULT file") != std::string::npos);
  CHECK(evaluated(shell("echo '{\"y\": 2}' > $HYPEREGO_RESULT; exit 1")).status == TrialStatus::failed);
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory / "7.result");  // of a run that was killed
  std::ofstream(directory / "7.result" / "result.json") << "{\"y\": 9}";
  CHECK(evaluated(shell("touch $HYPEREGO_RESULT.tmp; echo '{\"y\": 3}'"), {.logs = directory.path()}).objectives[0] ==
        3);
  CHECK_FALSE(std::filesystem::exists(directory / "7.result"));
  StudySpecification modest =
      shell("head -c 20000 /dev/zero | tr '\\000' ' ' > $HYPEREGO_RESULT; echo x >> $HYPEREGO_RESULT");
  std::get<CommandEvaluation>(modest.evaluation).output_mb = 0.01;
  CHECK(evaluated(modest).status == TrialStatus::failed);
}

TEST_CASE("output that cannot be read is shown with the rule") {
  const auto message = [](const std::string& script) { return evaluated(shell(script)).message; };
  CHECK(message("echo '{\"y\": 1}'; echo Done, bye").find("it reads \"Done, bye\" (") != std::string::npos);
  CHECK(message("printf '\\033[32m{}'").find("\"\\x1b[32m{}\"") != std::string::npos);
  CHECK(message("printf '\\r 10%%\\r{\"y\": 1}'").find("\"\\r 10%\\r{\"y\": 1}\"") != std::string::npos);
  CHECK(message("printf '{\\n\"y\": 1\\n}'").find("\"}\" (the last line must be one JSON object") != std::string::npos);
  CHECK(message("printf 'caf\\351 \\303\\251'").find("\"caf\\xe9 \303\251\"") != std::string::npos);
}

TEST_CASE("what leaves the program's session ends with it all the same") {
  // A child in a session of its own, a daemon, and one that a time-out finds although it lost its environment.
  const std::string script =
      "setsid sh -c 'sleep 1; : > a' & (setsid sh -c 'sh -c \"sleep 1; : > b\" &' &) >/dev/null 2>&1; ";
  for (const bool times_out : {false, true}) {
    CAPTURE(times_out);
    const TemporaryDirectory directory;
    StudySpecification specification = shell(
        script + (times_out ? "env -i setsid /bin/sh -c 'sleep 1; : > c' & sleep 5" : "sleep 0.1; echo '{\"y\": 2}'"));
    auto& evaluation = std::get<CommandEvaluation>(specification.evaluation);
    evaluation.directory = directory.path();
    if (times_out) evaluation.timeout_s = 0.3;
    CHECK(evaluated(specification).status == (times_out ? TrialStatus::timed_out : TrialStatus::completed));
    std::this_thread::sleep_for(std::chrono::milliseconds(1300));
    for (const char* name : {"a", "b", "c"}) CHECK_FALSE(std::filesystem::exists(directory / name));
  }
}

TEST_CASE("placeholders that are none are doubted") {
  StudySpecification specification = study({"echo", "{lr}", "{batches}", "{print $1}"});
  std::get<CommandEvaluation>(specification.evaluation).environment = {{"RATE", "{lr}"}};
  const auto doubts = doubts_about_command(specification);
  REQUIRE(doubts.size() == 2);
  CHECK(doubts[0] == "study/evaluator/command/2: {batches} is no hyperparameter and reaches the program as it stands");
  CHECK(doubts[1].find("the program finds the value in HYPEREGO_lr") != std::string::npos);

  specification = study({"echo", "{trial}", "{seed}"});
  CHECK(doubts_about_command(specification).empty());
  specification.space = std::make_shared<const SearchSpace>(std::vector{make_integer("seed", 1, 9)});
  CHECK(doubts_about_command(specification) ==
        std::vector<std::string>{"study/evaluator/command/2: {seed} is the hyperparameter of that name; the trial's "
                                 "own is in HYPEREGO_SEED"});
  specification.space =
      std::make_shared<const SearchSpace>(std::vector{make_integer("a-b", 1, 9), make_integer("a.b", 1, 9)});
  const auto about_names = doubts_about_command(specification);
  REQUIRE(about_names.size() == 1);
  CHECK(about_names[0].find("\"a-b\" and \"a.b\" are both HYPEREGO_a_b in the environment") != std::string::npos);
}

TEST_CASE("a name in capitals has the variable of that name, whatever the order") {
  StudySpecification specification = shell(R"(echo "{\"y\":$HYPEREGO_x$HYPEREGO_X}")");
  specification.space =
      std::make_shared<const SearchSpace>(std::vector{make_integer("x", 1, 9), make_integer("X", 1, 9)});
  const Configuration configuration(std::vector<double>{1, 2});
  CHECK(make_evaluator(specification, {})->evaluate(0, configuration, 1).objectives[0] == 12);
  specification.space =
      std::make_shared<const SearchSpace>(std::vector{make_integer("X", 1, 9), make_integer("x", 1, 9)});
  CHECK(make_evaluator(specification, {})->evaluate(0, configuration, 1).objectives[0] == 21);
}
