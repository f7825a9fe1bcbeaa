// Posterior paths: their moments against the posterior, and that they are good predictors.
#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_path.hpp>

#include <doctest/doctest.h>

#include "surrogate_spaces.hpp"
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

using namespace hyperego;

namespace {

GaussianProcessSurrogate path_surrogate(const std::shared_ptr<const SearchSpace>& space, KernelForm form,
                                        double log_noise = -5.0,
                                        TargetTransform::Kind transform = TargetTransform::Kind::none) {
  const auto configurations = test::sample_space(space, 30, 51);
  const auto p = InputEncoding(space).number_of_features();
  return GaussianProcessSurrogate::condition(space, configurations, test::some_targets(*space, configurations),
                                             {.log_signal_variance = 0.4,
                                              .log_length_scales = Eigen::VectorXd::LinSpaced(p, -0.3, 0.9),
                                              .log_noise_variance = log_noise},
                                             {.process = {.kernel = form}, .transform = transform});
}

/// Paths of one and the same process; plausible_functions() draws its parameters as well.
std::vector<std::unique_ptr<BlendPredictor>> paths_of(const GaussianProcessSurrogate& surrogate, std::size_t count,
                                                      std::uint64_t seed) {
  const auto shared = std::make_shared<const GaussianProcessSurrogate>(surrogate);
  std::vector<std::unique_ptr<BlendPredictor>> paths;
  for (std::size_t k = 0; k < count; ++k) paths.push_back(std::make_unique<GaussianProcessPath>(shared, seed, k));
  return paths;
}

/// Training points, neighbours of some and places far from all.
std::vector<Configuration> places_near_and_far(const std::shared_ptr<const SearchSpace>& space) {
  auto places = test::sample_space(space, 30, 51);
  places.resize(3);
  for (std::size_t i = 0; i < 3; ++i) {
    places.push_back(places[i]);
    places.back().set(0, (*space)[0].from_unit((*space)[0].to_unit(places[i][0]) * 0.97));
  }
  for (const Configuration& far : test::sample_space(space, 4, 52)) places.push_back(far);
  return places;
}

}  // namespace

TEST_CASE("paths have the mean and the covariance of the posterior, beside data as well as far from them") {
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    for (const auto& space : {test::flat_space(3), test::conditional_space()}) {
      CAPTURE(to_string(form));
      CAPTURE(space->size());
      const auto surrogate = path_surrogate(space, form, -7.0);
      const auto places = places_near_and_far(space);
      const auto m = static_cast<Eigen::Index>(places.size());
      const auto posterior = surrogate.process().joint_posterior(surrogate.encoding().encode(places));
      constexpr std::size_t count = 2500;
      Eigen::MatrixXd z(m, count);
      const auto paths = paths_of(surrogate, count, 7);
      REQUIRE(paths.size() == count);
      for (std::size_t k = 0; k < count; ++k) {
        z.col(static_cast<Eigen::Index>(k)) = surrogate.transform().standardise(paths[k]->predict(places));
      }
      const Eigen::VectorXd mean = z.rowwise().mean();
      const Eigen::MatrixXd centred = z.colwise() - mean;
      const Eigen::MatrixXd covariance = centred * centred.transpose() / static_cast<double>(count - 1);
      const auto& expected = posterior.covariance;
      for (Eigen::Index i = 0; i < m; ++i) {
        CHECK(std::abs(mean[i] - posterior.mean[i]) < 4.5 * std::sqrt(expected(i, i) / count));
        for (Eigen::Index j = 0; j <= i; ++j) {
          // Standard errors from the draws themselves: right whatever their fourth moments.
          const Eigen::ArrayXd products = centred.row(i).array() * centred.row(j).array();
          const double error = std::sqrt((products - products.mean()).square().mean() / count);
          CHECK(std::abs(covariance(i, j) - expected(i, j)) < 4.5 * error);
        }
        const double within = ((centred.row(i).array().abs() < std::sqrt(expected(i, i))).cast<double>()).mean();
        CHECK(within == doctest::Approx(0.6827).epsilon(0.06));
      }
      // The test can tell: variances span an order of magnitude and more.
      CHECK(expected.diagonal().maxCoeff() > 10 * expected.diagonal().minCoeff());
    }
  }
}

TEST_CASE("paths pass through data without noise and differ elsewhere") {
  const auto space = test::flat_space(3, true);
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    const auto surrogate = path_surrogate(space, form, std::log(1e-8), TargetTransform::Kind::yeo_johnson);
    const auto data = test::sample_space(space, 30, 51);
    const Eigen::VectorXd targets = test::some_targets(*space, data);
    const auto far = test::sample_space(space, 5, 77);
    const auto paths = paths_of(surrogate, 3, 1);
    for (const auto& path : paths) CHECK((path->predict(data) - targets).cwiseAbs().maxCoeff() < 2e-3);
    CHECK((paths[0]->predict(far) - paths[1]->predict(far)).cwiseAbs().maxCoeff() > 1e-3);
  }
}

