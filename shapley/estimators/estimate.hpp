#pragma once

#include <hyperego/shapley/coalitions/value_table.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego {

/// Ways to estimate interaction indices from a budget of coalitions.
enum class Estimator {
  /// Random orders of the players (Castro et al. 2009), by default each with its reverse. SV. Unbiased. Standard error:
  /// spread
  /// of the independent orders (or pairs) over √count.
  permutation,
  /// Weighted least squares, with paired sampling: under the Shapley kernel with exact efficiency for SV (KernelSHAP;
  /// Lundberg & Lee 2017; Covert & Lee 2021) and FSII of any order (its faithful extension; Tsai et al. 2023), in the
  /// mean over all coalitions for FBII of any order (Tsai et al. 2023). Consistent. Standard error: grouped jackknife
  /// over the sampled pairs.
  regression,
  /// Every coalition informs every interaction, in strata by size and intersection: Stratified SVARM (Kolpaczki et al.
  /// 2024a)
  /// for SV, SVARM-IQ (2024b) for any index of any order. Unbiased once no stratum is empty. Standard error: stratified
  /// sampling without replacement, strata with one coalition borrow the spread of their size.
  svarm,
  /// KernelSHAP-IQ: sequential weighted least squares for SV, SII and k-SII (Fumagalli et al. 2024), proven for order
  /// 2,
  /// above found exact with all coalitions played (tested to order 4). Consistent. Standard error: grouped jackknife.
  kernel_shap_iq,
};

/// permutation, regression, svarm or kernel-shap-iq.
[[nodiscard]] std::string_view to_string(Estimator estimator);
/// @param name a name of to_string() or "kernel-shap" (regression), in any case. @throws InvalidInput
[[nodiscard]] Estimator estimator_of(std::string_view name);
/// regression for SV, FSII and FBII, svarm for the rest.
[[nodiscard]] Estimator default_estimator(InteractionIndex index);

struct EstimatorOptions {
  /// Distinct coalitions that may be evaluated, ∅ and N included. With 2^n or more the result is exact.
  std::size_t budget = 4096;
  std::uint64_t seed = 0;
  /// Stop as soon as the largest standard error is at most this, in units of the game; 0: spend the budget.
  double target_standard_error = 0;
  /// Permutations with their reverse, coalitions with their complement (permutation, regression, kernel_shap_iq).
  bool paired = true;
  /// Share of the budget that may go into looking for a game of few Möbius terms. What is found is used as control
  /// variate: its index is added in closed form and only the remainder is estimated. The search gives up after a
  /// quarter of this share where a held-out sample is not explained. 0: off.
  double sparse_search_share = 0.5;
  /// Largest order, 0 … 2, of the polynomial that svarm and kernel_shap_iq fit to the coalitions played as a control
  /// variate, cross-fitted: what is estimated by sampling is what it leaves. Its order is chosen by the error on what
  /// was left out of the fit; 0: off.
  int control_order = 2;

  /// @throws InvalidInput naming the field.
  void validate(int players) const;
};

enum class StopReason { budget, target, exact, sparse };

/// An estimated index and what it rests on.
struct Estimate {
  InteractionValues values;
  /// One for every entry of values.values, in its unit; zeros when exact.
  std::vector<double> standard_errors;
  /// Distinct coalitions evaluated.
  std::size_t coalitions = 0;
  /// All 2^n coalitions were played: no sampling error.
  bool exact = false;
  StopReason stop = StopReason::budget;
  /// Möbius terms in the control variate; with StopReason::sparse the game equals them on every coalition evaluated,
  /// held-out ones included, and the standard errors of 0 rest on that.
  std::size_t sparse_terms = 0;
  /// Order of the polynomial in the control variate; 0 without.
  int control_order = 0;
  /// Fallbacks taken, in words; empty when there were none.
  std::string note;

  [[nodiscard]] double largest_standard_error() const;
};

/// Estimates an interaction index of a game from at most `options.budget` distinct coalitions.
///
/// The same seed gives the same result, whatever the batching of `game`. Time beside the game: permutation O(budget),
/// svarm O(budget · C(n, ≤ order)), regressions O(budget · C(n, ≤ order)²).
/// @param players 1 … max_players.
/// @throws InvalidInput when the estimator does not have the index, the order does not exist, the budget is too small
/// for it
///         (naming the least that works), or the game returns something that is not finite.
[[nodiscard]] Estimate estimate_interactions(int players, const CoalitionFunction& game, InteractionIndex index,
                                             int order, Estimator estimator, const EstimatorOptions& options = {});

}  // namespace hyperego
