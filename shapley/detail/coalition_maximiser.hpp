#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/shapley/coalition_search_options.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <optional>
#include <vector>

namespace hyperego::detail {

/// A configuration, what it is worth (sign · prediction) and, where it has been asked for, the gradient of that.
struct Candidate {
  Configuration configuration;
  double value = 0;
  Eigen::VectorXd gradient;  ///< with respect to all unit coordinates, length d; empty where unknown
};

/// Climbs inside Λ_S, the sub-space of configurations that equal the baseline outside S.
///
/// Ascent on floats and integers by a projected quasi-Newton method with backtracking (Bertsekas, SIAM J. Control
/// 20(2), 1982) where the predictor has gradients, by shrinking random steps where it has none; one-exchange on the
/// discrete hyperparameters in between. Const and thread-safe; a result depends on the coalition and the start only.
class CoalitionMaximiser {
 public:
  CoalitionMaximiser(const BlendPredictor& predictor, const Blends& blends, double sign, std::uint64_t seed,
                     const CoalitionSearchOptions& options);

  /// The sub-space Λ_S.
  [[nodiscard]] Slice slice(Coalition coalition) const;
  /// Legal, and under `drop` equal to the baseline outside S (`repair` also completes what S activates).
  [[nodiscard]] bool admissible(const Configuration& configuration, Coalition coalition) const;

  /// What the nearest point of Λ_S to `start` climbs to; `start` itself where nothing gains more than `least_gain`.
  /// Adds the number of predictions to `predictions`.
  [[nodiscard]] Candidate climb(Coalition coalition, Candidate start, double least_gain,
                                std::uint64_t& predictions) const;

  /// Whether the known gradient of `start` says that freeing `player` promises nothing: the coordinate is continuous
  /// there and flat, or at a bound that it would have to cross.
  [[nodiscard]] bool stationary_in(const Candidate& start, int player, double least_gain) const;

  /// The best of the candidates' projections on Λ_S that differ from `known`; nothing where there is none.
  [[nodiscard]] std::optional<Candidate> best_projection(Coalition coalition,
                                                         const std::vector<const Candidate*>& candidates,
                                                         const Configuration& known, std::uint64_t& predictions) const;

  [[nodiscard]] double value(const Configuration& configuration) const;

 private:
  struct Subspace;
  void ascend(const Subspace& subspace, Candidate& point, bool with_integers, double least_gain,
              std::uint64_t& predictions) const;
  bool exchange(const Subspace& subspace, Candidate& point, double least_gain, std::uint64_t& predictions) const;
  void wander(const Subspace& subspace, Candidate& point, double least_gain, std::uint64_t& predictions) const;
  bool take_best(const std::vector<Configuration>& configurations, Candidate& point, double least_gain,
                 std::uint64_t& predictions) const;
  void evaluate_gradient(Candidate& point, std::uint64_t& predictions) const;
  [[nodiscard]] bool moves_continuously(std::size_t i) const;

  const BlendPredictor* predictor_;
  const Blends* blends_;
  double sign_;
  std::uint64_t seed_;
  CoalitionSearchOptions options_;
  Configuration frozen_;
  bool has_forbidden_ = false;
};

}  // namespace hyperego::detail
