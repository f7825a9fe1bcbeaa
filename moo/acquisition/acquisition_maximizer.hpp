#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/option.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/model/acquisition.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hyperego {

struct AcquisitionMaximizerOptions {
  int random_candidates = 1000;    ///< uniform on the slice
  int candidates_per_anchor = 50;  ///< random moves of several scales around each anchor
  int starts = 6;                  ///< candidates from which local search starts
  int rounds = 3;                  ///< of one-exchange and gradient ascent in turn, per start
  int gradient_evaluations = 40;   ///< per ascent
  ProgressHook progress = {};      ///< told of every ascent, as one phase

  /// @throws InvalidInput naming the field.
  void validate() const;
};

[[nodiscard]] std::vector<Option> options_of(AcquisitionMaximizerOptions& o);

struct AcquisitionMaximum {
  Configuration configuration;
  double value = 0;
};

/// Uniform configurations of the slice, the anchors projected onto it, and random moves of several scales around them;
/// legal ones only.
[[nodiscard]] std::vector<Configuration> search_candidates(const Slice& slice, std::span<const Configuration> anchors,
                                                           Rng& rng, int random_candidates, int candidates_per_anchor);

/// Looks for the configuration of largest acquisition on the slice among those that `excluded` does not refuse.
///
/// Random candidates and moves around the `anchors` (good evaluated configurations, projected onto the slice) → the
/// best, kept apart from each other → for each in turn: one-exchange over discrete hyperparameters, bounded
/// quasi-Newton ascent (NLopt L-BFGS) over floats and relaxed integers, rounding; without gradients ascent over random
/// neighbours instead. Every configuration it looks at lies on the slice. Beyond 20 discrete hyperparameters
/// one-exchange looks at a bounded number of exchanges in random order. Nothing where all were excluded or forbidden.
/// Numerical trouble of the ascent is appended to `notes`. Deterministic in `rng`.
[[nodiscard]] std::optional<AcquisitionMaximum> maximize_acquisition(
    const AcquisitionFunction& acquisition, const Slice& slice, std::span<const Configuration> anchors,
    const std::function<bool(const Configuration&)>& excluded, Rng rng, const AcquisitionMaximizerOptions& options,
    std::vector<std::string>* notes = nullptr);

}  // namespace hyperego
