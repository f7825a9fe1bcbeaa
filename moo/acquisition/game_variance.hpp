#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/moo/model/acquisition.hpp>
#include <hyperego/moo/model/chebyshev_predictor.hpp>
#include <hyperego/shapley/game/game_kind.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>
#include <hyperego/surrogate/gaussian_process/linear_functionals.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace hyperego {

/// How much of what is not known of the Shapley values of games one more evaluation would settle.
///
/// The values of a game are linear in the function at the configurations that decide it (decisive_blends()); where
/// these lie is itself uncertain, so they are those of the mean and of posterior draws, each with parameters of its
/// own. The acquisition is the log of the share of the variance of all values that an evaluation would remove, the mean
/// of the functions and of the games: a knowledge gradient (Frazier, Powell & Dayanik, INFORMS J. Comput. 21, 2009) of
/// the explanation instead of the optimum.
class GameVariance final : public AcquisitionFunction {
 public:
  /// Models of one objective, or of all that a trade-off of `weights` is made of (one for each); one evaluation tells
  /// something of all of them.
  struct Target {
    std::vector<std::shared_ptr<const GaussianProcessSurrogate>> models;
    std::optional<ChebyshevWeights> weights = std::nullopt;
  };

  /// Nothing is asked where the values of the game are certain already.
  /// @throws InvalidInput as decisive_blends().
  void add_game(const Target& target, const Blends& blends, GameKind kind, std::uint64_t seed);
  /// From now on `configuration` is taken for observed.
  void observe(const Configuration& configuration);

  /// Whether there is a game with values that are not certain.
  [[nodiscard]] bool has_games() const { return !games_.empty(); }
  /// The share of the variance that is left of what there was at first, in [0, 1].
  [[nodiscard]] double open_share() const;
  /// Configurations that games hang on most, to look around.
  [[nodiscard]] const std::vector<Configuration>& anchors() const { return anchors_; }

  [[nodiscard]] Eigen::VectorXd values(std::span<const Configuration> configurations) const override;
  [[nodiscard]] bool has_gradient() const override { return false; }
  /// @throws Error: there is none.
  [[nodiscard]] double value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override;

 private:
  struct Game {
    std::vector<LinearFunctionals> functionals;  // of every function and objective
    double variance = 0;                         // at first
  };
  std::vector<Game> games_;
  std::vector<Configuration> anchors_;
};

}  // namespace hyperego
