#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/detail/slurm_jobs.hpp>
#include <hyperego/study/detail/slurm_script.hpp>
#include <hyperego/study/detail/trial_command.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/outcome_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace hyperego {
namespace {

namespace fs = std::filesystem;
using detail::SlurmFate;
using detail::SlurmRefusal;
using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Of one array; sites may allow fewer (MaxArraySize is 1001 unless they say otherwise).
constexpr std::size_t most_tasks = 256;
/// So often in a row a single task is offered that is refused with words that may mean anything.
constexpr int most_offers = 10;
/// Trials that come within this time of each other share an array.
constexpr double gathering_s = 0.05;
/// A result may show up on this machine after Slurm says that its task has ended (network file systems).
constexpr double patience_after_completion_s = 30;
constexpr double patience_after_failure_s = 2;
/// Answers in a row that do not mention a job before it is taken for gone.
constexpr int most_missing = 3;
/// Holds the reason while there is one.
constexpr auto waiting_file = "waiting";

Clock::duration duration(double seconds) { return std::chrono::duration_cast<Clock::duration>(Seconds(seconds)); }

/// A wait that grows while nothing happens.
class BackOff {
 public:
  BackOff(double least_s, double most_s) : least_(least_s), most_(most_s), current_(least_s) {}

  [[nodiscard]] bool is_due() const { return Clock::now() >= next_; }
  void wait_longer() {
    next_ = Clock::now() + duration(current_);
    current_ = std::min(current_ * 1.5, most_);
  }
  void something_happened() {
    current_ = least_;
    next_ = std::min(next_, Clock::now() + duration(least_));
  }

 private:
  double least_;
  double most_;
  double current_;
  Clock::time_point next_{};
};

/// One call of evaluate(), waiting for its outcome.
struct Ticket {
  std::uint64_t trial = 0;
  Configuration configuration;
  std::uint64_t seed = 0;
  std::optional<Outcome> outcome = {};
  std::optional<std::string> refusal = {};  ///< why Slurm will never take it, instead of an outcome
};

/// A job array: a folder, and what Slurm calls it.
struct Batch {
  fs::path folder;
  std::string name;
  std::size_t count = 0;
  std::string job = {};  ///< empty while it is not known
  std::string cluster = {};
  bool is_unsure = false;  ///< sbatch was called and named no job: Slurm may have one of this name all the same
  BackOff submission{2, 60};
};

/// One task of an array whose end a ticket waits for.
struct Task {
  std::shared_ptr<Ticket> ticket;
  std::shared_ptr<Batch> batch;
  int index = 0;
  std::optional<detail::TaskResult> result = {};  ///< of a program that was killed: Slurm knows why
  std::optional<detail::SlurmTaskState> state = {};
  std::optional<Clock::time_point> ended = {};  ///< when Slurm was first heard to say so
  int missing = 0;
};

/// Every trial is a task of a job array. One thread submits what the workers ask for and follows all of it together.
///
/// Sites limit the length of arrays and the number of jobs in the queue, and do not say how much is left. Trials wait
/// in a line; arrays are cut from its front, half as long after a refusal, twice as long after one that was taken. A
/// refusal is never a failed trial: it is waited out, or, where it is for good, ends the study.
///
/// On disk, for every array: a folder with the scripts, manifest.json (written last, before sbatch is called), the
/// answer of sbatch, and one file per result. A process that takes over finds the array by its answer or, where sbatch
/// was cut off, by the name that no other array has.
class SlurmEvaluator final : public Evaluator {
 public:
  SlurmEvaluator(SlurmEvaluation evaluation, const StudySpecification& study, EvaluatorContext context)
      : evaluation_(std::move(evaluation)), study_(study), context_(std::move(context)), slurm_(context_.stop.get()) {}

