#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/parallel.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

/// Values of hyperparameters in one call of predict(): 64 MiB.
constexpr std::size_t most_codes = std::size_t{1} << 23U;

}  // namespace

void BlendPredictor::predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                                    Eigen::Ref<Eigen::MatrixXd> predictions) const {
  if (static_cast<std::size_t>(predictions.rows()) != coalitions.size() ||
      first + static_cast<std::size_t>(predictions.cols()) > blends.number_of_samples()) {
    throw InvalidInput("predictions",
                       "does not fit: one row per coalition and one column per sample of the tile are needed");
  }
  predictions.setZero();
  const std::size_t most = std::max<std::size_t>(1, most_codes / std::max<std::size_t>(1, blends.space().size()));
  std::vector<Configuration> configurations;
  std::vector<double*> places;
  const auto predict_them = [&] {
    if (configurations.empty()) return;
    const Eigen::VectorXd values = predict(configurations);
    for (std::size_t k = 0; k < places.size(); ++k) *places[k] = values(static_cast<Eigen::Index>(k));
    configurations.clear();
    places.clear();
  };
  for (Eigen::Index column = 0; column < predictions.cols(); ++column) {
    const std::size_t i = first + static_cast<std::size_t>(column);
    for (std::size_t row = 0; row < coalitions.size(); ++row) {
      if (!blends.counts(i, coalitions[row])) continue;
      configurations.push_back(blends.blend(i, coalitions[row]));
      places.push_back(&predictions(static_cast<Eigen::Index>(row), column));
      if (configurations.size() == most) predict_them();
    }
  }
  predict_them();
}

int threads_for(const BlendPredictor& predictor, int wanted) {
  return std::min(number_of_threads(wanted), predictor.max_threads());
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
