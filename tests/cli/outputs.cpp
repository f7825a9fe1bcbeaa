// What the program writes, and that it writes nothing over what is not its own; messages, stdout that fails,
// completion.
#include <hyperego/core/utf8.hpp>

#include <doctest/doctest.h>

#include "program.hpp"
#include <algorithm>

using namespace hyperego::test;
using nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

ordered_json small_study() {
  return {{"name", "small"},
          {"evaluator", {{"problem", "zdt1"}, {"variables", 3}}},
          {"optimizer", {{"name", "random"}}},
          {"limits", {{"trials", 12}}}};
}

/// A finished run in DIRECTORY/run, of DIRECTORY/s.json.
void make_run(const TemporaryDirectory& directory) {
  put(directory / "s.json", small_study().dump());
  REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path()).code == 0);
}

std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> result;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) result[entry.path().string()] = text_of(entry.path());
  }
  return result;
}

std::vector<std::string> joined(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

const std::vector<std::string> report{"report", "run", "--no-models"};
const std::vector<std::string> game{"explain",      "run", "--game",    "tunability", "--objective", "f1",
                                    "--replicates", "0",   "--samples", "50",         "--draws",     "0"};

/// Refused with one sentence, every file as it was.
void check_refused(const std::vector<std::string>& line, const TemporaryDirectory& directory) {
  const auto before = contents(directory.path());
  const auto result = hyperego::test::hyperego(line, directory.path());
  CAPTURE(line.back());
  CAPTURE(result.err);
  CHECK(result.code == 2);
  CHECK(result.complains_in_one_sentence());
  CHECK(contents(directory.path()) == before);
}

/// Run by a shell, as `hyperego` on its path.
ProgramResult shell(const std::string& script, const fs::path& directory) {
  const auto out = hyperego::detail::output_file(std::nullopt);
  const auto err = hyperego::detail::output_file(std::nullopt);
  hyperego::detail::ProcessRequest request;
  request.arguments = {"/bin/bash", "-c", "hyperego() { " HYPEREGO_PROGRAM " \"$@\"; }\n" + script};
  request.environment = environment_with({});
  request.directory = directory;
  request.output = out.get();
  request.errors = err.get();
  request.timeout_s = 300;
  const auto result = hyperego::detail::run_process(request);
  return {result.end == hyperego::detail::ProcessResult::End::exited ? result.code : -1, content_of(out.get()),
          content_of(err.get())};
}

}  // namespace

TEST_CASE("reports and games take the place of no file but their own") {
  const TemporaryDirectory directory;
  make_run(directory);
  fs::create_symlink("run/journal.jsonl", directory / "link");
  fs::create_hard_link(directory / "run/study.json", directory / "hard");
  put(directory / "mine.txt", "mine");
  for (const std::string file : {"run/journal.jsonl", "run/study.json", "run/../run/front.json", "run/logs/0.out",
                                 "run/early.jsonl", "link", "hard", "mine.txt", "s.json"}) {
    check_refused(joined(report, {"--output", file}), directory);
    check_refused(joined(game, {"--save-game", file}), directory);
  }
  check_refused(joined(report, {"--force", "--output", "run/journal.jsonl"}), directory);
  check_refused(joined(game, {"--force", "--save-game", "link"}), directory);
  // Several games are in no one file.
  check_refused({"explain", "run", "--game", "tunability", "--tradeoffs", "2", "--save-game", "new.json"}, directory);
  CHECK_FALSE(fs::exists(directory / "new.json"));
  for (int i = 0; i < 2; ++i) {  // new, and its own
    CHECK(hyperego::test::hyperego(joined(report, {"--output", "r.html"}), directory.path()).code == 0);
    CHECK(hyperego::test::hyperego(joined(game, {"--save-game", "g.json"}), directory.path()).code == 0);
  }
  check_refused(joined(report, {"--output", "g.json"}), directory);
  check_refused(joined(game, {"--save-game", "r.html"}), directory);
  CHECK(hyperego::test::hyperego(joined(game, {"--force", "--save-game", "mine.txt"}), directory.path()).code == 0);
  CHECK(text_of(directory / "mine.txt").rfind("{\"game\":", 0) == 0);
}

TEST_CASE("the data of figures take the place of no file but their own") {
  const TemporaryDirectory directory;
  make_run(directory);
  fs::create_directory(directory / "data");
  const auto write = joined(report, {"--output", "r.html", "--data", "data"});
  for (const std::string file : {"data/document.json", "data/trials.csv", "data/progress-hypervolume-trials.json"}) {
    put(directory / file, "a,b\n1,2\n");
    check_refused(write, directory);
    fs::remove(directory / file);
  }
  REQUIRE(hyperego::test::hyperego(write, directory.path()).code == 0);
  const std::string before = text_of(directory / "data/trials.csv");
  // The same folder for a study with other columns.
  ordered_json study = small_study();
  study["evaluator"]["variables"] = 4;
  put(directory / "t.json", study.dump());
  REQUIRE(hyperego::test::hyperego({"run", "t.json", "--out", "other"}, directory.path()).code == 0);
  CHECK(hyperego::test::hyperego({"report", "other", "--no-models", "--data", "data"}, directory.path()).code == 0);
  CHECK(text_of(directory / "data/trials.csv") != before);
  put(directory / "data/trials.csv", "a,b\n1,2\n");
  check_refused(write, directory);
  CHECK(hyperego::test::hyperego(joined(write, {"--force"}), directory.path()).code == 0);
  CHECK(text_of(directory / "data/trials.csv") == before);
}