  ~SlurmEvaluator() override {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  Outcome evaluate(std::uint64_t trial, const Configuration& configuration, std::uint64_t trial_seed) override {
    const auto ticket = std::make_shared<Ticket>(Ticket{trial, configuration, trial_seed});
    std::unique_lock lock(mutex_);
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    queue_.push_back(ticket);
    changed_.notify_all();
    finished_.wait(lock, [&] { return ticket->outcome.has_value() || ticket->refusal.has_value(); });
    if (ticket->refusal) throw EvaluationRefused("", *ticket->refusal);
    return *ticket->outcome;
  }

 private:
  void work() {
    bool cancelled = false;
    for (;;) {
      std::vector<std::shared_ptr<Ticket>> fresh;
      {
        std::unique_lock lock(mutex_);
        const bool idle = tasks_.empty() && waiting_.empty();
        const auto wakes = [&] { return closing_ || !queue_.empty(); };
        if (idle) {
          changed_.wait(lock, wakes);
        } else {
          changed_.wait_for(lock, duration(0.1), wakes);
        }
        if (closing_ && queue_.empty() && tasks_.empty() && waiting_.empty()) return;
        if (!queue_.empty() && !is_stopped()) {
          lock.unlock();
          std::this_thread::sleep_for(Seconds(gathering_s));
          lock.lock();
        }
        fresh = std::exchange(queue_, {});
      }
      try {
        take(fresh);
        if (is_stopped()) {
          if (!std::exchange(cancelled, true)) cancel();
          finish_all({.status = TrialStatus::lost, .message = "it was left to Slurm when the study stopped"});
          continue;
        }
        look_for_results();
        submit();
        ask_slurm();
        settle();
        publish();
      } catch (const std::exception& error) {
        // A folder that cannot be written, say: nothing that is the trials' doing. What Slurm has, a resumed run finds.
        for (const Task& task : tasks_) fresh.push_back(task.ticket);
        tasks_.clear();
        waiting_.insert(waiting_.end(), fresh.begin(), fresh.end());
        refuse(std::string(error.what()) + "; mend that, and go on with --resume");
      }
    }
  }

  [[nodiscard]] bool is_stopped() const { return context_.stop != nullptr && *context_.stop; }

  void finish(Ticket& ticket, Outcome outcome) {
    {
      const std::lock_guard lock(mutex_);
      if (!ticket.outcome) ticket.outcome = std::move(outcome);
    }
    finished_.notify_all();
  }

  void finish_all(const Outcome& outcome) {
    for (const Task& task : tasks_) finish(*task.ticket, outcome);
    for (const auto& ticket : waiting_) finish(*ticket, outcome);
    tasks_.clear();
    waiting_.clear();
    standing_in_the_way_.clear();
    publish();
  }

  // ---- from trials to arrays

  void take(std::vector<std::shared_ptr<Ticket>>& fresh) {
    if (fresh.empty()) return;
    if (!recovered_) recover();
    if (is_stopped()) {
      for (const auto& ticket : fresh) tasks_.push_back({.ticket = ticket, .batch = std::make_shared<Batch>()});
      return;
    }
    for (const auto& ticket : fresh) {
      const auto found = earlier_.find({ticket->trial, study_.space->to_json(ticket->configuration).dump()});
      if (found == earlier_.end()) {
        waiting_.push_back(ticket);
        continue;
      }
      tasks_.push_back({.ticket = ticket, .batch = found->second.first, .index = found->second.second});
      earlier_.erase(found);  // should the task be lost, the next attempt is a new one
    }
    results_.something_happened();
    queries_.something_happened();
  }

  std::shared_ptr<Batch> write_batch(const std::vector<std::shared_ptr<Ticket>>& tickets) {
    const std::string number = std::to_string(next_batch_++);
    auto batch = std::make_shared<Batch>(
        Batch{.folder = folder() / number, .name = name_prefix() + number, .count = tickets.size()});
    fs::create_directories(batch->folder);
    ordered_json trials = ordered_json::array();
    int index = 0;
    for (const auto& ticket : tickets) {
      const detail::TrialCommand command(evaluation_.command, study_, ticket->trial, ticket->configuration,
                                         ticket->seed);
      const std::string stem = std::to_string(index);
      const fs::path log =
          context_.logs ? fs::absolute(*context_.logs) / std::to_string(ticket->trial) : batch->folder / stem;
      const detail::TaskFiles files{.input = batch->folder / (stem + ".input"),
                                    .output = log.string() + ".out",
                                    .errors = log.string() + ".err",
                                    .result = batch->folder / (stem + ".result")};
      write_file_atomically(files.input, command.input());
      write_file_atomically(batch->folder / (stem + ".sh"), detail::task_script(evaluation_.command, command, files));
      trials.push_back({{"trial", ticket->trial}, {"configuration", study_.space->to_json(ticket->configuration)}});
      tasks_.push_back({.ticket = ticket, .batch = batch, .index = index++});
    }
    write_file_atomically(script_of(*batch), "#!/bin/sh\nexec /bin/sh " + detail::shell_quoted(batch->folder.string()) +
                                                 "/\"$SLURM_ARRAY_TASK_ID\".sh\n");
    write_file_atomically(batch->folder / "manifest.json",
                          ordered_json{{"name", batch->name}, {"trials", trials}}.dump() + "\n");
    return batch;
  }

  void submit() {
    if (refusal_) refuse(*refusal_);
    std::set<std::shared_ptr<Batch>> unanswered;
    for (const Task& task : tasks_) {
      if (task.batch->job.empty()) unanswered.insert(task.batch);
    }
    for (const auto& batch : unanswered) {
      if (batch->submission.is_due()) offer(batch);
    }
    while (unanswered.empty() && !waiting_.empty() && admission_.is_due() && !is_stopped()) {
      ask_for_most_tasks();
      const std::size_t count = std::min(waiting_.size(), length_);
      const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
      const auto batch = write_batch({waiting_.begin(), end});
      waiting_.erase(waiting_.begin(), end);
      offer(batch);
      if (batch->job.empty() && batch->is_unsure) return;  // nobody answered
    }
  }

  /// A study of one worker needs no answer.
  void ask_for_most_tasks() {
    if (waiting_.size() <= 1 || std::exchange(has_asked_for_most_, true)) return;
    max_array_size_ = slurm_.most_tasks();
    if (max_array_size_) most_ = std::clamp(*max_array_size_, std::size_t{1}, most_tasks);
    length_ = std::min(length_, most_);
  }

  /// Calls sbatch for an array that, as far as is known, Slurm does not have.
  void offer(const std::shared_ptr<Batch>& batch) {
    batch->submission.wait_longer();
    if (batch->is_unsure) {
      const auto found = slurm_.find(batch->name);
      if (!found) return stands_in_the_way("squeue does not answer; the trials wait for it");
      if (!found->job.empty()) return accept(*batch, *found);
    }
    const detail::Submission submission =
        slurm_.submit(script_of(*batch), batch->name, batch->count, evaluation_.options, evaluation_.command.directory,
                      answer_of(*batch));
    batch->is_unsure = true;
    if (submission.refusal == SlurmRefusal::none) return accept(*batch, submission);
    if (is_stopped()) return;
    if (submission.refusal == SlurmRefusal::unanswered) {
      stands_in_the_way("Slurm does not answer (" + submission.message + "); the trials wait for it");
    } else {
      take_back(batch, submission);
    }
  }

  void accept(Batch& batch, const detail::Submission& submission) {
    batch.job = submission.job;
    batch.cluster = submission.cluster;
    length_ = std::min(most_, std::max(length_, 2 * batch.count));
    offers_ = 0;
    standing_in_the_way_.clear();
    queries_.something_happened();
  }

  /// After a refusal that leaves no job behind.
  void take_back(const std::shared_ptr<Batch>& batch, const detail::Submission& submission) {
    const bool is_single = batch->count == 1;
    const std::string& words = submission.message;
    if (submission.refusal == SlurmRefusal::final ||
        (submission.refusal == SlurmRefusal::array_too_long && is_single)) {
      withdraw(batch);
      return refuse(
          "Slurm refuses the job: " + words +
          "; correct the options under \"slurm\" in the study's evaluator, which may change" +
          (submission.refusal == SlurmRefusal::final ? "" : ", or have the site allow arrays (MaxArraySize)") +
          ", and go on with --resume");
    }
    if (submission.refusal == SlurmRefusal::unknown) {
      const auto found = slurm_.find(batch->name);  // who knows what these words mean
      if (!found) return;
      if (!found->job.empty()) return accept(*batch, *found);
    }
    withdraw(batch);
    length_ = std::max<std::size_t>(1, batch->count / 2);
    if (submission.refusal == SlurmRefusal::array_too_long) {
      most_ = length_;
      if (std::exchange(has_shortened_, true)) return;
      return stands_in_the_way(
          "Slurm refuses an array of " + std::to_string(batch->count) + " tasks (" + words +
          (max_array_size_ ? "; MaxArraySize is " + std::to_string(*max_array_size_) : "; see MaxArraySize") +
          "), so that shorter ones are tried; fewer \"workers\" would need none");
    }
    if (!is_single) return;
    admission_.wait_longer();
    if (submission.refusal == SlurmRefusal::queue_full) {
      return stands_in_the_way("Slurm takes no more jobs at the moment (" + words +
                               "); trials wait until it does; fewer \"workers\" would keep within the limit");
    }
    // Where jobs of ours are in the queue the words may well be about their number.
    offers_ = tasks_.empty() ? offers_ + 1 : 0;
    if (offers_ >= most_offers) {
      return refuse("Slurm refuses even a single job: " + words +
                    "; correct the options under \"slurm\" in the study's evaluator, which may change, or wait until "
                    "the site takes it, and go on with --resume");
    }
    stands_in_the_way("Slurm does not take the job (" + words + "); it is offered again from time to time");
  }

  /// Back to the front of the line, as if the array had never been.
  void withdraw(const std::shared_ptr<Batch>& batch) {
    auto place = waiting_.begin();
    for (auto task = tasks_.begin(); task != tasks_.end();) {
      const auto current = task++;
      if (current->batch != batch) continue;
      place = std::next(waiting_.insert(place, current->ticket));
      tasks_.erase(current);
    }
    bool has_results = false;
    for (auto entry = earlier_.begin(); entry != earlier_.end();) {
      const auto current = entry++;
      if (current->second.first != batch) continue;
      if (fs::exists(batch->folder / (std::to_string(current->second.second) + ".result"))) {
        has_results = true;
      } else {
        earlier_.erase(current);
      }
    }
    if (has_results) return;
    fs::remove(batch->folder / "manifest.json");
    std::error_code ignored;
    fs::remove_all(batch->folder, ignored);
  }

  /// Whatever Slurm does not have ends without an outcome; what it has goes on.
  void refuse(const std::string& message) {
    refusal_ = message;
    for (auto task = tasks_.begin(); task != tasks_.end();) {
      const auto current = task++;
      if (!current->batch->job.empty()) continue;
      waiting_.push_back(current->ticket);
      tasks_.erase(current);
    }
    {
      const std::lock_guard lock(mutex_);
      for (const auto& ticket : waiting_) ticket->refusal = message;
    }
    finished_.notify_all();
    waiting_.clear();
    standing_in_the_way_.clear();
    if (!tasks_.empty() && context_.note && said_.insert(message).second) {
      context_.note(message + "; until then the jobs that Slurm has are waited for");
    }
  }

  // ---- what an onlooker is told

  void stands_in_the_way(const std::string& sentence) {
    standing_in_the_way_ = sentence;
    if (said_.insert(sentence).second && context_.note) context_.note(sentence);
  }

  /// Where every job waits, that is the reason; else what keeps trials from being submitted.
  [[nodiscard]] std::string reason_to_wait() const {
    if (!standing_in_the_way_.empty() || tasks_.empty()) return standing_in_the_way_;
    std::set<std::string> states;
    for (const Task& task : tasks_) {
      if (!task.state || task.result) return {};
      states.insert(task.state->state);
    }
    const bool all_wait = std::all_of(states.begin(), states.end(),
                                      [](const std::string& state) { return state.rfind("PENDING", 0) == 0; });
    if (!all_wait) return {};
    std::string list;
    for (const std::string& state : states) list += (list.empty() ? "" : ", ") + state;
    return "all jobs wait in Slurm's queue: " + list;
  }

  /// A courtesy: where it cannot be written, the study goes on.
  void publish() {
    const std::string reason = reason_to_wait();
    if (reason == published_) return;
    published_ = reason;
    try {
      if (reason.empty()) {
        fs::remove(folder() / waiting_file);
      } else {
        write_file_atomically(folder() / waiting_file, reason + "\n");
      }
    } catch (const std::exception&) {
    }
  }

  // ---- from tasks to outcomes

  void look_for_results() {
    if (!results_.is_due() || tasks_.empty()) return;
    results_.wait_longer();
    std::map<fs::path, std::vector<std::string>> listed;  // one look at each folder, however many tasks are in it
    for (auto task = tasks_.begin(); task != tasks_.end();) {
      const auto current = task++;
      if (current->result) continue;
      auto& names = listed[current->batch->folder];
      if (names.empty()) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(current->batch->folder, error)) {
          names.push_back(entry.path().filename().string());
        }
      }
      const std::string name = std::to_string(current->index) + ".result";
      if (std::find(names.begin(), names.end(), name) == names.end()) continue;
      auto result = detail::parse_task_result(read_text_file(current->batch->folder / name));
      if (!result) result = detail::TaskResult{.status = 1, .output = {}};
      results_.something_happened();
      // A killed program may be Slurm's doing, and the script merely the last to know.
      const bool may_be_slurm = result->status > 128;
      current->result = std::move(*result);
      if (may_be_slurm && !(current->state && current->state->fate != SlurmFate::active)) {
        queries_.something_happened();
        continue;
      }
      finish(*current->ticket, outcome_of(*current));
      tasks_.erase(current);
      admission_.something_happened();  // there may be room in the queue
    }
  }

