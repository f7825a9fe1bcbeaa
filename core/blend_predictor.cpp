#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/error.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>
#include <vector>

namespace hyperego {

void BlendPredictor::predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                                    Eigen::Ref<Eigen::MatrixXd> predictions) const {
  if (static_cast<std::size_t>(predictions.rows()) != coalitions.size() ||
      first + static_cast<std::size_t>(predictions.cols()) > blends.number_of_samples()) {
    throw InvalidInput("predictions",
                       "does not fit: one row per coalition and one column per sample of the tile are needed");
  }
  predictions.setZero();
  // One column at a time: enough configurations for a batched predict(), never a whole tile of them in memory.
  std::vector<Configuration> configurations;
  std::vector<Eigen::Index> rows;
  for (Eigen::Index column = 0; column < predictions.cols(); ++column) {
    const std::size_t i = first + static_cast<std::size_t>(column);
    configurations.clear();
    rows.clear();
    for (std::size_t row = 0; row < coalitions.size(); ++row) {
      if (!blends.counts(i, coalitions[row])) continue;
      configurations.push_back(blends.blend(i, coalitions[row]));
      rows.push_back(static_cast<Eigen::Index>(row));
    }
    if (rows.empty()) continue;
    const Eigen::VectorXd values = predict(configurations);
    for (std::size_t k = 0; k < rows.size(); ++k) predictions(rows[k], column) = values(static_cast<Eigen::Index>(k));
  }
}

double BlendPredictor::value_and_gradient(const Configuration& /*configuration*/,
                                          Eigen::Ref<Eigen::VectorXd> /*gradient*/) const {
  throw Error("value_and_gradient", "this predictor has no gradient; ask has_gradient() first");
}

void BlendPredictor::profile(const Configuration& configuration, std::size_t hyperparameter,
                             std::span<const double> codes, Eigen::Ref<Eigen::VectorXd> values) const {
  std::vector<Configuration> configurations(codes.size(), configuration);
  for (std::size_t k = 0; k < codes.size(); ++k) configurations[k].set(hyperparameter, codes[k]);
  values = predict(configurations);
}

FunctionPredictor::FunctionPredictor(std::shared_ptr<const SearchSpace> space,
                                     std::function<double(const Configuration&)> function)
    : space_(std::move(space)), function_(std::move(function)) {
  if (!space_) throw InvalidInput("space", "is null; give the predictor a space");
  if (!function_) throw InvalidInput("function", "is empty; give the predictor a function");
}

Eigen::VectorXd FunctionPredictor::predict(std::span<const Configuration> configurations) const {
  Eigen::VectorXd values(static_cast<Eigen::Index>(configurations.size()));
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    const double value = function_(configurations[i]);
    if (!std::isfinite(value)) {
      throw InvalidInput("function", "returned a value that is not finite for " +
                                         space_->to_json(configurations[i]).dump() +
                                         "; return a finite number for every legal configuration");
    }
    values(static_cast<Eigen::Index>(i)) = value;
  }
  return values;
}

}  // namespace hyperego
