#pragma once

#include <hyperego/core/progress.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/study/pending_trial.hpp>
#include <hyperego/study/run_directory.hpp>
#include <hyperego/study/specification.hpp>
#include <hyperego/study/study_history.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// A study in progress: an optimizer, what has happened so far, and, unless it lives in memory only, its run directory.
///
/// Every suggestion and every result goes to the journal before it counts, so a study that is opened again goes on with
/// the suggestions that it would have made without interruption. Not thread-safe.
class Study {
 public:
  /// Makes an optimizer of the caller's own.
  using OptimizerMaker = std::function<std::unique_ptr<Optimizer>(const OptimizationProblem& problem)>;

  /// In memory only. The optimizer is the one that the specification names unless a maker is given.
  /// @throws InvalidInput for a specification, optimizer options or earlier studies that are not valid.
  explicit Study(const StudySpecification& specification, const OptimizerMaker& maker = {});
  /// In a run directory. What its journal holds is replayed into the optimizer. What is taken over from earlier studies
  /// is read from their directories once and kept in warm_start.json.
  /// @throws InvalidInput, StoreError as RunDirectory, make_optimizer() and read_earlier_studies().
  Study(const StudySpecification& specification, const std::filesystem::path& directory, OpenMode mode,
        const std::filesystem::path& study_file = {}, double lock_patience_s = 0, const OptimizerMaker& maker = {});

  [[nodiscard]] const StudySpecification& specification() const { return history_.study(); }
  [[nodiscard]] const StudyHistory& history() const { return history_; }
  /// What was taken over from earlier studies, for people.
  [[nodiscard]] std::vector<std::string> warm_start_remarks() const;
  /// Null for a study in memory.
  [[nodiscard]] RunDirectory* directory() { return directory_.get(); }

  /// The next suggestions, what is enqueued first; fewer or none when the space is exhausted. They are pending until
  /// told.
  [[nodiscard]] std::vector<PendingTrial> ask(std::size_t count, Durability durability = Durability::now);
  /// Takes a suggestion of the same study over that was made elsewhere, with the next number: pending as if it had been
  /// asked for. `state` is its PendingTrial's (may be null).
  /// @throws InvalidInput where the configuration is not legal or the state is none, after which the study is of no
  /// use.
  std::uint64_t replay(const Configuration& configuration, const nlohmann::ordered_json& state);
  /// Asked from now on while ask() computes (Optimizer::set_progress()). An ask that it gives up leaves the study as it
  /// was, but for what was enqueued: that is pending then.
  void set_progress(const ProgressHook& progress);
  /// Trials that were suggested and not told, by number.
  [[nodiscard]] std::vector<PendingTrial> pending() const;

  /// What a pending trial has reached on its way, and whether it is worth going on with. A report that is not beyond
  /// the trial's last one (of a program that was started anew) is no news and not recorded; one beyond what was asked
  /// for is.
  /// @throws InvalidInput where the study has no fidelity, the trial is not pending, or the values are not sound.
  Continuation report(std::uint64_t trial, const IntermediateReport& report, double elapsed_s,
                      Durability durability = Durability::now);
  /// The same, and the journal has it with the end of the trial: for results that are told in a fixed order.
  Continuation hear(std::uint64_t trial, const IntermediateReport& report);

  /// The end of a pending trial. False, and nothing changes, where it has been told before with the same status and
  /// values (their message may differ): whoever was cut off may repeat itself.
  /// @throws InvalidInput where it was never asked for or has ended otherwise.
  bool tell(std::uint64_t trial, Outcome outcome, double elapsed_s = 0);
  /// Several at once, flushed to the disk together and told in this order.
  void tell(const std::vector<std::pair<std::uint64_t, Outcome>>& results, double elapsed_s,
            Durability durability = Durability::now);
  /// Brings in a trial that the user has evaluated. It takes the next number, which is returned.
  /// @throws InvalidInput where the configuration is not legal, or the outcome is not the end of a trial.
  std::uint64_t add(const Configuration& configuration, Outcome outcome, std::optional<double> fidelity = {});
  /// Makes the configuration the next suggestion, behind those enqueued before; evaluated ones may be tried again.
  /// @throws InvalidInput where it is not legal.
  void enqueue(const Configuration& configuration);

  /// Brings everything told so far to the disk. @throws StoreError
  void flush();

  /// Records that the study has ended; nothing where that was the last thing recorded.
  void stop(const StoppedEvent& event);
  /// Brings front.json and front.csv up to date.
  void write_front() const;

 private:
  Study(StudySpecification specification, nlohmann::ordered_json earlier, const OptimizerMaker& maker);
  void keep_earlier_studies() const;
  void replay();
  void replay(const SuggestedEvent& event, const std::string& where);
  [[nodiscard]] Outcome checked(Outcome outcome) const;
  [[nodiscard]] Outcome with_cost(std::uint64_t trial, Outcome outcome) const;
  [[nodiscard]] std::vector<EndedEvent> new_endings(const std::vector<std::pair<std::uint64_t, Outcome>>& results,
                                                    double elapsed_s) const;
  void suggest(std::size_t count, std::vector<Suggestion>& made);
  [[nodiscard]] PendingTrial pending_trial(std::uint64_t trial) const;
  void check_report(std::uint64_t trial, const IntermediateReport& report) const;
  [[nodiscard]] Suggestion next_in_line(std::size_t place) const;
  [[nodiscard]] std::vector<PendingTrial> begin(std::vector<Suggestion> made, Durability durability);

  StudyHistory history_;
  std::shared_ptr<const nlohmann::ordered_json> earlier_;  // as read_earlier_studies() gives it
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<RunDirectory> directory_;
};

/// The seed that a trial's program may use: a function of the study's seed and the trial's number, below 2^31.
[[nodiscard]] std::uint64_t trial_seed(const StudySpecification& study, std::uint64_t trial);

}  // namespace hyperego
