#pragma once

#include <hyperego/moo/trials/partial_trials.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <Eigen/Core>

#include <functional>
#include <memory>
#include <vector>

namespace hyperego {

/// log of an expected improvement, given means and deviations of every objective at full fidelity on the scales on
/// which they are modelled.
using ImprovementOfMoments = std::function<double(const Eigen::VectorXd& mean, const Eigen::VectorXd& deviation)>;

/// A trial of a configuration at one fidelity, and what is expected of it.
struct Look {
  double fidelity = 0;
  bool is_full = true;
  double cost = 1;         ///< in full evaluations, from where the configuration stands
  double correlation = 1;  ///< of what is seen with the full fidelity: the least known objective's
  double information = 0;  ///< Σ_j −½ log(1 − ρ_j²), nats
  /// log of the expected improvement per cost of the best policy that begins with this trial: a full evaluation, or a
  /// look at a lower fidelity and, where what it shows is worth it, the full evaluation.
  double log_rate = 0;
  double share_going_on = 1;  ///< of what a look may show: so often the full evaluation follows
};

/// What trials of configurations at all fidelities are worth, by one process per objective over configurations and
/// fidelities.
///
/// A look at distance F shows y_j = f_j(λ, F) + ε. It moves the posterior mean of f_j(λ, 0) by s_j z_j, z_j standard
/// normal, and leaves the variance v_j − s_j², s_j² = cov_j²/(var_j(F) + noise_j). With I(z) the improvement that a
/// full evaluation is then expected to give, c_1 the cost of the look and c_2 that of going on to full, a policy that
/// goes on in the set of outcomes A gains and costs
///
///     rate(F) = max_A E[I(z); z ∈ A] / (c_1 + c_2 P(A)),         rate(full) = E I / c(full).
///
/// A is that of the largest I(z), of a probability of ¼ at least: rarer outcomes are tails, of which a model knows
/// least; and c_1 counts as 0.05 at least. It is the index of a stopping problem with a supply of configurations
/// (renewal reward; compare Weitzman, Econometrica 47, 1979). Where a look tells nothing I(z) is constant and rate(F) ≤
/// rate(full): cheap looks end by themselves where they stop paying. The expectation is that of 32 fixed quasi-random
/// points.
class Looks {
 public:
  /// All must outlive it. `surrogates`: one for every objective, pending trials conditioned on.
  Looks(const PartialTrials& trials, std::vector<std::shared_ptr<const GaussianProcessSurrogate>> surrogates,
        ImprovementOfMoments improvement);

  /// The look of the largest rate; a cheaper one must be worth 5 % more than the full evaluation. O(levels n² m).
  [[nodiscard]] Look best(const Configuration& configuration) const;
  /// The full evaluation.
  [[nodiscard]] Look full(const Configuration& configuration) const;

 private:
  [[nodiscard]] Look at(const Configuration& configuration, double value,
                        const PartialTrials::Standing* standing) const;

  const PartialTrials& trials_;
  std::vector<std::shared_ptr<const GaussianProcessSurrogate>> surrogates_;
  ImprovementOfMoments improvement_;
  Eigen::MatrixXd normals_;  // outcomes × objectives
};

/// Fidelities that are looked at: up to eight from the least to the full one, in equal steps of their logarithm.
[[nodiscard]] std::vector<double> levels_of(const Fidelity& fidelity);
/// Of the initial design: a twenty-seventh of the full fidelity, or the least where that is more.
[[nodiscard]] double design_fidelity(const Fidelity& fidelity);

}  // namespace hyperego
