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

void GaussianProcessOptions::validate() const {
  priors.validate();
  require_range(bounds.signal_variance_lower, bounds.signal_variance_upper, "bounds.signal_variance");
  require_range(bounds.length_scale_lower, bounds.length_scale_upper, "bounds.length_scale");
  require_range(bounds.noise_variance_lower, bounds.noise_variance_upper, "bounds.noise_variance");
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
