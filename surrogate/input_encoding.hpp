#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/surrogate/feature.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// Configurations as feature vectors for a kernel.
///
/// Every searched hyperparameter gives one coordinate: its unit coordinate (floats, integers at bin centres, ordinals
/// by rank; numeric), or the index of its choice (categoricals; Hamming). Where it is unset the coordinate is its
/// default's, and every conditional hyperparameter adds an indicator of being set, {0, 1} (Hamming). Constants give
/// nothing.
class InputEncoding {
 public:
  /// The features of one player, i.e. of space.searched()[player].
  struct Player {
    std::size_t hyperparameter = 0;
    Eigen::Index coordinate = 0;
    std::optional<Eigen::Index> indicator;  ///< conditional hyperparameters only
  };

  /// @throws InvalidInput where the space is null.
  explicit InputEncoding(std::shared_ptr<const SearchSpace> space);

  [[nodiscard]] const std::shared_ptr<const SearchSpace>& shared_space() const { return space_; }
  [[nodiscard]] const SearchSpace& space() const { return *space_; }
  [[nodiscard]] Eigen::Index number_of_features() const { return static_cast<Eigen::Index>(kinds_.size()); }
  [[nodiscard]] const std::vector<FeatureKind>& kinds() const { return kinds_; }
  [[nodiscard]] const std::vector<Player>& players() const { return players_; }
  /// "learning_rate", "momentum (active)": one name for every feature.
  [[nodiscard]] std::vector<std::string> feature_names() const;

  /// The coordinate of hyperparameter i at `code`.
  [[nodiscard]] double coordinate(std::size_t i, double code) const;

  /// One column for every configuration (p × n). @throws InvalidInput where a configuration is not of the space's size.
  [[nodiscard]] Eigen::MatrixXd encode(std::span<const Configuration> configurations) const;
  void encode(const Configuration& configuration, Eigen::Ref<Eigen::VectorXd> features) const;

  /// Derivatives with respect to features, as derivatives with respect to the space's unit coordinates (length d): 0
  /// for unset hyperparameters, categoricals, ordinals and constants.
  [[nodiscard]] Eigen::VectorXd unit_gradient(const Configuration& configuration,
                                              const Eigen::VectorXd& feature_gradient) const;

 private:
  std::shared_ptr<const SearchSpace> space_;
  std::vector<FeatureKind> kinds_;
  std::vector<Player> players_;
};

}  // namespace hyperego