  void ask_slurm() {
    if (!queries_.is_due()) return;
    std::map<std::string, std::vector<std::string>> jobs;  // by cluster
    for (const Task& task : tasks_) {
      if (task.batch->job.empty()) continue;
      auto& list = jobs[task.batch->cluster];
      if (std::find(list.begin(), list.end(), task.batch->job) == list.end()) list.push_back(task.batch->job);
    }
    if (jobs.empty()) return;
    queries_.wait_longer();
    for (const auto& [cluster, list] : jobs) {
      const auto states = slurm_.states(list, cluster);
      if (!states) continue;
      for (Task& task : tasks_) {
        if (task.batch->job.empty() || task.batch->cluster != cluster) continue;
        const auto found = states->find({task.batch->name, task.index});
        if (found == states->end()) {
          ++task.missing;
          continue;
        }
        task.missing = 0;
        if (!task.state || task.state->state != found->second.state) queries_.something_happened();
        task.state = found->second;
      }
    }
  }

  /// Tasks that Slurm says have ended, or knows no more, and that left no result.
  void settle() {
    for (auto task = tasks_.begin(); task != tasks_.end();) {
      const auto current = task++;
      const bool is_gone = current->missing >= most_missing;
      const bool has_ended = current->state && current->state->fate != SlurmFate::active;
      if (!is_gone && !has_ended) {
        current->ended.reset();
        continue;
      }
      if (!current->ended) current->ended = Clock::now();
      const bool completed = has_ended && current->state->fate == SlurmFate::completed;
      const double patience = current->result ? 0 : completed ? patience_after_completion_s : patience_after_failure_s;
      results_.something_happened();
      if (Clock::now() - *current->ended < duration(patience)) continue;
      finish(*current->ticket, outcome_of(*current));
      tasks_.erase(current);
      admission_.something_happened();
    }
  }

