#include <hyperego/moo/model/chebyshev_predictor.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace hyperego {

ChebyshevWeights::ChebyshevWeights(const Eigen::VectorXd& weights, const Eigen::VectorXd& ideal_point,
                                   const Eigen::VectorXd& nadir, double augmentation)
    : scale(weights.array() / (nadir - ideal_point).array()), ideal(ideal_point), rho(augmentation) {}

ChebyshevPredictor::ChebyshevPredictor(std::vector<std::shared_ptr<const BlendPredictor>> objectives,
                                       ChebyshevWeights weights)
    : objectives_(std::move(objectives)), weights_(std::move(weights)) {}

Eigen::VectorXd ChebyshevPredictor::predict(std::span<const Configuration> configurations) const {
  const auto n = static_cast<Eigen::Index>(configurations.size());
  Eigen::VectorXd largest = Eigen::VectorXd::Constant(n, -std::numeric_limits<double>::infinity());
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(n);
  for (std::size_t j = 0; j < objectives_.size(); ++j) {
    const auto k = static_cast<Eigen::Index>(j);
    if (weights_.scale[k] == 0) continue;
    const Eigen::VectorXd weighted =
        weights_.scale[k] * (objectives_[j]->predict(configurations).array() - weights_.ideal[k]);
    largest = largest.cwiseMax(weighted);
    sum += weighted;
  }
  return largest + weights_.rho * sum;
}

void ChebyshevPredictor::predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                                        Eigen::Ref<Eigen::MatrixXd> predictions) const {
  Eigen::MatrixXd tile(predictions.rows(), predictions.cols());
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(predictions.rows(), predictions.cols());
  predictions.setConstant(-std::numeric_limits<double>::infinity());
  for (std::size_t j = 0; j < objectives_.size(); ++j) {
    const auto k = static_cast<Eigen::Index>(j);
    if (weights_.scale[k] == 0) continue;
    objectives_[j]->predict_blends(blends, first, coalitions, tile);
    tile = weights_.scale[k] * (tile.array() - weights_.ideal[k]);
    predictions = predictions.cwiseMax(tile);
    sum += tile;
  }
  predictions += weights_.rho * sum;
}

int ChebyshevPredictor::max_threads() const {
  int most = BlendPredictor::max_threads();
  for (std::size_t j = 0; j < objectives_.size(); ++j) {
    if (weights_.scale[static_cast<Eigen::Index>(j)] != 0) most = std::min(most, objectives_[j]->max_threads());
  }
  return most;
}

bool ChebyshevPredictor::has_gradient() const {
  for (std::size_t j = 0; j < objectives_.size(); ++j) {
    if (weights_.scale[static_cast<Eigen::Index>(j)] != 0 && !objectives_[j]->has_gradient()) return false;
  }
  return true;
}

double ChebyshevPredictor::value_and_gradient(const Configuration& configuration,
                                              Eigen::Ref<Eigen::VectorXd> gradient) const {
  double largest = -std::numeric_limits<double>::infinity();
  double sum = 0;
  Eigen::VectorXd steepest = Eigen::VectorXd::Zero(gradient.size());
  Eigen::VectorXd total = Eigen::VectorXd::Zero(gradient.size());
  Eigen::VectorXd own(gradient.size());
  for (std::size_t j = 0; j < objectives_.size(); ++j) {
    const auto k = static_cast<Eigen::Index>(j);
    const double scale = weights_.scale[k];
    if (scale == 0) continue;
    const double weighted = scale * (objectives_[j]->value_and_gradient(configuration, own) - weights_.ideal[k]);
    sum += weighted;
    total += scale * own;
    if (weighted > largest) {
      largest = weighted;
      steepest = scale * own;
    }
  }
  gradient = steepest + weights_.rho * total;
  return largest + weights_.rho * sum;
}

std::vector<double> ChebyshevPredictor::joined_representatives(std::size_t hyperparameter) const {
  constexpr std::size_t most = 256;
  std::vector<double> codes;
  for (std::size_t j = 0; j < objectives_.size(); ++j) {
    if (weights_.scale[static_cast<Eigen::Index>(j)] == 0) continue;
    const std::span<const double> own = objectives_[j]->representatives(hyperparameter);
    if (own.empty()) return {};
    codes.insert(codes.end(), own.begin(), own.end());
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  if (codes.size() <= most) return codes;
  std::vector<double> some;
  for (std::size_t k = 0; k < most; ++k) some.push_back(codes[k * (codes.size() - 1) / (most - 1)]);
  return some;
}

std::span<const double> ChebyshevPredictor::representatives(std::size_t hyperparameter) const {
  const std::scoped_lock lock(asked_);
  const auto found = representatives_.find(hyperparameter);
  if (found != representatives_.end()) return found->second;
  return representatives_.emplace(hyperparameter, joined_representatives(hyperparameter)).first->second;
}

void ChebyshevPredictor::profile(const Configuration& configuration, std::size_t hyperparameter,
                                 std::span<const double> codes, Eigen::Ref<Eigen::VectorXd> values) const {
  Eigen::VectorXd own(values.size());
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(values.size());
  values.setConstant(-std::numeric_limits<double>::infinity());
  for (std::size_t j = 0; j < objectives_.size(); ++j) {
    const auto k = static_cast<Eigen::Index>(j);
    if (weights_.scale[k] == 0) continue;
    objectives_[j]->profile(configuration, hyperparameter, codes, own);
    own = weights_.scale[k] * (own.array() - weights_.ideal[k]);
    values = values.cwiseMax(own);
    sum += own;
  }
  values += weights_.rho * sum;
}

}  // namespace hyperego
