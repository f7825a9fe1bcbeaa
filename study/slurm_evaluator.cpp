#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/study/detail/slurm_admission.hpp>
#include <hyperego/study/detail/slurm_folder.hpp>
#include <hyperego/study/detail/slurm_jobs.hpp>
#include <hyperego/study/detail/slurm_messages.hpp>
#include <hyperego/study/detail/slurm_outcome.hpp>
#include <hyperego/study/detail/slurm_polling.hpp>
#include <hyperego/study/detail/slurm_task.hpp>
#include <hyperego/study/detail/slurm_waiting.hpp>
#include <hyperego/study/detail/trial_command.hpp>
#include <hyperego/study/evaluators.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace hyperego {
namespace {

using detail::BackOff;
using detail::SlurmArray;
using detail::SlurmRefusal;
using detail::SlurmTask;
using detail::SlurmTicket;
using detail::Submission;
using Tickets = std::vector<std::shared_ptr<SlurmTicket>>;

/// Trials that come within this time of each other share an array.
constexpr double gathering_s = 0.05;

/// Every trial is a task of a job array. One thread submits what the workers ask for and follows all of it together.
///
/// Trials wait in a line; arrays are cut from its front, as long as SlurmAdmission allows. A refusal is never a failed
/// trial: it is waited out, or, where it is for good, ends the study.
class SlurmEvaluator final : public Evaluator {
 public:
  SlurmEvaluator(SlurmEvaluation evaluation, const StudySpecification& study, EvaluatorContext context)
      : evaluation_(std::move(evaluation)),
        study_(study),
        context_(std::move(context)),
        slurm_(context_.stop.get()),
        folder_(study_, evaluation_.command, context_.jobs.value_or("slurm"), context_.logs,
                context_.checkpoints),  // none: only checked
        onlooker_(folder_.path(), context_.note) {}

  ~SlurmEvaluator() override {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  Outcome evaluate(std::uint64_t trial, const Configuration& configuration, std::uint64_t trial_seed) override {
    EvaluationChannel nobody;
    return run({trial, configuration, trial_seed}, nobody);
  }

  Outcome run(const PendingTrial& trial, EvaluationChannel& /*channel*/) override {
    const auto ticket = std::make_shared<SlurmTicket>(SlurmTicket{trial.trial, trial.configuration, trial.seed});
    ticket->fidelity = trial.fidelity;
    ticket->continues = trial.continues;
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
    while (auto fresh = next_tickets()) {
      try {
        take(*fresh);
        if (is_stopped()) {
          if (!std::exchange(cancelled_, true)) cancel();
          finish_all({.status = TrialStatus::lost, .message = "it was left to Slurm when the study stopped"});
          continue;
        }
        for (const SlurmTask& task : polling_.with_results()) end(task);
        submit();
        polling_.ask(slurm_);
        for (const SlurmTask& task : polling_.without_results()) end(task);
        onlooker_.publish(polling_.tasks());
      } catch (const std::exception& error) {
        // A folder that cannot be written, say: nothing that is the trials' doing. What Slurm has, a resumed run finds.
        for (const SlurmTask& task : polling_.removed_all()) waiting_.push_back(task.ticket);
        waiting_.insert(waiting_.end(), fresh->begin(), fresh->end());
        refuse(std::string(error.what()) + "; mend that, and go on with --resume");
      }
    }
  }

  /// Those that have come in a short while; nothing once the evaluator closes and none is left.
  std::optional<Tickets> next_tickets() {
    std::unique_lock lock(mutex_);
    const auto is_idle = [&] { return polling_.tasks().empty() && waiting_.empty(); };
    const auto wakes = [&] { return closing_ || !queue_.empty(); };
    if (is_idle()) {
      changed_.wait(lock, wakes);
    } else {
      changed_.wait_for(lock, BackOff::duration(0.1), wakes);
    }
    if (closing_ && queue_.empty() && is_idle()) return std::nullopt;
    if (!queue_.empty() && !is_stopped()) {
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::duration<double>(gathering_s));
      lock.lock();
    }
    return std::exchange(queue_, {});
  }

  [[nodiscard]] bool is_stopped() const { return context_.stop != nullptr && *context_.stop; }

  void finish(SlurmTicket& ticket, Outcome outcome) {
    {
      const std::lock_guard lock(mutex_);
      if (!ticket.outcome) ticket.outcome = std::move(outcome);
    }
    finished_.notify_all();
  }

  void end(const SlurmTask& task) {
    finish(*task.ticket, outcome_of(task, evaluation_.command, study_, context_.logs));
    admission_.something_happened();  // there may be room in the queue
  }

  void finish_all(const Outcome& outcome) {
    for (const SlurmTask& task : polling_.removed_all()) finish(*task.ticket, outcome);
    for (const auto& ticket : waiting_) finish(*ticket, outcome);
    waiting_.clear();
    onlooker_.free_way();
    onlooker_.publish(polling_.tasks());
  }

  /// Those that an earlier process has submitted are followed, the others wait in line.
  void take(const Tickets& fresh) {
    if (fresh.empty()) return;
    if (!std::exchange(has_recovered_, true)) {
      folder_.recover();
      detail::forget_waiting(folder_.path());
    }
    for (const auto& ticket : fresh) {
      auto earlier = is_stopped() ? std::nullopt : folder_.recovered(ticket);
      if (earlier) {
        polling_.add(*std::move(earlier));
      } else {
        waiting_.push_back(ticket);
      }
    }
    polling_.look_soon();
    polling_.ask_soon();
  }