  [[nodiscard]] Outcome outcome_of(const Task& task) const {
    const std::string errors = errors_of(task);
    const std::string job = task.batch->job + "_" + std::to_string(task.index);
    const auto ended_by_slurm = [&]() -> std::optional<Outcome> {
      if (!task.state) return std::nullopt;
      const std::string message = detail::with_errors("Slurm ended job " + job + ": " + task.state->state, errors);
      if (task.state->fate == SlurmFate::timed_out)
        return Outcome{.status = TrialStatus::timed_out, .message = message};
      if (task.state->fate == SlurmFate::lost) return Outcome{.status = TrialStatus::lost, .message = message};
      if (task.result || task.state->fate != SlurmFate::failed) return std::nullopt;
      return Outcome{.status = TrialStatus::failed, .message = message};
    };
    if (const auto outcome = ended_by_slurm(); outcome && (!task.result || task.result->status > 128)) return *outcome;
    if (!task.result) {
      return {.status = TrialStatus::lost,
              .message = task.state ? "job " + job + " has completed but its result has not appeared"
                                    : "Slurm no longer knows job " + job + ", and it has left no result"};
    }
    Outcome outcome = outcome_of(*task.result, errors);
    outcome.seconds = task.result->seconds;
    return outcome;
  }

  [[nodiscard]] Outcome outcome_of(const detail::TaskResult& result, const std::string& errors) const {
    const auto failed = [&](const std::string& message) {
      return Outcome{.status = TrialStatus::failed, .message = detail::with_errors(message, errors)};
    };
    const auto& timeout = evaluation_.command.timeout_s;
    // timeout(1) says 124, or that it had to kill.
    if (timeout && (result.status == 124 || (result.status == 137 && result.seconds >= *timeout))) {
      return {.status = TrialStatus::timed_out,
              .message = detail::with_errors("it took longer than timeout_s allows and was stopped", errors)};
    }
    if (result.status > 128) return failed(detail::signal_message(result.status - 128));
    if (result.status != 0) return failed(detail::exit_message(result.status));
    Outcome outcome = result.is_file ? outcome_from_result_file(result.output, study_)
                                     : outcome_from_output(detail::last_line(result.output), study_);
    if (outcome.status == TrialStatus::failed) outcome.message = detail::with_errors(outcome.message, errors);
    return outcome;
  }