TEST_CASE("half tables of a path agree with predicting every blend") {
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    for (const auto& space : {test::conditional_space(), test::flat_space(6), test::flat_space(7, true)}) {
      CAPTURE(to_string(form));
      const auto surrogate = path_surrogate(space, form, -5.0, TargetTransform::Kind::log);
      const auto path = std::move(surrogate.plausible_functions(2, 3)[1]);
      const auto samples = test::sample_space(space, 9, 22);
      std::vector<Coalition> every(std::size_t{1} << space->searched().size());
      std::iota(every.begin(), every.end(), Coalition{0});
      for (const auto treatment : {BlendTreatment::repair, BlendTreatment::drop, BlendTreatment::ignore}) {
        const Blends blends(space, test::sample_space(space, 4, 23)[2], samples, treatment);
        for (const std::vector<Coalition>& coalitions :
             {every, std::vector<Coalition>{grand_coalition(blends.number_of_players()), 5, 0, 17, 5, 42}}) {
          const auto rows = static_cast<Eigen::Index>(coalitions.size());
          Eigen::MatrixXd expected(rows, 7);
          Eigen::MatrixXd found(rows, 7);
          path->BlendPredictor::predict_blends(blends, 2, coalitions, expected);
          path->predict_blends(blends, 2, coalitions, found);
          double worst = 0;
          for (Eigen::Index i = 0; i < 7; ++i) {
            for (Eigen::Index j = 0; j < rows; ++j) {
              if (!blends.counts(2 + static_cast<std::size_t>(i), coalitions[static_cast<std::size_t>(j)])) continue;
              worst = std::max(worst, std::abs(expected(j, i) - found(j, i)));
            }
          }
          CHECK(worst < 1e-10);
        }
      }
    }
  }
}

TEST_CASE("gradients of paths agree with finite differences") {
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    for (const auto transform : {TargetTransform::Kind::none, TargetTransform::Kind::yeo_johnson}) {
      const auto surrogate = path_surrogate(test::conditional_space(), form, -5.0, transform);
      const SearchSpace& space = *surrogate.shared_space();
      const auto path = std::move(surrogate.plausible_functions(1, 5)[0]);
      REQUIRE(path->has_gradient());
      Configuration at = space.default_configuration();
      at.set(0, 0.003);
      at.set(2, 0.45);
      Eigen::VectorXd gradient(space.size());
      CHECK(path->value_and_gradient(at, gradient) == doctest::Approx(path->predict({&at, 1})[0]).epsilon(1e-10));
      for (const std::size_t i : {0U, 2U}) {
        const double h = 1e-6;
        const double u = space[i].to_unit(at[i]);
        std::vector<Configuration> beside(2, at);
        beside[0].set(i, space[i].from_unit(u + h));
        beside[1].set(i, space[i].from_unit(u - h));
        const Eigen::VectorXd values = path->predict(beside);
        CHECK(gradient[static_cast<Eigen::Index>(i)] ==
              doctest::Approx((values[0] - values[1]) / (2 * h)).epsilon(1e-3));
      }
      CHECK(gradient[1] == 0.0);
      CHECK(gradient[4] == 0.0);
      CHECK(gradient[7] == 0.0);
    }
  }
}

TEST_CASE("paths depend on seed and index alone, and outlive their surrogate") {
  const auto space = test::conditional_space();
  const auto places = test::sample_space(space, 5, 3);
  std::vector<std::unique_ptr<BlendPredictor>> few;
  std::vector<std::unique_ptr<BlendPredictor>> many;
  std::vector<std::unique_ptr<BlendPredictor>> others;
  {
    const auto surrogate = path_surrogate(space, KernelForm::product);
    few = surrogate.plausible_functions(2, 11);
    many = surrogate.plausible_functions(5, 11);
    others = surrogate.plausible_functions(2, 12);
    CHECK(surrogate.plausible_functions(0, 11).empty());
  }
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(few[k]->predict(places) == many[k]->predict(places));
    CHECK(few[k]->predict(places) != others[k]->predict(places));
  }
  CHECK(many[0]->predict(places) != many[1]->predict(places));
}

TEST_CASE("misuse of paths is named") {
  const auto shared =
      std::make_shared<const GaussianProcessSurrogate>(path_surrogate(test::flat_space(2), KernelForm::product));
  CHECK_THROWS_AS(GaussianProcessPath(nullptr, 1, 0), InvalidInput);
  CHECK_THROWS_WITH_AS(GaussianProcessPath(shared, 1, 0, 12), doctest::Contains("features"), InvalidInput);
}
