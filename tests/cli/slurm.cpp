// Studies on a real Slurm, which scripts/slurm-test starts: jobs, the controller and the program itself are killed.
#include <hyperego/core/rng.hpp>

#include <doctest/doctest.h>

#include "program.hpp"
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

bool have_slurm() {
  if (std::getenv("HYPEREGO_SLURM_CLUSTER") != nullptr) return true;
  MESSAGE("SKIPPED: no Slurm; run scripts/slurm-test");
  return false;
}

ProgramResult called(std::vector<std::string> arguments) {
  const auto out = hyperego::detail::output_file(std::nullopt);
  const auto err = hyperego::detail::output_file(std::nullopt);
  hyperego::detail::ProcessRequest request;
  request.arguments = std::move(arguments);
  request.environment = environment_with({});
  request.directory = "/";
  request.output = out.get();
  request.errors = err.get();
  request.timeout_s = 100;
  const auto result = hyperego::detail::run_process(request);
  return {result.end == hyperego::detail::ProcessResult::End::exited ? result.code : -1, content_of(out.get()),
          content_of(err.get())};
}

void cluster(const std::string& action, const std::string& file = {}) {
  // The daemons that it starts outlive it, and so must leave its process group.
  std::vector<std::string> line{"setsid", "--wait", HYPEREGO_SLURM_CONTROL, action,
                                std::getenv("HYPEREGO_SLURM_CLUSTER")};
  if (!file.empty()) line.push_back(file);
  const auto result = called(line);
  CAPTURE(action);
  CAPTURE(result.err);
  REQUIRE(result.code == 0);
}

