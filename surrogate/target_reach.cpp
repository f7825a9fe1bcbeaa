#include <hyperego/core/error.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/surrogate/target_reach.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace hyperego {

void TargetReachOptions::validate() const {
  if (!(factor >= 0)) throw InvalidInput("reach", "must not be negative");
  if (!(lower < upper)) throw InvalidInput("bounds", "the lower one must be less than the upper one");
}

TargetReach::TargetReach(const Eigen::VectorXd& targets, const TargetReachOptions& options) : limited_(true) {
  options.validate();
  if (targets.size() == 0) throw InvalidInput("targets", "there are none");
  std::vector<double> sorted(targets.begin(), targets.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t last = sorted.size() - 1;
  const auto k = std::min(last, static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(sorted.size())))));
  low_ = sorted.front();
  high_ = sorted.back();
  const auto reach = [&](double spread) {
    return std::isfinite(options.factor) ? options.factor * spread : std::numeric_limits<double>::infinity();
  };
  below_ = std::min(reach(sorted[k] - low_), std::max(0.0, low_ - options.lower));
  above_ = std::min(reach(high_ - sorted[last - k]), std::max(0.0, options.upper - high_));
}

double TargetReach::apply(double prediction) const {
  if (prediction < low_ && std::isfinite(below_)) {
    return below_ > 0 ? low_ + below_ * std::expm1((prediction - low_) / below_) : low_;
  }
  if (prediction > high_ && std::isfinite(above_)) {
    return above_ > 0 ? high_ - above_ * std::expm1((high_ - prediction) / above_) : high_;
  }
  return prediction;
}

double TargetReach::slope(double prediction) const {
  if (prediction < low_ && std::isfinite(below_)) return below_ > 0 ? std::exp((prediction - low_) / below_) : 0.0;
  if (prediction > high_ && std::isfinite(above_)) return above_ > 0 ? std::exp((high_ - prediction) / above_) : 0.0;
  return 1;
}

}  // namespace hyperego
