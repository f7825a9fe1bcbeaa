#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/moo/acquisition/expert_prior.hpp>
#include <hyperego/moo/acquisition/feasibility.hpp>
#include <hyperego/moo/model/acquisition.hpp>

#include <memory>
#include <optional>

namespace hyperego {

/// Improvement × probability of feasibility × expert prior, as a sum of logarithms; of the latter two what there is.
class ComposedAcquisition {
 public:
  /// `space` must outlive it, and whatever `improvement` refers to.
  ComposedAcquisition(std::unique_ptr<const AcquisitionFunction> improvement, const SearchSpace& space);

  /// Nothing is weighed where there is no `model`.
  void weigh_by_feasibility(std::unique_ptr<const FeasibilityModel> model);
  /// By the prior, which must outlive this, to the power of `exponent`. Last.
  void weigh_by_prior(const ExpertPrior& prior, double exponent);

  [[nodiscard]] const AcquisitionFunction& function() const;
  /// The probability that the trial counts; nothing without a model of it.
  [[nodiscard]] std::optional<double> feasibility(const Configuration& configuration) const;
  /// What the prior adds to the logarithm; nothing without one.
  [[nodiscard]] std::optional<double> prior(const Configuration& configuration) const;

 private:
  const SearchSpace& space_;
  std::unique_ptr<const AcquisitionFunction> improvement_;
  std::unique_ptr<const FeasibilityModel> model_;
  std::unique_ptr<const FeasibleAcquisition> feasible_;
  std::unique_ptr<const PriorAcquisition> believed_;
};

}  // namespace hyperego
