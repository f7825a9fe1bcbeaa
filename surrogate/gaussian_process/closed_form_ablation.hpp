#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <Eigen/Core>

#include <string>

namespace hyperego {

/// What closed_form_ablation() knows of the game v(S) = prediction of λ* ⊕_S λ0, one entry for each player in the order
/// of Blends::players(). On the target's own scale, which is to be *minimised*: negate for a performance.
struct ClosedFormAblation {
  double empty = 0;  ///< v(∅)
  double full = 0;   ///< v(N); the Shapley values sum to full − empty
  Eigen::VectorXd shapley;
  Eigen::VectorXd banzhaf;
  /// Interactions of pairs, symmetric with 0 on the diagonal; empty unless asked for.
  Eigen::MatrixXd shapley_interaction;  ///< SII of order 2
  Eigen::MatrixXd shapley_taylor;       ///< STII of order 2; its values of single players are v({j}) − v(∅):
  Eigen::VectorXd single;               ///< v({j}) − v(∅)
};

/// Why the closed form does not exist for this surrogate and these blends, as a sentence with the remedy; empty where
/// it does. It needs the product kernel, a target without a nonlinear transform, exactly one sample (λ*), blends of
/// which all count, and condition components of at most 16 players.
[[nodiscard]] std::string why_no_closed_form(const GaussianProcessSurrogate& surrogate, const Blends& blends);

/// Shapley and Banzhaf values, and interactions of pairs, of the ablation game of a product-kernel Gaussian process
/// without visiting coalitions: exact for any number of players.
///
/// v(S) = Σ_i α_i Π_c g_ci(S ∩ c) over condition components c, where g of a component of one player is a factor a_i of
/// the kernel at λ* or b_i at λ0, so that its multilinear extension along the diagonal is the product of polynomials
/// G_ci(t), e.g. t a_i + (1 − t) b_i. Owen (Management Science 18, 1972): φ_j = ∫_0^1 of its derivative for j,
///
///     φ_j = Σ_i α_i ∫_0^1 D_ji(t) Π_{c ∌ j} G_ci(t) dt,     D_ji(t) = a_ij − b_ij for a component of one,
///
/// a polynomial of degree d − 1, which ⌈d/2⌉ Gauss–Legendre nodes integrate exactly; Banzhaf values are D · Π G at
/// t = 1/2, SII the same with second derivatives, STII of order 2 with the weight 2 (1 − t). A component of several
/// players (conditions let a parent's flip change its subtree) is enumerated: its states are few where coalitions are
/// many. O(n d²) for values, O(n d³) with pairs; more for components of c players, n c 2^c for each node.
/// @throws InvalidInput with why_no_closed_form() where it does not exist.
[[nodiscard]] ClosedFormAblation closed_form_ablation(const GaussianProcessSurrogate& surrogate, const Blends& blends,
                                                      bool pairs = false);

}  // namespace hyperego
