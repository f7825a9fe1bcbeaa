// Likelihood, gradient, posterior and leave-one-out values computed elsewhere in 50-digit arithmetic.
#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>

#include <doctest/doctest.h>

#include "shared_data.hpp"
#include <cmath>
#include <string>
#include <vector>

using namespace hyperego;

namespace {

Eigen::VectorXd vector_of(const nlohmann::ordered_json& json) {
  Eigen::VectorXd vector(static_cast<Eigen::Index>(json.size()));
  for (std::size_t i = 0; i < json.size(); ++i) vector[static_cast<Eigen::Index>(i)] = json[i].get<double>();
  return vector;
}

Eigen::MatrixXd columns_of(const nlohmann::ordered_json& rows) {
  Eigen::MatrixXd matrix(static_cast<Eigen::Index>(rows.at(0).size()), static_cast<Eigen::Index>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) matrix.col(static_cast<Eigen::Index>(i)) = vector_of(rows[i]);
  return matrix;
}

double worst(const Eigen::VectorXd& found, const Eigen::VectorXd& expected) {
  REQUIRE(found.size() == expected.size());
  return (found - expected).cwiseAbs().maxCoeff() / expected.cwiseAbs().maxCoeff();
}

void check_case(const nlohmann::ordered_json& golden) {
  const Eigen::MatrixXd X = columns_of(golden.at("X"));
  GaussianProcessParameters parameters;
  parameters.log_signal_variance = std::log(golden.at("signal_variance").get<double>());
  parameters.log_length_scales = vector_of(golden.at("length_scales")).array().log();
  parameters.log_noise_variance = std::log(golden.at("noise_variance").get<double>());
  GaussianProcessOptions options;
  options.kernel = golden.at("kernel") == "product_matern52" ? KernelForm::product : KernelForm::joint;
  const std::vector<FeatureKind> kinds(static_cast<std::size_t>(X.rows()), FeatureKind::numeric);
  const GaussianProcess process(kinds, X, vector_of(golden.at("y")), parameters, options);

  const double expected = golden.at("log_marginal_likelihood").get<double>();
  Eigen::VectorXd gradient;
  CHECK(std::abs(process.log_marginal_likelihood(parameters, &gradient) - expected) <= 1e-9 * std::abs(expected));
  CHECK(std::abs(process.log_marginal_likelihood() - expected) <= 1e-9 * std::abs(expected));
  CHECK(worst(gradient, vector_of(golden.at("gradient_log_parameters"))) <= 1e-7);
  const auto posterior = process.posterior(columns_of(golden.at("Z")));
  CHECK(worst(posterior.mean, vector_of(golden.at("posterior_mean"))) <= 1e-9);
  CHECK(worst(process.posterior_mean(columns_of(golden.at("Z"))), vector_of(golden.at("posterior_mean"))) <= 1e-9);
  CHECK(worst(posterior.variance, vector_of(golden.at("posterior_variance"))) <= 1e-9);
  CHECK(worst(process.leave_one_out().mean, vector_of(golden.at("leave_one_out_mean"))) <= 1e-9);
}

}  // namespace

TEST_CASE("golden values of Gaussian processes, independent implementation") {
  if (!test::have_shared("golden/gp", "Gaussian-process golden values")) return;
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::shared_data() / "golden/gp")) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().filename().string());
    check_case(test::read_shared(std::filesystem::path("golden/gp") / entry.path().filename()));
    ++cases;
  }
  CHECK(cases > 0);
}

TEST_CASE("golden values of Gaussian processes, shipped") {
  // Two points at distance 0.5, ℓ = 1, σ² = 2, noise 0.5: every value by hand from k = 2 (1 + s + s²/3) exp(−s), s =
  // √5/2.
  const double s = std::sqrt(5.0) / 2.0;
  const double k = 2.0 * (1.0 + s + s * s / 3.0) * std::exp(-s);
  const double determinant = 2.5 * 2.5 - k * k;
  const GaussianProcessParameters parameters{.log_signal_variance = std::log(2.0),
                                             .log_length_scales = Eigen::VectorXd::Zero(1),
                                             .log_noise_variance = std::log(0.5)};
  Eigen::MatrixXd X(1, 2);
  X << 0.25, 0.75;
  const GaussianProcess process({FeatureKind::numeric}, X, Eigen::Vector2d(1.0, -2.0), parameters);
  const double quadratic = (2.5 * 1.0 + 2.5 * 4.0 + 4.0 * k) / determinant;
  CHECK(
      process.log_marginal_likelihood() ==
      doctest::Approx(-0.5 * quadratic - 0.5 * std::log(determinant) - std::log(2.0 * std::acos(-1.0))).epsilon(1e-13));
  const auto left_out = process.leave_one_out();
  CHECK(left_out.mean[0] == doctest::Approx(-2.0 * k / 2.5).epsilon(1e-13));
  CHECK(left_out.variance[0] == doctest::Approx(2.5 - k * k / 2.5).epsilon(1e-13));
}
