#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_parameters.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {
namespace {

double read_number(const nlohmann::ordered_json& json, const char* member, const std::string& where) {
  if (!json.is_object() || !json.contains(member) || !json.at(member).is_number()) {
    throw InvalidInput(where + "/" + member, "must be a number");
  }
  return json.at(member).get<double>();
}

}  // namespace

Eigen::VectorXd GaussianProcessParameters::as_vector() const {
  const Eigen::Index p = log_length_scales.size();
  Eigen::VectorXd vector(p + (fidelity ? 4 : 2));
  vector[0] = log_signal_variance;
  vector.segment(1, p) = log_length_scales;
  vector[p + 1] = log_noise_variance;
  if (fidelity) vector.tail(2) << fidelity->log_length_scale, fidelity->log_drift;
  return vector;
}

GaussianProcessParameters GaussianProcessParameters::from_vector(const Eigen::Ref<const Eigen::VectorXd>& vector,
                                                                 bool has_fidelity) {
  const Eigen::Index fixed = has_fidelity ? 4 : 2;
  if (vector.size() < fixed)
    throw InvalidInput("vector", "is too short; it holds the signal variance and the noise at least");
  const Eigen::Index p = vector.size() - fixed;
  GaussianProcessParameters parameters{
      .log_signal_variance = vector[0], .log_length_scales = vector.segment(1, p), .log_noise_variance = vector[p + 1]};
  if (has_fidelity) parameters.fidelity = FidelityParameters{vector[p + 2], vector[p + 3]};
  return parameters;
}

nlohmann::ordered_json GaussianProcessParameters::to_json() const {
  nlohmann::ordered_json scales = nlohmann::ordered_json::array();
  for (const double scale : log_length_scales) scales.push_back(scale);
  nlohmann::ordered_json json{{"log_signal_variance", log_signal_variance},
                              {"log_length_scales", std::move(scales)},
                              {"log_noise_variance", log_noise_variance}};
  if (fidelity) {
    json["fidelity"] = {{"log_length_scale", fidelity->log_length_scale}, {"log_drift", fidelity->log_drift}};
  }
  return json;
}

GaussianProcessParameters GaussianProcessParameters::from_json(const nlohmann::ordered_json& json,
                                                               const std::string& where) {
  GaussianProcessParameters parameters;
  parameters.log_signal_variance = read_number(json, "log_signal_variance", where);
  parameters.log_noise_variance = read_number(json, "log_noise_variance", where);
  const std::string member = where + "/log_length_scales";
  if (!json.contains("log_length_scales") || !json.at("log_length_scales").is_array()) {
    throw InvalidInput(member, "must be an array of numbers");
  }
  const auto& scales = json.at("log_length_scales");
  parameters.log_length_scales.resize(static_cast<Eigen::Index>(scales.size()));
  for (std::size_t l = 0; l < scales.size(); ++l) {
    if (!scales[l].is_number()) throw InvalidInput(member + "/" + std::to_string(l), "must be a number");
    parameters.log_length_scales[static_cast<Eigen::Index>(l)] = scales[l].get<double>();
  }
  if (json.contains("fidelity")) {
    const auto& fidelity = json.at("fidelity");
    parameters.fidelity = FidelityParameters{read_number(fidelity, "log_length_scale", where + "/fidelity"),
                                             read_number(fidelity, "log_drift", where + "/fidelity")};
  }
  return parameters;
}

}  // namespace hyperego
