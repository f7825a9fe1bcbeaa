#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/study/pending_trial.hpp>
#include <hyperego/study/stop_signal.hpp>

#include <cstdint>

namespace hyperego {

/// Nothing can be evaluated any more, and no trial is at fault: the study stops, and its trials stay pending. The
/// message says why and what to do.
class EvaluationRefused : public Error {
 public:
  using Error::Error;
};

/// Between an evaluation and whoever waits for it. Used from the evaluation's thread.
class EvaluationChannel {
 public:
  EvaluationChannel() = default;
  virtual ~EvaluationChannel() = default;
  EvaluationChannel(const EvaluationChannel&) = delete;
  EvaluationChannel& operator=(const EvaluationChannel&) = delete;

  /// What has been reached on the way. Does not wait for an answer. Here nobody listens.
  virtual void report(const IntermediateReport& /*report*/) {}
  /// Raised when the trial is not worth going on with; null where that never happens.
  [[nodiscard]] virtual const StopSignal* stop() const { return nullptr; }
};

/// Runs trials. Called from worker threads at the same time; must be thread-safe.
class Evaluator {
 public:
  virtual ~Evaluator() = default;

  /// Evaluates one configuration in full. Anything that goes wrong with the trial is an Outcome; an exception derived
  /// from std::exception is taken as a failed trial by the runner, but for EvaluationRefused and ResourceShortage,
  /// which leave the trial pending. `trial_seed` is the seed that the evaluated program may use.
  [[nodiscard]] virtual Outcome evaluate(std::uint64_t trial, const Configuration& configuration,
                                         std::uint64_t trial_seed) = 0;

  /// The same at the trial's fidelity, with reports on the way. What ends because of `channel` has the status
  /// `stopped`. By default evaluate(), for those that know no fidelities.
  [[nodiscard]] virtual Outcome run(const PendingTrial& trial, EvaluationChannel& /*channel*/) {
    return evaluate(trial.trial, trial.configuration, trial.seed);
  }
};

}  // namespace hyperego