TEST_CASE("studies and benchmarks start in no folder with files in their way") {
  const TemporaryDirectory directory;
  make_run(directory);
  fs::create_directories(directory / "logs/logs");
  put(directory / "logs/logs/0.out", "mine");
  fs::create_directory(directory / "study");
  fs::copy_file(directory / "s.json", directory / "study/study.json");
  fs::create_directory(directory / "page");
  put(directory / "page/report.html", "mine");
  fs::create_directory(directory / "warm");
  put(directory / "warm/warm_start.json", "{}");
  for (const char* folder : {"logs", "study", "warm"}) {
    check_refused({"run", "s.json", "--out", folder}, directory);
    check_refused({"init", "s.json", "--out", folder}, directory);
  }
  check_refused({"run", "s.json", "--report", "--out", "page"}, directory);
  put(directory / "suite.json",
      R"({"hyperego_benchmark": 1, "name": "tiny", "seeds": [1, 2], "trials": 8, "optimizers": ["random"],
          "tasks": [{"problem": "kursawe"}]})");
  check_refused({"benchmark", "suite.json", "--out", "."}, directory);
  check_refused({"benchmark", "suite.json", "--out", "run"}, directory);
  for (int i = 0; i < 2; ++i) {
    CHECK(hyperego::test::hyperego({"benchmark", "suite.json", "--out", "bench"}, directory.path()).code == 0);
  }
  CHECK(hyperego::test::hyperego({"benchmark", "bench/suite.json", "--out", "bench"}, directory.path()).code == 0);
  check_refused({"benchmark", "bench/suite.json", "--out", "bench", "--seeds", "1"}, directory);
  put(directory / "bench/summary.txt", "mine");
  check_refused({"benchmark", "suite.json", "--out", "bench"}, directory);
}

TEST_CASE("messages are UTF-8 whatever was read") {
  const TemporaryDirectory directory;
  make_run(directory);
  put(directory / "t\xff.json", "{\"caf\xe9");
  const auto space = ordered_json::parse(text_of(directory / "run/study.json")).at("space");
  put(directory / "space.json", space.dump());
  put(directory / "t.csv", "x1,x2,x3,f\xe9\n0.1,0.2,0.3,1\n0.4,0.5,0.1,2\n");
  for (const std::vector<std::string>& line :
       {std::vector<std::string>{"validate", "absent\xe9.json"},
        {"validate", "t\xff.json"},
        {"r\xffn"},
        {"run", "s.json", "--out", "o", "--\xfe"},
        {"explain", "run", "--game", "tunability", "--objective", "f\xff\x1b[3m"},
        {"run", "s.json", "--out", "dir\xe9", "--json"},
        {"run", "s.json", "--out", "dir\xe9", "--resume", "--pretty"},
        {"explain", "--trials", "t.csv", "--space", "space.json", "--game", "tunability", "--draws", "0",
         "--pretty"}}) {
    const auto result = hyperego::test::hyperego(line, directory.path());
    CAPTURE(result.err);
    CAPTURE(result.out);
    CHECK((result.code == 0 || result.code == 2));
    CHECK(hyperego::valid_utf8(result.err + result.out) == result.err + result.out);
    CHECK((result.err + result.out).find("\\x") != std::string::npos);
    CHECK((result.err + result.out).find('\x1b') == std::string::npos);
  }
  // What a program prints goes into the journal, and from there everywhere.
  ordered_json study = small_study();
  study["space"] = space;
  study["objectives"] = {"y"};
  study["evaluator"] = {{"command", {"/bin/sh", "-c", "printf 'bad \\377\\n' >&2; exit 3"}}};
  study["limits"] = {{"trials", 1}};
  put(directory / "p.json", study.dump());
  (void)hyperego::test::hyperego({"run", "p.json", "--out", "p"}, directory.path());
  const auto status = hyperego::test::hyperego({"status", "p"}, directory.path());
  CHECK(status.json().at("last_failure").get<std::string>().find("bad \\xff") != std::string::npos);
}