/// Every start of the program leaves a line in `starts`.
ordered_json slurm_study(int trials, int workers, const std::string& script) {
  ordered_json study{{"name", "slurm"},
                     {"objectives", {{{"name", "y"}}}},
                     {"optimizer", {{"name", "random"}}},
                     {"limits", {{"trials", trials}}},
                     {"workers", workers}};
  study["space"] = ordered_json::parse(
      R"({"hyperparameters":[{"name":"x's \"place\"","type":"uniform_float","lower":0,"upper":1}]})");
  study["evaluator"] = {{"slurm", {{"cpus-per-task", 1}, {"time", "5"}}},
                        {"command", {"/bin/sh", "-c", "echo {trial} >>starts; " + script}}};
  return study;
}

const std::string answer = R"(echo '{"y": {x's "place"}}')";

template <typename Condition>
bool comes_true(double seconds, Condition&& condition) {
  for (int i = 0; i < seconds * 20; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

std::size_t lines_of(const std::filesystem::path& file) {
  const std::string text = text_of(file);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string queue() { return called({"squeue", "--noheader", "--array", "--format=%F_%K %T"}).out; }

/// Waits until `starts` notes so many; on a busy machine Slurm may need minutes, above all for a job that it takes
/// back.
void await_starts(const TemporaryDirectory& directory, std::size_t count) {
  const bool came = comes_true(150, [&] { return lines_of(directory / "starts") >= count; });
  const std::string jobs = called({"squeue", "--noheader", "--array", "--format=%F_%K %T %r"}).out;
  const std::string nodes = called({"sinfo", "--noheader", "--format=%T %E"}).out;
  CAPTURE(jobs);
  CAPTURE(nodes);
  REQUIRE(came);
}

/// The exit code; −2 where it does not end.
int code_of(RunningProgram& program, double seconds = 240) {
  return comes_true(seconds, [&] { return program.has_ended(); }) ? program.wait() : -2;
}

ProgramResult run(const TemporaryDirectory& directory) {
  auto result = hyperego::test::hyperego({"run", "s.json", "--out", "run", "--resume"}, directory.path());
  CAPTURE(result.err);
  REQUIRE(result.code == 0);
  return result;
}

}  // namespace

TEST_CASE("a study on Slurm is the study of a command, and values arrive unharmed") {
  if (!have_slurm()) return;
  const TemporaryDirectory directory;
  ordered_json study = slurm_study(6, 3, R"(printf '{"y": %s}\n' "$HYPEREGO_x_s__place_")");
  put(directory / "s.json", study.dump());
  CHECK(run(directory).json().at("trials").at("completed") == 6);
  study["evaluator"].erase("slurm");
  put(directory / "local.json", study.dump());
  REQUIRE(hyperego::test::hyperego({"run", "local.json", "--out", "local"}, directory.path()).code == 0);
  CHECK(timeless_journal(directory / "run") == timeless_journal(directory / "local"));
}

TEST_CASE("failures and time-outs come back from Slurm as what they are") {
  if (!have_slurm()) return;
  const TemporaryDirectory directory;
  ordered_json study = slurm_study(4, 4,
                                   "case {trial} in 0) echo broken >&2; exit 9;; 1) kill -SEGV $$;; 2) sleep 100;; "
                                   "3) echo '{\"y\": 1}';; esac");
  study["evaluator"]["timeout_s"] = 2;
  put(directory / "s.json", study.dump());
  const ordered_json trials = run(directory).json().at("trials");
  CHECK(trials.at("failed") == 2);
  CHECK(trials.at("timed_out") == 1);
  CHECK(trials.at("completed") == 1);
  const std::string journal = text_of(directory / "run" / "journal.jsonl");
  CHECK(journal.find("it ended with exit status 9: broken") != std::string::npos);
  CHECK(journal.find("it was ended by signal 11") != std::string::npos);
}

TEST_CASE("a job that is killed is tried again") {
  if (!have_slurm()) return;
  const TemporaryDirectory directory;
  const ordered_json study = slurm_study(3, 2, "[ -e go ] || sleep 100; " + answer);
  put(directory / "s.json", study.dump());
  RunningProgram program({"run", "s.json", "--out", "run"}, directory.path());
  await_starts(directory, 2);
  put(directory / "go", "");
  const std::string jobs = queue();
  CAPTURE(jobs);
  REQUIRE(called({"scancel", jobs.substr(0, jobs.find(' '))}).code == 0);
  REQUIRE(called({"scancel", jobs.substr(jobs.find('\n') + 1, jobs.find(' '))}).code == 0);
  CHECK(code_of(program) == 0);
  CHECK(lines_of(directory / "starts") == 5);
  CHECK(run(directory).json().at("trials").at("completed") == 3);
}

TEST_CASE("a controller that dies and comes back is waited for") {
  if (!have_slurm()) return;
  const TemporaryDirectory directory;
  put(directory / "s.json", slurm_study(4, 2, "[ {trial} -gt 1 ] || sleep 15; " + answer).dump());
  RunningProgram program({"run", "s.json", "--out", "run"}, directory.path());
  await_starts(directory, 2);
  // Killed before it saved its state (every 5 s), a controller forgets jobs, starts them once more and drains the node.
  cluster("wait-saved", (directory / "starts").string());
  cluster("kill-controller");
  std::this_thread::sleep_for(std::chrono::seconds(3));
  CHECK_FALSE(program.has_ended());
  cluster("start-controller");
  CHECK(code_of(program) == 0);
  CHECK(lines_of(directory / "starts") == 4);
  CHECK(run(directory).json().at("trials").at("completed") == 4);
}

TEST_CASE("jobs outlive the program, and a resumed run has their results without a second start") {
  if (!have_slurm()) return;
  const TemporaryDirectory directory;
  put(directory / "s.json", slurm_study(6, 2, "sleep 1; " + answer).dump());
  hyperego::Rng rng(3, "kill", 0);
  int kills = 0;
  for (; kills < 8; ++kills) {
    RunningProgram program({"run", "s.json", "--out", "run", "--resume"}, directory.path());
    const double life = 0.02 + 2 * rng.uniform();
    if (comes_true(life, [&] { return program.has_ended(); })) break;
    program.send(SIGKILL);
    program.wait();
  }
  CHECK(kills > 2);
  CHECK(run(directory).json().at("trials").at("completed") == 6);
  CHECK(lines_of(directory / "starts") == 6);
  put(directory / "go", "");
}

TEST_CASE("an interrupt leaves the jobs to Slurm, or cancels them when asked to") {
  if (!have_slurm()) return;
  for (const bool cancels : {false, true}) {
    CAPTURE(cancels);
    const TemporaryDirectory directory;
    ordered_json study = slurm_study(2, 2, "while ! [ -e go ]; do sleep 0.2; done; " + answer);
    study["evaluator"]["cancel_on_interrupt"] = cancels;
    put(directory / "s.json", study.dump());
    RunningProgram program({"run", "s.json", "--out", "run"}, directory.path());
    await_starts(directory, 2);
    program.send(SIGINT);
    CHECK(code_of(program) == 130);
    const auto running = [] { return queue().find("RUNNING") != std::string::npos; };
    if (cancels) {
      CHECK(comes_true(20, [&] { return !running(); }));
    } else {
      CHECK(running());
    }
    put(directory / "go", "");
    CHECK(run(directory).json().at("trials").at("completed") == 2);
    CHECK(lines_of(directory / "starts") == (cancels ? 4 : 2));
  }
}

TEST_CASE("what Slurm refuses stops the study with its own words") {
  if (!have_slurm()) return;
  const TemporaryDirectory directory;
  ordered_json study = slurm_study(4, 1, answer);
  study["evaluator"]["slurm"]["partition"] = "no-such-partition";
  put(directory / "s.json", study.dump());
  const auto result = hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path());
  CHECK(result.code == 3);
  CHECK(result.json().at("trials").at("ended") == 0);
  const ordered_json stopped = result.json().at("stopped");
  CHECK(stopped.at("reason") == "refused");
  CHECK(stopped.at("message").get<std::string>().find("nvalid partition") != std::string::npos);
  // The option may change, and nothing is lost.
  study["evaluator"]["slurm"].erase("partition");
  put(directory / "s.json", study.dump());
  CHECK(run(directory).json().at("trials").at("completed") == 4);
}

TEST_CASE("Slurm's own time limit is a time-out, and a node that dies loses its trial") {
  if (!have_slurm()) return;
  if (std::getenv("HYPEREGO_SLURM_LONG") == nullptr) return;
  const TemporaryDirectory directory;
  ordered_json study = slurm_study(1, 1, "sleep 300");
  study["evaluator"]["slurm"]["time"] = "1";
  put(directory / "s.json", study.dump());
  CHECK(run(directory).json().at("trials").at("timed_out") == 1);
  CHECK(text_of(directory / "run" / "journal.jsonl").find("TIMEOUT (TimeLimit)") != std::string::npos);

  const TemporaryDirectory other;
  put(other / "s.json", slurm_study(1, 1, "[ -e go ] || sleep 300; " + answer).dump());
  RunningProgram program({"run", "s.json", "--out", "run"}, other.path());
  await_starts(other, 1);
  cluster("kill-node");
  put(other / "go", "");
  std::this_thread::sleep_for(std::chrono::seconds(40));
  cluster("start-node");
  CHECK(code_of(program) == 0);
  CHECK(lines_of(other / "starts") == 2);
}