  [[nodiscard]] std::string errors_of(const Task& task) const {
    const fs::path file = context_.logs ? *context_.logs / (std::to_string(task.ticket->trial) + ".err")
                                        : task.batch->folder / (std::to_string(task.index) + ".err");
    try {
      return read_text_file(file);
    } catch (const InvalidInput&) {
      return {};
    }
  }

  // ---- across processes

  /// Finds what an earlier process has submitted. The latest task of a trial counts.
  void recover() {
    recovered_ = true;
    fs::create_directories(folder());
    fs::remove(folder() / waiting_file);
    std::map<std::uint64_t, fs::path> folders;
    for (const auto& entry : fs::directory_iterator(folder())) {
      const std::string name = entry.path().filename().string();
      if (name.empty() || name.size() > 15 || name.find_first_not_of("0123456789") != std::string::npos) continue;
      folders[std::stoull(name)] = entry.path();
    }
    for (const auto& [number, path] : folders) {
      next_batch_ = number + 1;
      if (!fs::exists(path / "manifest.json")) continue;  // sbatch was never called
      const ordered_json manifest = read_json_file(path / "manifest.json");
      const auto batch = std::make_shared<Batch>();
      batch->folder = path;
      batch->name = manifest.at("name").get<std::string>();
      batch->count = manifest.at("trials").size();
      batch->is_unsure = true;
      const detail::Submission recorded = detail::SlurmJobs::recorded(answer_of(*batch));
      batch->job = recorded.job;
      batch->cluster = recorded.cluster;
      const bool was_cancelled = fs::exists(path / "cancelled");
      int index = 0;
      for (const ordered_json& trial : manifest.at("trials")) {
        const bool has_result = fs::exists(path / (std::to_string(index) + ".result"));
        const std::pair key{trial.at("trial").get<std::uint64_t>(), trial.at("configuration").dump()};
        if (!was_cancelled || has_result) {
          earlier_[key] = {batch, index};
        } else {
          earlier_.erase(key);
        }
        ++index;
      }
    }
  }

