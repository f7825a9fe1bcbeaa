#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/trial.hpp>

#include <cstdint>

namespace hyperego {

/// Nothing can be evaluated any more, and no trial is at fault: the study stops, and its trials stay pending. The
/// message says why and what to do.
class EvaluationRefused : public Error {
 public:
  using Error::Error;
};

/// Runs trials. Called from worker threads at the same time; must be thread-safe.
class Evaluator {
 public:
  virtual ~Evaluator() = default;

  /// Evaluates one configuration. Anything that goes wrong with the trial is an Outcome; an exception derived from
  /// std::exception is taken as a failed trial by the runner, but for EvaluationRefused and ResourceShortage, which
  /// leave the trial pending. `trial_seed` is the seed that the evaluated program may use.
  [[nodiscard]] virtual Outcome evaluate(std::uint64_t trial, const Configuration& configuration,
                                         std::uint64_t trial_seed) = 0;
};

}  // namespace hyperego
