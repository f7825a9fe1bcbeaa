#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/core/stretches.hpp>
#include <hyperego/shapley/game/coalition_search_options.hpp>

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
/// 20(2), 1982) where the predictor has gradients; along one hyperparameter after the other, over all of its values
/// that make a difference, where the predictor is constant between thresholds; by shrinking random steps where it is
/// neither. One-exchange on the discrete hyperparameters in between. Const and thread-safe; a result depends on the
/// coalition and the start only.
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

  /// Whether freeing `player` promises nothing at `start`, a maximum without it: by the known gradient the coordinate
  /// is flat there or at a bound that it would have to cross, or no value along its line is larger.
  [[nodiscard]] bool stationary_in(const Candidate& start, int player, double least_gain,
                                   std::uint64_t& predictions) const;

  /// The best of the candidates' projections on Λ_S that differ from `known`; nothing where there is none.
  [[nodiscard]] std::optional<Candidate> best_projection(Coalition coalition,
                                                         const std::vector<const Candidate*>& candidates,
                                                         const Configuration& known, std::uint64_t& predictions) const;

  [[nodiscard]] double value(const Configuration& configuration) const;
  /// Whether hyperparameter i is a number with so many values that steps along it say something.
  [[nodiscard]] bool moves_continuously(std::size_t i) const;
  /// Whether the predictor gives values and nothing else, neither gradients nor the places where it changes.
  [[nodiscard]] bool has_values_alone() const { return !predictor_->has_gradient() && !is_flat_in_cells_; }

 private:
  struct Subspace;
  void ascend(const Subspace& subspace, Candidate& point, bool with_integers, double least_gain,
              std::uint64_t& predictions) const;
  bool exchange(const Subspace& subspace, Candidate& point, double least_gain, std::uint64_t& predictions) const;
  /// Moves to the best value of one hyperparameter at a time until no line through the point leads higher. Parents are
  /// left to exchange() and wander(), because moving them moves others.
  void search_lines(const Subspace& subspace, Candidate& point, double least_gain, std::uint64_t& predictions) const;
  [[nodiscard]] bool frees_numeric_parent(Coalition coalition) const;
  /// Predictions along hyperparameter i, at its representatives.
  [[nodiscard]] Stretches line(const Configuration& configuration, std::size_t i) const;
  void wander(const Subspace& subspace, Candidate& point, double least_gain, std::uint64_t& predictions) const;
  bool take_best(const std::vector<Configuration>& configurations, Candidate& point, double least_gain,
                 std::uint64_t& predictions) const;
  void evaluate_gradient(Candidate& point, std::uint64_t& predictions) const;

  const BlendPredictor* predictor_;
  const Blends* blends_;
  double sign_;
  std::uint64_t seed_;
  CoalitionSearchOptions options_;
  Configuration frozen_;
  bool has_forbidden_ = false;
  const FlatInStretches* in_stretches_ = nullptr;  ///< the predictor, where it is one and nothing is forbidden
  bool is_flat_in_cells_ = false;
  std::vector<bool> is_parent_;
};

}  // namespace hyperego::detail
