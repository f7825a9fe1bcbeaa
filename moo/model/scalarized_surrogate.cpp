#include <hyperego/moo/model/expected_improvement_acquisition.hpp>
#include <hyperego/moo/model/importance.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>

#include <nlohmann/json.hpp>

#include <cmath>

namespace hyperego {

Configuration relaxed(const SearchSpace& space, const Configuration& configuration, const Eigen::VectorXd& unit) {
  Configuration result = configuration;
  for (const std::size_t i : space.searched()) {
    if (space[i].is_numeric() && result.is_set(i))
      result.set(i, space[i].relaxed_from_unit(unit[static_cast<Eigen::Index>(i)]));
  }
  return result;
}

Eigen::VectorXd ScalarizedSurrogate::predict(std::span<const Configuration> configurations) const {
  return surrogate_->predict(configurations);
}

void ScalarizedSurrogate::predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                                         Eigen::Ref<Eigen::MatrixXd> predictions) const {
  surrogate_->predict_blends(blends, first, coalitions, predictions);
}

double ScalarizedSurrogate::value_and_gradient(const Configuration& configuration,
                                               Eigen::Ref<Eigen::VectorXd> gradient) const {
  return surrogate_->value_and_gradient(configuration, gradient);
}

std::span<const double> ScalarizedSurrogate::representatives(std::size_t hyperparameter) const {
  return surrogate_->representatives(hyperparameter);
}

void ScalarizedSurrogate::profile(const Configuration& configuration, std::size_t hyperparameter,
                                  std::span<const double> codes, Eigen::Ref<Eigen::VectorXd> values) const {
  surrogate_->profile(configuration, hyperparameter, codes, values);
}

Prediction ScalarizedSurrogate::posterior(std::span<const Configuration> configurations) const {
  return surrogate_->from_model(surrogate_->posterior(configurations));
}

ModelScale<double> ScalarizedSurrogate::deviation(const Configuration& configuration) const {
  return ModelScale(std::sqrt(surrogate_->posterior(std::span(&configuration, 1)).on_model_scale().variance[0]));
}

std::unique_ptr<AcquisitionFunction> ScalarizedSurrogate::expected_improvement(double best) const {
  return std::make_unique<ExpectedImprovementAcquisition>(*surrogate_, best);
}

double ScalarizedSurrogate::leave_one_out_r2() const { return surrogate_->fit_quality().leave_one_out_r2; }

Eigen::VectorXd ScalarizedSurrogate::importance() const {
  const std::pair<double, const Surrogate*> term{1.0, surrogate_.get()};
  return importance_of(std::span(&term, 1));
}

nlohmann::ordered_json ScalarizedSurrogate::to_json() const { return surrogate_->to_json(); }

}  // namespace hyperego
