#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/moo/model/acquisition.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace hyperego {

/// What an expert believes about where good configurations are: the priors of a space's hyperparameters, independent of
/// each other.
///
/// A density relative to uniform sampling, so that a hyperparameter without a prior, or without a value, contributes
/// the factor 1. Normal priors are truncated to the domain and live on the value's own (logarithmic) scale, beta priors
/// on the unit coordinate, weights of categoricals on their choices; weights that are all equal say nothing. Integers
/// are taken as real numbers between the borders of their bins. Every one is mixed with a hundredth of the uniform
/// distribution, so that nothing is ruled out and an expert who is wrong by many deviations is believed wrong in time.
class ExpertPrior {
 public:
  /// Nothing where no searched hyperparameter has a prior that says anything. @throws InvalidInput naming the
  /// hyperparameter whose prior is too narrow, or too far away, for double precision.
  [[nodiscard]] static std::optional<ExpertPrior> of(const SearchSpace& space);

  [[nodiscard]] double log_density(const SearchSpace& space, const Configuration& configuration) const;
  /// Where the set floats and integers of `configuration` are moved to the unit coordinates `unit` (length d), and the
  /// derivatives by those (0 for the others).
  [[nodiscard]] double log_density_and_gradient(const SearchSpace& space, const Configuration& configuration,
                                                const Eigen::VectorXd& unit,
                                                Eigen::Ref<Eigen::VectorXd> gradient) const;

  /// Unit coordinates that are distributed like the prior where `uniform` (length d) is uniform on the unit cube.
  [[nodiscard]] Eigen::VectorXd quantile(const Eigen::VectorXd& uniform) const;
  /// Unit coordinates of the largest density, those of the defaults where there is no prior.
  [[nodiscard]] Eigen::VectorXd mode(const SearchSpace& space) const;

 private:
  /// Truncated to a scale that the unit coordinate runs through at constant speed.
  struct Normal {
    double mean;       ///< in unit coordinates
    double deviation;  ///< likewise
    double log_mass;   ///< of what is inside
  };
  struct Beta {
    double alpha;
    double beta;
    double log_factor;  ///< −log B(α, β)
  };
  struct Weights {
    std::vector<double> shares;  ///< sum 1
  };
  struct Belief {
    std::size_t hyperparameter;
    std::variant<Normal, Beta, Weights> marginal;
  };
  struct Value {
    double log_density;
    double derivative;
  };
  [[nodiscard]] static std::optional<Belief> belief(const SearchSpace& space, std::size_t hyperparameter);
  [[nodiscard]] static Value at(const Belief& belief, double unit);

  std::vector<Belief> beliefs_;
};

/// An acquisition under an expert's prior: log α + e log π, which is log (α πᵉ) (πBO; Hvarfner, Stoll, Souza, Lindauer,
/// Hutter & Nardi, ICLR 2022). With e = β/n for the n-th trial by a model, what the prior says fades as the data speak.
class PriorAcquisition final : public AcquisitionFunction {
 public:
  /// All but the number must outlive it.
  PriorAcquisition(const AcquisitionFunction& acquisition, const ExpertPrior& prior, const SearchSpace& space,
                   double exponent)
      : acquisition_(acquisition), prior_(prior), space_(space), exponent_(exponent) {}

  [[nodiscard]] Eigen::VectorXd values(std::span<const Configuration> configurations) const override;
  [[nodiscard]] bool has_gradient() const override { return acquisition_.has_gradient(); }
  [[nodiscard]] double value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override;
  /// e log π.
  [[nodiscard]] double contribution(const Configuration& configuration) const {
    return exponent_ * prior_.log_density(space_, configuration);
  }

 private:
  const AcquisitionFunction& acquisition_;
  const ExpertPrior& prior_;
  const SearchSpace& space_;
  double exponent_;
};

}  // namespace hyperego