TEST_CASE("a wrong word is told from the right one") {
  const TemporaryDirectory directory;
  for (const auto& [line, hint] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"rnu", "s.json"}, "did you mean \"run\"?"},
           {{"statsu", "run"}, "did you mean \"status\"?"},
           {{"run", "s.json", "--trails", "5"}, "did you mean \"--trials\"?"},
           {{"run", "s.json", "--tirals=5"}, "did you mean \"--trials\"?"},
           {{"tell", "run", "--trial", "0", "--objetives", "[1]"}, "did you mean \"--objectives\"?"},
           {{"problem", "lits"}, "did you mean \"list\"?"},
           {{"--verison"}, "did you mean \"--version\"?"},
           {{"fly"}, "expected one of \"init\", \"run\""}}) {
    const auto result = hyperego::test::hyperego(line, directory.path());
    CAPTURE(result.err);
    CHECK(result.code == 2);
    CHECK(result.complains_in_one_sentence());
    CHECK(result.err.find(hint) != std::string::npos);
  }
}

TEST_CASE("stdout that cannot be written is no internal error, and the study is whole") {
  const TemporaryDirectory directory;
  make_run(directory);
  for (const std::string command :
       {"hyperego status run", "hyperego --help", "hyperego --version", "hyperego run --help", "hyperego problem list",
        "hyperego run s.json --out run --resume"}) {
    for (const std::string to : {">/dev/full", ">&-"}) {
      const auto result = shell(command + " " + to, directory.path());
      CAPTURE(command + to);
      CAPTURE(result.err);
      CHECK(result.code == 4);
      CHECK(result.err.find("internal") == std::string::npos);
    }
  }
  // The first file that is opened must not become stdout.
  for (const std::string to : {">&-", ">/dev/full", "2>&- >&-", ">/dev/full 2>/dev/full", "<&- >&- 2>&-"}) {
    CAPTURE(to);
    fs::remove_all(directory / "other");
    CHECK(shell("hyperego run s.json --out other " + to, directory.path()).code == 4);
    CHECK(timeless_journal(directory / "other") == timeless_journal(directory / "run"));
  }
  const auto unread =
      shell("{ sleep 0.3; hyperego status run; echo $? >code; } | true; sleep 1; cat code", directory.path());
  CHECK(unread.out == "4\n");
  CHECK(unread.complains_in_one_sentence());
  // An answer that nobody can read is not made.
  ordered_json study = small_study();
  study["evaluator"] = {{"external", true}};
  study["space"] = ordered_json::parse(text_of(directory / "run/study.json")).at("space");
  study["objectives"] = {"y"};
  put(directory / "e.json", study.dump());
  CHECK(hyperego::test::hyperego({"init", "e.json", "--out", "e"}, directory.path()).code == 0);
  CHECK(shell("hyperego ask e >&-", directory.path()).code == 4);
  CHECK(hyperego::test::hyperego({"status", "e"}, directory.path()).json().at("trials").at("suggested") == 0);
}

TEST_CASE("bash completes commands, options and choices") {
  const TemporaryDirectory directory;
  const auto result = shell(R"(source <(hyperego completion bash)
    line() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _hyperego; echo "${COMPREPLY[*]}"; }
    line hyperego ru; line hyperego run --tr; line hyperego explain --surrogate ''
    line hyperego explain --surrogate = f; line hyperego problem ''; line hyperego indicator i
    line hyperego run s.json --out '')",
                            directory.path());
  CHECK(result.err.empty());
  CHECK(result.out == "run\n--trials\nautomatic gp forest\nforest\nlist describe evaluate\nigd igd+\n\n");
  for (const std::string shell_name : {"zsh", "fish"}) {
    const auto script = hyperego::test::hyperego({"completion", shell_name});
    CHECK(script.code == 0);
    CHECK(script.out.find("Run a study to its end") != std::string::npos);
    const auto parsed = shell("command -v " + shell_name + " >/dev/null || exit 0; hyperego completion " + shell_name +
                                  " >script; " + shell_name + " -n script",
                              directory.path());
    CAPTURE(parsed.err);
    CHECK(parsed.code == 0);
  }
}

TEST_CASE("the manual page has every command, and groff nothing to complain of") {
  const TemporaryDirectory directory;
  const auto page = hyperego::test::hyperego({"manual"});
  CHECK(page.code == 0);
  for (const char* part :
       {".SS hyperego run\n", ".SS hyperego problem evaluate\n", "\\fB\\-\\-save\\-game\\fR", "128 + N"}) {
    CHECK(page.out.find(part) != std::string::npos);
  }
  const auto set =
      shell("command -v groff >/dev/null || exit 0; hyperego manual | groff -man -ww -Tascii 2>&1 >/dev/null",
            directory.path());
  CHECK(set.code == 0);
  CHECK(set.out == "");
}

TEST_CASE("exit codes are in --help and in the documentation") {
  const std::string help = hyperego::test::hyperego({"--help"}).out;
  std::istringstream lines(text_of(fs::path(HYPEREGO_DOCS) / "exit-codes.md"));
  int rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("| ", 0) != 0 || line.find("meaning") != std::string::npos) continue;
    ++rows;
    const std::size_t bar = line.find(" | ");
    CHECK(help.find(line.substr(bar + 3, line.size() - bar - 5)) != std::string::npos);
  }
  CHECK(rows == 6);
}
