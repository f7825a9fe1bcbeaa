#include <hyperego/moo/model/importance.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>
#include <hyperego/surrogate/gaussian_process/total_sensitivity.hpp>

#include <cmath>

namespace hyperego {

Eigen::VectorXd importance_of(std::span<const std::pair<double, const Surrogate*>> terms) {
  Eigen::VectorXd sum;
  for (const auto& [slope, surrogate] : terms) {
    const auto* process = dynamic_cast<const GaussianProcessSurrogate*>(surrogate);
    if (process == nullptr) return {};
    const double own_slope = slope * process->slope_from_process(0);
    const Eigen::VectorXd term = own_slope * own_slope * total_sensitivity(*process);
    sum = sum.size() == 0 ? term : Eigen::VectorXd(sum + term);
  }
  const double total = sum.sum();
  if (!(total > 0) || !std::isfinite(total)) return {};
  return sum / total;
}

double effective_dimension(const Eigen::VectorXd& shares) {
  double entropy = 0;
  for (const double share : shares) {
    if (share > 0) entropy -= share * std::log(share);
  }
  return std::exp(entropy);
}

}  // namespace hyperego
