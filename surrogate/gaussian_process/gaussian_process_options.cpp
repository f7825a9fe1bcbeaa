#include <hyperego/core/error.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>

#include <nlohmann/json.hpp>

#include <cmath>

namespace hyperego {
namespace {

// Outside of exp(±20) the products of kernel factors could overflow.
void require_range(double lower, double upper, const std::string& where) {
  if (!(lower > 0) || !(lower < upper) || !(lower >= std::exp(-20.0)) || !(upper <= std::exp(20.0))) {
    throw InvalidInput(where, "needs exp(-20) <= lower < upper <= exp(20)");
  }
}

void require_positive(int value, const std::string& where) {
  if (value < 1) throw InvalidInput(where, "is " + std::to_string(value) + "; it must be at least 1");
}

}  // namespace

std::pair<Eigen::VectorXd, Eigen::VectorXd> GaussianProcessBounds::log_box(Eigen::Index p, bool has_fidelity) const {
  const Eigen::Index size = p + (has_fidelity ? 4 : 2);
  std::pair<Eigen::VectorXd, Eigen::VectorXd> box{Eigen::VectorXd::Constant(size, std::log(length_scale_lower)),
                                                  Eigen::VectorXd::Constant(size, std::log(length_scale_upper))};
  const auto bound = [&](Eigen::Index i, double lower, double upper) {
    box.first[i] = std::log(lower);
    box.second[i] = std::log(upper);
  };
  bound(0, signal_variance_lower, signal_variance_upper);
  bound(p + 1, noise_variance_lower, noise_variance_upper);
  if (has_fidelity) {
    bound(p + 2, fidelity_length_scale_lower, fidelity_length_scale_upper);
    bound(p + 3, fidelity_drift_lower, fidelity_drift_upper);
  }
  return box;
}

void GaussianProcessOptions::validate() const {
  priors.validate();
  require_range(bounds.signal_variance_lower, bounds.signal_variance_upper, "bounds.signal_variance");
  require_range(bounds.length_scale_lower, bounds.length_scale_upper, "bounds.length_scale");
  require_range(bounds.noise_variance_lower, bounds.noise_variance_upper, "bounds.noise_variance");
  require_range(bounds.fidelity_length_scale_lower, bounds.fidelity_length_scale_upper, "bounds.fidelity_length_scale");
  require_range(bounds.fidelity_drift_lower, bounds.fidelity_drift_upper, "bounds.fidelity_drift");
  require_positive(candidates, "candidates");
  require_positive(starts, "starts");
  require_positive(evaluations_per_start, "evaluations_per_start");
  if (!(tolerance > 0)) throw InvalidInput("tolerance", "must be positive");
}

std::string FitReport::brief() const {
  std::string text = fitted ? "fitted by " + std::to_string(evaluations) + " evaluations from " +
                                  std::to_string(starts) + " starts (" + message + ")"
                            : "parameters given";
  text += ", log posterior " + number_text(log_posterior);
  if (jitter > 0) text += ", jitter " + nlohmann::json(jitter).dump();
  if (fallback) text += ", every climb failed and the best point seen is used";
  return text;
}

nlohmann::ordered_json FitReport::to_json() const {
  return {{"fitted", fitted}, {"evaluations", evaluations}, {"starts", starts},  {"log_posterior", log_posterior},
          {"jitter", jitter}, {"fallback", fallback},       {"message", message}};
}

std::string GaussianProcess::brief() const {
  return "Gaussian process (" + std::string(to_string(options_.kernel)) + " Matern-5/2) on " +
         std::to_string(number_of_points()) + " points with " + std::to_string(number_of_features()) +
         " features: " + report_.brief();
}

nlohmann::ordered_json GaussianProcess::to_json() const {
  return {{"kernel", to_string(options_.kernel)},
          {"points", number_of_points()},
          {"parameters", parameters_.to_json()},
          {"fit", report_.to_json()}};
}

}  // namespace hyperego
