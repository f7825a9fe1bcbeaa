#pragma once

#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/moo/optimizer/parego.hpp>
#include <hyperego/study/evaluators.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace hyperego {

struct MinimizeOptions {
  std::uint64_t trials = 100;  ///< in all, ≥ 1
  std::size_t workers = 1;     ///< calls of the function at the same time, ≥ 1
  std::uint64_t seed = 1;
  HpiParEgoOptions optimizer = {};

  /// @throws InvalidInput naming the field.
  void validate() const;
};

struct Minimized {
  std::vector<Trial> trials;  ///< by number, failed ones too
  /// The trials that none other dominates, as places in `trials`, in lexicographic order of minimised objectives. A
  /// configuration that was evaluated several times counts with the means of its objectives, as its first trial.
  std::vector<std::size_t> front;
};

/// Searches for the best trade-offs of a function of this program by HPI-ParEGO: the common case in one call. Nothing
/// is written to disk; Study and run_study() do that.
///
/// Batches of `workers` trials are evaluated at the same time and told in order, so that the result depends on the
/// options and the function alone. An exception of the function, a wrong number of values or one that is not finite is
/// a failed trial. Fewer trials than asked for where the space has no more.
/// @throws InvalidInput for options that are not valid. @throws ResourceShortage, EvaluationRefused where the function
/// does.
[[nodiscard]] Minimized minimize(const std::shared_ptr<const SearchSpace>& space,
                                 const std::vector<Objective>& objectives, const ObjectiveFunction& function,
                                 const MinimizeOptions& options = {});

}  // namespace hyperego