  void submit() {
    if (refusal_) refuse(*refusal_);
    const auto unanswered = polling_.unanswered();
    for (const auto& array : unanswered) {
      if (array->submission.is_due()) offer(array);
    }
    while (unanswered.empty() && !waiting_.empty() && admission_.is_due() && !is_stopped()) {
      ask_for_most_tasks();
      const std::size_t count = std::min(waiting_.size(), admission_.length());
      const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
      std::vector<SlurmTask> tasks = folder_.write({waiting_.begin(), end});
      const auto array = tasks.front().array;
      for (SlurmTask& task : tasks) polling_.add(std::move(task));
      waiting_.erase(waiting_.begin(), end);
      offer(array);
      if (array->job.empty() && array->is_unsure) return;  // nobody answered
    }
  }

  /// A study of one worker needs no answer.
  void ask_for_most_tasks() {
    if (waiting_.size() <= 1 || std::exchange(has_asked_for_most_, true)) return;
    admission_.set_site_limit(slurm_.most_tasks());
  }

  /// Calls sbatch for an array that, as far as is known, Slurm does not have.
  void offer(const std::shared_ptr<SlurmArray>& array) {
    array->submission.wait_longer();
    if (array->is_unsure) {
      const auto found = slurm_.find(array->name);
      if (!found) return onlooker_.stands_in_the_way("squeue does not answer; the trials wait for it");
      if (!found->job.empty()) return accept(*array, *found);
    }
    const Submission submission = slurm_.submit(array->script(), array->name, array->count, evaluation_.options,
                                                evaluation_.command.directory, array->answer());
    array->is_unsure = true;
    if (submission.refusal == SlurmRefusal::none) return accept(*array, submission);
    if (is_stopped()) return;
    if (submission.refusal == SlurmRefusal::unanswered) {
      return onlooker_.stands_in_the_way(detail::unanswered(submission.message));
    }
    if (submission.refusal == SlurmRefusal::unknown) {
      const auto found = slurm_.find(array->name);  // who knows what these words mean
      if (!found) return;
      if (!found->job.empty()) return accept(*array, *found);
    }
    take_back(array, submission);
  }

  void accept(SlurmArray& array, const Submission& submission) {
    array.job = submission.job;
    array.cluster = submission.cluster;
    admission_.accepted(array.count);
    onlooker_.free_way();
    polling_.ask_soon();
  }

  /// After a refusal that leaves no job behind.
  void take_back(const std::shared_ptr<SlurmArray>& array, const Submission& submission) {
    withdraw(array);
    const auto verdict = admission_.refused(submission, array->count, !polling_.tasks().empty());
    if (verdict.is_final) return refuse(verdict.message);
    if (!verdict.message.empty()) onlooker_.stands_in_the_way(verdict.message);
  }

  /// Back to the front of the line, as if the array had never been.
  void withdraw(const std::shared_ptr<SlurmArray>& array) {
    const std::vector<SlurmTask> tasks = polling_.removed(array);
    for (auto task = tasks.rbegin(); task != tasks.rend(); ++task) waiting_.push_front(task->ticket);
    folder_.withdraw(array);
  }

  /// Whatever Slurm does not have ends without an outcome; what it has goes on.
  void refuse(const std::string& message) {
    refusal_ = message;
    for (const SlurmTask& task : polling_.removed_unanswered()) waiting_.push_back(task.ticket);
    {
      const std::lock_guard lock(mutex_);
      for (const auto& ticket : waiting_) ticket->refusal = message;
    }
    finished_.notify_all();
    waiting_.clear();
    onlooker_.free_way();
    if (!polling_.tasks().empty()) {
      onlooker_.say_once(message + "; until then the jobs that Slurm has are waited for");
    }
  }

  void cancel() {
    if (!evaluation_.cancel_on_interrupt || context_.stop->reason() <= 0) return;
    std::set<std::shared_ptr<SlurmArray>> arrays;
    for (const SlurmTask& task : polling_.tasks()) arrays.insert(task.array);
    for (const auto& array : arrays) {
      if (detail::SlurmJobs::cancel(array->name)) write_file_atomically(array->folder / "cancelled", "");
    }
  }

  SlurmEvaluation evaluation_;
  StudySpecification study_;
  EvaluatorContext context_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable finished_;
  Tickets queue_;
  bool closing_ = false;
  std::thread thread_;

  // Of the thread alone.
  detail::SlurmJobs slurm_;
  detail::SlurmFolder folder_;
  detail::SlurmWaiting onlooker_;
  detail::SlurmPolling polling_;
  std::deque<std::shared_ptr<SlurmTicket>> waiting_;  // trials that no array has yet
  detail::SlurmAdmission admission_;
  bool has_asked_for_most_ = false;
  std::optional<std::string> refusal_;  // for good
  bool has_recovered_ = false;
  bool cancelled_ = false;
};

}  // namespace

std::unique_ptr<Evaluator> slurm_evaluator(const SlurmEvaluation& evaluation, const StudySpecification& study,
                                           const EvaluatorContext& context, const std::string& where) {
  for (const char* program : {"sbatch", "squeue", "scancel"}) {
    if (!detail::can_be_found(program, {})) {
      throw InvalidInput(where + "/slurm",
                         std::string("\"") + program + "\" is not found; install Slurm's client programs");
    }
  }
  detail::check_placeholders(evaluation.command, study, where);
  return std::make_unique<SlurmEvaluator>(evaluation, study, context);
}

}  // namespace hyperego
