#include <hyperego/study/detail/process.hpp>
#include <hyperego/study/detail/slurm_jobs.hpp>
#include <hyperego/study/detail/trial_command.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <initializer_list>
#include <set>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hyperego::detail {
namespace {

namespace fs = std::filesystem;

/// Slurm's own programs wait up to a minute and more for a controller that is away.
constexpr double call_timeout_s = 100;

struct CallResult {
  bool started = true;
  bool had_room = true;  ///< for another process
  int code = -1;
  std::string output;
  std::string errors;
};

std::string text_at(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return {};
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::pread(descriptor, text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  text.resize(done);
  return text;
}

CallResult call(std::vector<std::string> arguments, const fs::path& directory, const StopSignal* stop, int output) {
  const OwnedDescriptor errors = output_file(std::nullopt);
  ProcessRequest request;
  request.arguments = std::move(arguments);
  for (char** variable = environ; *variable != nullptr; ++variable) {
    // What a user's shell filters or formats with these would be hidden from us.
    const std::string text = *variable;
    const auto begins_with = [&](const char* prefix) { return text.rfind(prefix, 0) == 0; };
    if (!begins_with("SQUEUE_") && !begins_with("SACCT_") && !begins_with("SCANCEL_")) {
      request.environment.push_back(text);
    }
  }
  request.directory = directory;
  request.output = output;
  request.errors = errors.get();
  request.timeout_s = call_timeout_s;
  request.stop = stop;
  const ProcessResult result = run_process(request);
  const bool started = result.end != ProcessResult::End::not_started && result.end != ProcessResult::End::no_resources;
  return {started, result.end != ProcessResult::End::no_resources,
          result.end == ProcessResult::End::exited ? result.code : -1, text_at(output),
          started ? trimmed(text_at(errors.get())) : result.message};
}

CallResult call(std::vector<std::string> arguments, const StopSignal* stop) {
  const OwnedDescriptor output = output_file(std::nullopt);
  return call(std::move(arguments), {}, stop, output.get());
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

std::optional<int> whole_number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Slurm's sentences as one.
std::string in_one_line(const std::string& errors) {
  std::string line;
  for (const std::string& sentence : slurm_sentences(errors)) line += (line.empty() ? "" : "; ") + sentence;
  return line;
}

bool says(const std::string& errors, std::initializer_list<const char*> known) {
  const auto sentences = slurm_sentences(errors);
  return std::any_of(sentences.begin(), sentences.end(), [&](const std::string& sentence) {
    return std::find(known.begin(), known.end(), sentence) != known.end();
  });
}

SlurmTaskState state_of(const std::string& state, const std::string& reason) {
  // "CANCELLED by 1000"
  const std::string word = state.substr(0, state.find(' '));
  return {slurm_fate(word), reason.empty() || reason == "None" ? word : word + " (" + reason + ")"};
}

}  // namespace

SlurmFate slurm_fate(const std::string& state) {
  if (state == "COMPLETED") return SlurmFate::completed;
  if (state == "TIMEOUT") return SlurmFate::timed_out;
  if (state == "FAILED" || state == "OUT_OF_MEMORY") return SlurmFate::failed;
  const std::set<std::string> not_its_doing{"PREEMPTED", "NODE_FAIL", "BOOT_FAIL", "CANCELLED", "DEADLINE", "REVOKED"};
  return not_its_doing.count(state) > 0 ? SlurmFate::lost : SlurmFate::active;
}

SlurmStates parse_squeue(const std::string& text) {
  SlurmStates states;
  for (const std::string& line : split(text, '\n')) {
    const auto fields = split(line, '|');
    if (fields.size() != 5) continue;
    const auto task = whole_number(fields[1]);
    if (task) states[{fields[4], *task}] = state_of(fields[2], fields[3]);
  }
  return states;
}

SlurmStates parse_sacct(const std::string& text) {
  SlurmStates states;
  for (const std::string& line : split(text, '\n')) {
    const auto fields = split(line, '|');
    if (fields.size() != 4) continue;
    const auto parts = split(fields[0], '_');
    const auto task = parts.size() == 2 ? whole_number(parts[1]) : std::nullopt;
    if (task) states[{fields[3], *task}] = state_of(fields[1], "exit " + fields[2]);
  }
  return states;
}

std::optional<std::pair<std::string, std::string>> parse_job(const std::string& text) {
  const std::string line = last_line(text);
  const std::size_t semicolon = line.find(';');
  const std::string job = trimmed(line.substr(0, semicolon));
  if (!whole_number(job)) return std::nullopt;
  return std::pair{job, semicolon == std::string::npos ? std::string() : trimmed(line.substr(semicolon + 1))};
}

Submission SlurmJobs::submit(const fs::path& script, const std::string& name, std::size_t count,
                             const std::vector<std::pair<std::string, std::string>>& options, const fs::path& directory,
                             const fs::path& answer) const {
  std::vector<std::string> arguments{"sbatch",
                                     "--parsable",
                                     "--array=0-" + std::to_string(count - 1),
                                     "--job-name=" + name,
                                     "--output=/dev/null",
                                     "--error=/dev/null"};
  const bool requeues = std::any_of(options.begin(), options.end(), [](const auto& option) {
    return option.first == "requeue" || option.first == "no-requeue";
  });
  // A trial whose node fails is tried again by us, who count how often.
  if (!requeues) arguments.emplace_back("--no-requeue");
  for (const auto& [option, value] : options) {
    const std::string dashed = (option.size() == 1 ? "-" : "--") + option;
    if (option.size() == 1) {
      arguments.push_back(dashed);
      if (!value.empty()) arguments.push_back(value);
    } else {
      arguments.push_back(value.empty() ? dashed : dashed + "=" + value);
    }
  }
  arguments.push_back(script.string());
  const OwnedDescriptor output(::open(answer.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (output.get() < 0) return {.refusal = SlurmRefusal::unanswered, .message = answer.string() + " cannot be written"};
  (void)::flock(output.get(), LOCK_EX | LOCK_NB);
  const CallResult result = call(std::move(arguments), directory, stop_, output.get());
  (void)::fsync(output.get());
  Submission submission;
  if (const auto job = parse_job(result.output)) {
    submission.job = job->first;
    submission.cluster = job->second;
    return submission;
  }
  submission.message = result.errors.empty() ? "sbatch named no job" : in_one_line(result.errors);
  submission.refusal = result.started    ? refusal_of(result.errors)
                       : result.had_room ? SlurmRefusal::final
                                         : SlurmRefusal::unanswered;
  return submission;
}

Submission SlurmJobs::recorded(const fs::path& answer) {
  const OwnedDescriptor file(::open(answer.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return {};
  // An sbatch of a process that was killed may still be talking to its controller.
  while (::flock(file.get(), LOCK_SH) != 0 && errno == EINTR) {
  }
  const auto job = parse_job(text_at(file.get()));
  return job ? Submission{.job = job->first, .cluster = job->second, .message = {}} : Submission{};
}

std::optional<std::size_t> SlurmJobs::most_tasks() const {
  const CallResult result = call({"scontrol", "show", "config"}, stop_);
  return result.code == 0 ? parse_most_tasks(result.output) : std::nullopt;
}

std::optional<Submission> SlurmJobs::find(const std::string& name) const {
  const CallResult result = call({"squeue", "--noheader", "--states=all", "--name=" + name, "--format=%F"}, stop_);
  if (result.code != 0) return std::nullopt;
  const auto job = parse_job(result.output);
  return job ? Submission{.job = job->first, .cluster = job->second, .message = {}} : Submission{};
}

std::optional<SlurmStates> SlurmJobs::states(const std::vector<std::string>& jobs, const std::string& cluster) {
  std::string list;
  for (const std::string& job : jobs) list += (list.empty() ? "" : ",") + job;
  std::vector<std::string> arguments{"squeue",       "--noheader",     "--array",
                                     "--states=all", "--jobs=" + list, "--format=%F|%K|%T|%r|%j"};
  if (!cluster.empty()) arguments.push_back("--clusters=" + cluster);
  const CallResult queue = call(std::move(arguments), stop_);
  // With a single job that is gone squeue fails; that is an answer too.
  const bool knows_none = says(queue.errors, {"Invalid job id specified", "Invalid job id"});
  if (queue.code != 0 && !knows_none) return std::nullopt;
  SlurmStates states = parse_squeue(queue.output);
  std::set<std::string> names;
  for (const auto& [task, state] : states) names.insert(task.first);
  if (names.size() >= jobs.size() || !has_accounting_) return states;
  std::vector<std::string> accounting{"sacct",         "--noheader",     "--parsable2",
                                      "--allocations", "--jobs=" + list, "--format=JobID,State,ExitCode,JobName"};
  if (!cluster.empty()) accounting.push_back("--clusters=" + cluster);
  const CallResult past = call(std::move(accounting), stop_);
  if (past.code != 0) {
    has_accounting_ = past.started && !says(past.errors, {"Slurm accounting storage is disabled"});
    return states;
  }
  for (auto& [task, state] : parse_sacct(past.output)) states.emplace(task, std::move(state));
  return states;
}

bool SlurmJobs::cancel(const std::string& name) {
  return call({"scancel", "--quiet", "--name=" + name}, nullptr).code == 0;
}

}  // namespace hyperego::detail