  void cancel() {
    if (!evaluation_.cancel_on_interrupt || context_.stop->reason() <= 0) return;
    std::vector<std::shared_ptr<Batch>> batches;
    for (const Task& task : tasks_) {
      const bool is_listed = std::find(batches.begin(), batches.end(), task.batch) != batches.end();
      if (!is_listed && !task.batch->name.empty()) batches.push_back(task.batch);
    }
    for (const auto& batch : batches) {
      if (detail::SlurmJobs::cancel(batch->name)) write_file_atomically(batch->folder / "cancelled", "");
    }
  }

  [[nodiscard]] fs::path folder() const { return fs::absolute(*context_.jobs); }
  [[nodiscard]] std::string name_prefix() const {
    return "hyperego-" + digest(identity(study_) + fs::weakly_canonical(folder()).string()) + "-";
  }
  [[nodiscard]] static fs::path script_of(const Batch& batch) { return batch.folder / "array.sh"; }
  [[nodiscard]] static fs::path answer_of(const Batch& batch) { return batch.folder / "job"; }

  SlurmEvaluation evaluation_;
  StudySpecification study_;
  EvaluatorContext context_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable finished_;
  std::vector<std::shared_ptr<Ticket>> queue_;
  bool closing_ = false;
  std::thread thread_;

