// What becomes of evaluated programs when hyperego ends, and of a study in which they cannot run.
#include <doctest/doctest.h>

#include "program.hpp"
#include <chrono>
#include <functional>
#include <thread>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

ordered_json shell_study(const std::string& script, int trials, int workers = 1) {
  ordered_json study{{"name", "programs"},
                     {"objectives", {"y"}},
                     {"evaluator", {{"command", {"/bin/sh", "-c", script}}}},
                     {"optimizer", "random"},
                     {"limits", {{"trials", trials}}},
                     {"workers", workers}};
  study["space"] =
      ordered_json::parse(R"({"hyperparameters":[{"name":"x","type":"uniform_float","lower":0,"upper":1}]})");
  return study;
}

bool comes_true(const std::function<bool()>& condition) {
  for (int i = 0; i < 2000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

bool is_alive(const std::filesystem::path& file_with_number) {
  const std::string number = text_of(file_with_number);
  std::ifstream status("/proc/" + number.substr(0, number.find('\n')) + "/stat");
  std::string process;
  std::string name;
  std::string state;
  return status >> process >> name >> state && state != "Z";
}

/// One in the program's group, one in a session of its own, one that has another parent as well.
constexpr auto family =
    "[ -e go ] && { echo '{\"y\": {x}}'; exit; }; echo $$ > a; setsid sh -c 'echo $$ > b; exec sleep 60' & "
    "(setsid sh -c 'sh -c \"echo \\$\\$ > c; exec sleep 60\" &' &); sleep 60";

bool has_content(const std::filesystem::path& file) { return text_of(file).find('\n') != std::string::npos; }

}  // namespace

TEST_CASE("no process of an evaluation outlives hyperego, however it ends") {
  for (const int signal : {SIGKILL, SIGHUP, SIGTERM}) {
    CAPTURE(signal);
    const TemporaryDirectory directory;
    put(directory / "s.json", shell_study(family, 1).dump());
    RunningProgram program({"run", "s.json", "--out", "run"}, directory.path());
    for (const char* name : {"a", "b", "c"}) REQUIRE(comes_true([&] { return has_content(directory / name); }));
    program.send(signal);
    CHECK(program.wait() == (signal == SIGKILL ? -1 : 128 + signal));
    for (const char* name : {"a", "b", "c"}) CHECK(comes_true([&] { return !is_alive(directory / name); }));
    put(directory / "go", "");
    const auto resumed = hyperego::test::hyperego({"run", "s.json", "--out", "run", "--resume"}, directory.path());
    CHECK(resumed.code == 0);
    CHECK(resumed.err.find("earlier run") == std::string::npos);
  }
}

TEST_CASE("a resumed run ends what nobody else has ended, and says so") {
  const TemporaryDirectory directory;
  put(directory / "go", "");
  put(directory / "s.json", shell_study(family, 2).dump());
  REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "run", "--trials", "1"}, directory.path()).code == 0);
  const std::string mark = text_of(directory / "run" / "logs" / "processes");
  const std::string stem = mark.substr(0, mark.find(' '));
  REQUIRE(std::system(("cd " + directory.path().string() + " && HYPEREGO_PROCESS_MARK=" + stem +
                       "7/ sh -c 'echo $$ > old; exec sleep 60' & cd " + directory.path().string() +
                       " && HYPEREGO_PROCESS_MARK=0123456789abcdef.7/ sh -c 'echo $$ > other; exec sleep 60' &")
                          .c_str()) == 0);
  for (const char* name : {"old", "other"}) REQUIRE(comes_true([&] { return has_content(directory / name); }));
  const auto resumed = hyperego::test::hyperego({"run", "s.json", "--out", "run", "--resume"}, directory.path());
  CHECK(resumed.code == 0);
  CHECK(resumed.err.find("1 process of an earlier run of this study still lived") != std::string::npos);
  CHECK(comes_true([&] { return !is_alive(directory / "old"); }));
  CHECK(is_alive(directory / "other"));
  ::kill(std::stoi(text_of(directory / "other")), SIGKILL);
}

TEST_CASE("a study in which nothing worked is no success and says why") {
  const TemporaryDirectory directory;
  put(directory / "s.json", shell_study("[ {trial} = 2 ] && exit 4; printf 'one\\ntwo\\n' >&2; exit 9", 4).dump());
  const auto result = hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path());
  CHECK(result.code == 3);
  CHECK(result.err.find(
            "hyperego: none of 4 trials completed (4 failed); 3 of them with: it ended with exit status 9: one "
            "… two\n") != std::string::npos);
  put(directory / "t.json", shell_study("[ {trial} = 2 ] && exit 4; echo '{\"y\": {x}}'", 4).dump());
  const auto most = hyperego::test::hyperego({"run", "t.json", "--out", "t"}, directory.path());
  CHECK(most.code == 0);
  CHECK(most.err.find("3 of 4 trials completed (1 failed); 1 of them with: it ended with exit status 4\n") !=
        std::string::npos);
}

TEST_CASE("a shortage of descriptors stops the study and fails no trial") {
  const TemporaryDirectory directory;
  put(directory / "s.json", shell_study("sleep 0.3; echo '{\"y\": {x}}'", 8, 8).dump());
  const std::string command =
      "ulimit -n 24; exec " + std::string(HYPEREGO_PROGRAM) + " run s.json --out run 2>err >out";
  CHECK(WEXITSTATUS(std::system(("cd " + directory.path().string() + "; " + command).c_str())) == 4);
  const std::string complaint = text_of(directory / "err");
  CHECK(complaint.find("ulimit -n") != std::string::npos);
  CHECK(complaint.find("run s.json --out run --resume") != std::string::npos);
  const auto status = hyperego::test::hyperego({"status", "run"}, directory.path()).json().at("trials");
  CHECK(status.at("failed") == 0);
  CHECK(status.at("lost") == 0);
  const auto resumed = hyperego::test::hyperego({"run", "s.json", "--out", "run", "--resume"}, directory.path());
  CHECK(resumed.code == 0);
  CHECK(resumed.json().at("trials").at("completed") == 8);
}

TEST_CASE("validate --try evaluates once, records nothing and shows what was understood") {
  const TemporaryDirectory directory;
  put(directory / "s.json", shell_study("echo hello; echo why >&2; echo '{\"y\": {x}}'", 4).dump());
  const auto result = hyperego::test::hyperego({"validate", "--try", "s.json"}, directory.path());
  CHECK(result.code == 0);
  const auto attempt = result.json().at("try");
  CHECK(attempt.at("stdout") == "hello\n{\"y\": 0.5}\n");
  CHECK(attempt.at("stderr") == "why\n");
  CHECK(attempt.at("status") == "completed");
  CHECK(attempt.at("values").at("y") == 0.5);
  CHECK_FALSE(std::filesystem::exists(directory / "runs"));
  put(directory / "t.json", shell_study("echo {batch} bye", 4).dump());
  const auto failed = hyperego::test::hyperego({"validate", "--try", "t.json", "--pretty"}, directory.path());
  CHECK(failed.code == 3);
  CHECK(failed.out.find("\"{batch} bye\"") != std::string::npos);
  CHECK(failed.err.find("{batch} is no hyperparameter") != std::string::npos);
}
