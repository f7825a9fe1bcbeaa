// Runs the built program as a user would.
#pragma once

#include <hyperego/study/detail/process.hpp>

#include <nlohmann/json.hpp>

#include "shared_data.hpp"
#include "temporary_directory.hpp"
#include "written_files.hpp"
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace hyperego::test {

struct ProgramResult {
  int code = -1;
  std::string out;
  std::string err;

  /// What it printed on stdout, as JSON.
  [[nodiscard]] nlohmann::ordered_json json() const { return nlohmann::ordered_json::parse(out); }
  /// Exactly one line of complaint.
  [[nodiscard]] bool complains_in_one_sentence() const {
    return complains_in_sentences() && err.find('\n') == err.size() - 1;
  }
  /// One to a line.
  [[nodiscard]] bool complains_in_sentences() const {
    for (std::size_t at = 0; at < err.size(); at = err.find('\n', at) + 1) {
      if (err.compare(at, 10, "hyperego: ") != 0 || err.find('\n', at) == std::string::npos) return false;
    }
    return err.size() > 20;
  }
};

inline std::string content_of(int descriptor) {
  struct stat status {};
  ::fstat(descriptor, &status);
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  if (::pread(descriptor, text.data(), text.size(), 0) < 0) return {};
  return text;
}

inline std::vector<std::string> environment_with(const std::map<std::string, std::string>& changes) {
  std::map<std::string, std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    variables[text.substr(0, text.find('='))] = text.substr(std::min(text.find('=') + 1, text.size()));
  }
  variables.erase("HYPEREGO_YAHPO_DATA");
  for (const auto& [name, value] : changes) variables[name] = value;
  std::vector<std::string> result;
  for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
  return result;
}

inline std::vector<std::string> command_line(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), HYPEREGO_PROGRAM);
  return arguments;
}

inline ProgramResult hyperego(std::vector<std::string> arguments, const std::filesystem::path& directory = "/",
                              const std::map<std::string, std::string>& environment = {}) {
  const auto out = detail::output_file(std::nullopt);
  const auto err = detail::output_file(std::nullopt);
  detail::ProcessRequest request;
  request.arguments = command_line(std::move(arguments));
  request.environment = environment_with(environment);
  request.directory = directory;
  request.output = out.get();
  request.errors = err.get();
  request.timeout_s = 300;
  const auto result = detail::run_process(request);
  const int code = result.end == detail::ProcessResult::End::exited ? result.code : -1;
  return {code, content_of(out.get()), content_of(err.get())};
}

/// The program in the background, for signals.
class RunningProgram {
 public:
  RunningProgram(std::vector<std::string> arguments, const std::filesystem::path& directory,
                 const std::map<std::string, std::string>& environment = {}) {
    const auto line = command_line(std::move(arguments));
    pid_ = ::fork();
    if (pid_ != 0) return;
    if (::chdir(directory.c_str()) != 0) ::_exit(126);
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    if (::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO) < 0) ::_exit(126);
    if (::dup2(::open("stderr.txt", O_WRONLY | O_CREAT | O_TRUNC, 0666), STDERR_FILENO) < 0) ::_exit(126);
    std::vector<char*> pointers;
    for (const std::string& word : line) pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    ::execv(pointers[0], pointers.data());
    ::_exit(127);
  }
  ~RunningProgram() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      wait();
    }
  }
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  void send(int signal) const { ::kill(pid_, signal); }
  [[nodiscard]] bool has_ended() {
    if (pid_ > 0 && ::waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = -1;
    return pid_ < 0;
  }
  /// The exit code, or −1 after a signal.
  int wait() {
    if (pid_ > 0) ::waitpid(pid_, &status_, 0);
    pid_ = -1;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  }

 private:
  pid_t pid_ = -1;
  int status_ = 0;
};

}  // namespace hyperego::test
