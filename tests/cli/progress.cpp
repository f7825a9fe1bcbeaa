// Long explanations and reports: the line on a terminal, Ctrl-C, and memory that does not suffice.
#include <doctest/doctest.h>

#include "program.hpp"
#include <chrono>
#include <filesystem>
#include <poll.h>
#include <sys/resource.h>
#include <thread>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Trials of y = a² + b in trials.csv, their space in space.json.
void put_trials(const std::filesystem::path& directory, int trials) {
  std::string table = "a,b,y\n";
  for (int i = 0; i < trials; ++i) {
    const double a = i * 0.6180339887 - static_cast<int>(i * 0.6180339887);
    const double b = i * 0.7548776662 - static_cast<int>(i * 0.7548776662);
    table += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(a * a + b) + "\n";
  }
  put(directory / "trials.csv", table);
  ordered_json space;
  for (const char* name : {"a", "b"}) {
    space["hyperparameters"].push_back({{"type", "uniform_float"}, {"name", name}, {"lower", 0}, {"upper", 1}});
  }
  put(directory / "space.json", space.dump());
}

std::vector<std::string> explain_command(const std::vector<std::string>& options) {
  std::vector<std::string> command{"explain",     "--trials", "trials.csv", "--space",   "space.json",
                                   "--objective", "y",        "--game",     "tunability"};
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

/// Takes far longer than any test waits.
std::vector<std::string> endless() {
  return explain_command({"--maximum", "sampled", "--samples", "20000", "--draws", "0", "--replicates", "100000",
                          "--save-game", "game.json"});
}

/// The program with stderr on a terminal of its own.
class ProgramOnTerminal {
 public:
  ProgramOnTerminal(const std::vector<std::string>& arguments, const std::filesystem::path& directory)
      : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    ::grantpt(master_);
    ::unlockpt(master_);
    const std::string name = ::ptsname(master_);
    const auto line = command_line(arguments);
    pid_ = ::fork();
    if (pid_ != 0) return;
    const int terminal = ::open(name.c_str(), O_RDWR | O_NOCTTY);
    ::setenv("TERM", "xterm", 1);
    if (::chdir(directory.c_str()) != 0 || ::dup2(terminal, STDERR_FILENO) < 0) ::_exit(126);
    if (::dup2(::open("out.txt", O_WRONLY | O_CREAT, 0666), STDOUT_FILENO) < 0) ::_exit(126);
    std::vector<char*> pointers;
    for (const std::string& word : line) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  ~ProgramOnTerminal() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      wait();
    }
    ::close(master_);
  }
  ProgramOnTerminal(const ProgramOnTerminal&) = delete;
  ProgramOnTerminal& operator=(const ProgramOnTerminal&) = delete;

  void send(int signal) const { ::kill(pid_, signal); }
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  /// What has come until `text` is among it, at most so long.
  std::string read_until(const std::string& text, double most_seconds) {
    const auto start = Clock::now();
    while (seconds_since(start) < most_seconds && seen_.find(text) == std::string::npos) {
      pollfd one{master_, POLLIN, 0};
      if (::poll(&one, 1, 50) <= 0) continue;
      char buffer[4096];
      const auto size = ::read(master_, buffer, sizeof buffer);
      if (size <= 0) break;
      seen_.append(buffer, static_cast<std::size_t>(size));
    }
    return seen_;
  }

 private:
  int master_;
  pid_t pid_ = -1;
  std::string seen_;
};

std::size_t files_in(const std::filesystem::path& directory) {
  const std::filesystem::directory_iterator files(directory);
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

}  // namespace

TEST_CASE("on a terminal long work says its phase, how much is done and how long it will take, and obeys Ctrl-C") {
  const TemporaryDirectory directory;
  put_trials(directory.path(), 20);
  const auto start = Clock::now();
  ProgramOnTerminal program(endless(), directory.path());
  const std::string seen = program.read_until(" left", 60);
  CAPTURE(seen);
  CHECK(seconds_since(start) > 1.9);  // short work says nothing
  CHECK(seen.find("intervals of sampling  0 %  ") != std::string::npos);
  CHECK(program.read_until("shorter: ", 60).find("intervals of sampling: about ") != std::string::npos);
  const auto asked = Clock::now();
  program.send(SIGINT);
  CHECK(program.wait() == 128 + SIGINT);
  CHECK(seconds_since(asked) < 1.5);  // half a second, on an idle machine
  const std::string after = program.read_until("stopped; nothing was written\r\n", 5);
  CHECK(after.rfind("\r\x1b[Khyperego: stopped; nothing was written\r\n") != std::string::npos);  // no line is left
  CHECK(text_of(directory / "out.txt").empty());
  CHECK(files_in(directory.path()) == 3);
}

TEST_CASE("short work says nothing on a terminal") {
  const TemporaryDirectory directory;
  put_trials(directory.path(), 10);
  ProgramOnTerminal program(explain_command({"--samples", "50", "--draws", "2", "--replicates", "0"}),
                            directory.path());
  CHECK(program.wait() == 0);
  CHECK(program.read_until("anything", 0.2).empty());
}

TEST_CASE("explain and report end soon after a signal, with its exit code and nothing left behind") {
  const TemporaryDirectory directory;
  put_trials(directory.path(), 20);
  const std::vector<std::string> report{"report",      "--trials",  "trials.csv", "--space", "space.json",
                                        "--objective", "y",         "--output",   "r.html",  "--replicates",
                                        "100000",      "--samples", "1000",       "--data",  "figures"};
  for (const std::vector<std::string>& command : {endless(), report}) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      CAPTURE(command.front());
      CAPTURE(signal);
      RunningProgram program(command, directory.path());
      std::this_thread::sleep_for(std::chrono::milliseconds(1500));
      REQUIRE_FALSE(program.has_ended());
      const auto asked = Clock::now();
      program.send(signal);
      CHECK(program.wait() == 128 + signal);
      CHECK(seconds_since(asked) < 1.5);
      CHECK(text_of(directory / "stderr.txt").find("hyperego: stopped; nothing was written\n") != std::string::npos);
      CHECK(files_in(directory.path()) == 3);  // with stderr.txt
    }
  }
}

TEST_CASE("a fit that takes minutes ends as soon") {
  const TemporaryDirectory directory;
  put_trials(directory.path(), 3000);
  RunningProgram program(explain_command({}), directory.path());
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  if (program.has_ended()) return;  // where so many are not modelled at once
  const auto asked = Clock::now();
  program.send(SIGINT);
  CHECK(program.wait() == 128 + SIGINT);
  CHECK(seconds_since(asked) < 1.5);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("memory that does not suffice is told with what takes it and the options that take less") {
  const TemporaryDirectory directory;
  put_trials(directory.path(), 20);
  rlimit before{};
  ::getrlimit(RLIMIT_AS, &before);
  rlimit small = before;
  small.rlim_cur = 400'000'000;
  ::setrlimit(RLIMIT_AS, &small);  // for the program, which inherits it
  const ProgramResult result = hyperego::test::hyperego(
      explain_command({"--maximum", "sampled", "--samples", "9000000", "--draws", "0", "--replicates", "0"}),
      directory.path());
  ::setrlimit(RLIMIT_AS, &before);
  CAPTURE(result.err);
  CHECK(result.code == 4);
  CHECK(result.complains_in_one_sentence());
  CHECK(result.err.find("out of memory in \"game\": 9000000 samples take at least ") != std::string::npos);
  CHECK(result.err.find("take fewer --samples") != std::string::npos);
}
#endif
