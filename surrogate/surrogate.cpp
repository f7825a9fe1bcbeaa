#include <hyperego/surrogate/surrogate.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

/// Nodes of the trapezoid rule for a standard normal, which converges faster than any power of their distance for
/// smooth integrands.
constexpr int nodes_on_each_side = 32;
constexpr double node_distance = 0.25;

}  // namespace

nlohmann::ordered_json FitQuality::to_json() const {
  return {{"leave_one_out_r2", leave_one_out_r2}, {"calibration", calibration}, {"log_density", log_density}};
}

Eigen::MatrixXd Surrogate::from_model(const ModelScale<Eigen::MatrixXd>& values) const {
  const TargetTransform& back = transform();
  return values.on_model_scale().unaryExpr([&](double value) { return back.from_model(ModelScale(value)); });
}

Prediction Surrogate::from_model(const ModelScale<Prediction>& posterior) const {
  Prediction own = posterior.on_model_scale();
  const TargetTransform& back = transform();
  if (back.kind() == TargetTransform::Kind::none) return own;
  for (Eigen::Index i = 0; i < own.mean.size(); ++i) {
    const double median = back.from_model(ModelScale(own.mean[i]));
    const double deviation = std::sqrt(std::max(own.variance[i], 0.0));
    double weights = 0;
    double first = 0;  // of differences from the median, so that nothing is lost to its size
    double second = 0;
    for (int k = -nodes_on_each_side; k <= nodes_on_each_side; ++k) {
      const double z = node_distance * k;
      const double weight = std::exp(-0.5 * z * z);
      const double difference = back.from_model(ModelScale(own.mean[i] + deviation * z)) - median;
      weights += weight;
      first += weight * difference;
      second += weight * difference * difference;
    }
    first /= weights;
    own.mean[i] = median + first;
    own.variance[i] = std::max(0.0, second / weights - first * first);
  }
  return own;
}

}  // namespace hyperego