  // Of the thread alone.
  detail::SlurmJobs slurm_;
  std::list<Task> tasks_;
  std::deque<std::shared_ptr<Ticket>> waiting_;  // trials that no array has yet
  std::size_t most_ = most_tasks;                // that an array may have here
  std::size_t length_ = most_tasks;              // of the next array
  std::optional<std::size_t> max_array_size_;
  bool has_asked_for_most_ = false;
  bool has_shortened_ = false;  // arrays, after a refusal
  BackOff admission_{2, 60};
  int offers_ = 0;                      // in a row, of single tasks, refused with words that may mean anything
  std::optional<std::string> refusal_;  // for good
  std::string standing_in_the_way_;
  std::string published_;
  std::set<std::string> said_;
  std::map<std::pair<std::uint64_t, std::string>, std::pair<std::shared_ptr<Batch>, int>> earlier_;
  std::uint64_t next_batch_ = 0;
  bool recovered_ = false;
  BackOff results_{0.2, 5};
  BackOff queries_{1.5, 60};
};

}  // namespace

std::string reason_for_waiting(const fs::path& jobs) {
  std::error_code ignored;
  if (!fs::exists(jobs / waiting_file, ignored)) return {};
  try {
    return detail::trimmed(read_text_file(jobs / waiting_file));
  } catch (const InvalidInput&) {
    return {};  // gone in the meantime
  }
}

std::unique_ptr<Evaluator> slurm_evaluator(const SlurmEvaluation& evaluation, const StudySpecification& study,
                                           const EvaluatorContext& context, const std::string& where) {
  for (const char* program : {"sbatch", "squeue", "scancel"}) {
    if (!detail::can_be_found(program, {})) {
      throw InvalidInput(where + "/slurm",
                         std::string("\"") + program + "\" is not found; install Slurm's client programs");
    }
  }
  detail::check_placeholders(evaluation.command, *study.space, where);
  return std::make_unique<SlurmEvaluator>(evaluation, study, context);
}

}  // namespace hyperego
