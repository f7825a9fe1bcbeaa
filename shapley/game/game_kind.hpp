#pragma once

#include <string>
#include <string_view>

namespace hyperego {

/// The games of HyperSHAP (Wever, Muschalik, Fumagalli & Lindauer, AAAI 2026, arXiv 2502.01276). Val is a performance:
/// larger is better. λ ⊕_S λ0 takes the values of λ on the coalition S and those of the baseline λ0 elsewhere.
enum class GameKind {
  ablation,       ///< v(S) = Val(λ* ⊕_S λ0) for one configuration of interest λ*
  sensitivity,    ///< v(S) = Var_λ Val(λ ⊕_S λ0), population variance; squared units, not monotone
  tunability,     ///< v(S) = max_λ Val(λ ⊕_S λ0); monotone, so all Shapley values are ≥ 0
  mistunability,  ///< v(S) = min_λ Val(λ ⊕_S λ0); monotone decreasing
  optimizer_bias  ///< v(S) of an optimizer under study less the best of it and an ensemble
                  ///< (shapley/game/game_aggregate.hpp)
};

/// How the maximum (or minimum) over Λ is taken.
enum class MaximumKind {
  sampled,   ///< over one fixed list of configurations, blended for every coalition
  optimized  ///< by a search in the coalition's own sub-space, monotone by construction
};

[[nodiscard]] std::string_view to_string(GameKind kind);
[[nodiscard]] std::string_view to_string(MaximumKind maximum);

/// Exact names, as the command line takes them. @throws InvalidInput naming `where`, the known names and the nearest
/// one.
[[nodiscard]] GameKind game_kind_from(std::string_view text, const std::string& where);
[[nodiscard]] MaximumKind maximum_kind_from(std::string_view text, const std::string& where);

/// Whether v is monotone: increasing (+1), decreasing (−1) or neither (0).
[[nodiscard]] int monotone_direction(GameKind kind);

}  // namespace hyperego
