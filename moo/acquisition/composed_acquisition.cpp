#include <hyperego/moo/acquisition/composed_acquisition.hpp>

#include <cmath>
#include <span>
#include <utility>

namespace hyperego {

ComposedAcquisition::ComposedAcquisition(std::unique_ptr<const AcquisitionFunction> improvement,
                                         const SearchSpace& space)
    : space_(space), improvement_(std::move(improvement)) {}

void ComposedAcquisition::weigh_by_feasibility(std::unique_ptr<const FeasibilityModel> model) {
  if (!model) return;
  model_ = std::move(model);
  feasible_ = std::make_unique<const FeasibleAcquisition>(*improvement_, *model_, space_);
}

void ComposedAcquisition::weigh_by_prior(const ExpertPrior& prior, double exponent) {
  believed_ = std::make_unique<const PriorAcquisition>(function(), prior, space_, exponent);
}

const AcquisitionFunction& ComposedAcquisition::function() const {
  if (believed_) return *believed_;
  if (feasible_) return *feasible_;
  return *improvement_;
}

std::optional<double> ComposedAcquisition::feasibility(const Configuration& configuration) const {
  if (!model_) return std::nullopt;
  return std::exp(model_->log_probabilities(std::span(&configuration, 1))[0]);
}

std::optional<double> ComposedAcquisition::prior(const Configuration& configuration) const {
  if (!believed_) return std::nullopt;
  return believed_->contribution(configuration);
}

}  // namespace hyperego
