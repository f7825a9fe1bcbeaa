#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "surrogate_spaces.hpp"
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace hyperego;

namespace {

const std::vector<ForestFeature> one_number{{}};

Eigen::MatrixXd row(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::RowVectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

Eigen::VectorXd column(const std::vector<double>& values) { return row(values).transpose(); }

RandomForestSurrogate forest_on(const std::shared_ptr<const SearchSpace>& space, int n,
                                const RandomForestOptions& options = {.trees = 40}) {
  const auto data = test::sample_space(space, n, 3);
  return RandomForestSurrogate::fit(space, data, test::some_targets(*space, data), options);
}

}  // namespace

TEST_CASE("a stump by hand") {
  // The best split of 1 1 2 | 8 10 leaves the means 4/3 and 9; squared errors 2/3 and 2 over 2 + 1 degrees of freedom.
  const RandomForest stump = RandomForest::fit(one_number, row({0.1, 0.2, 0.3, 0.8, 0.9}), column({1, 1, 2, 8, 10}),
                                               {.trees = 1, .most_depth = 1, .bootstrap = false});
  CHECK(stump.number_of_leaves() == 2);
  const Eigen::MatrixXd values = stump.tree_values(row({0, 0.3, 0.8, 1}));
  CHECK(values(0, 0) == doctest::Approx(4.0 / 3));
  CHECK(values(0, 1) == doctest::Approx(4.0 / 3));
  CHECK(values(0, 2) == 9);
  CHECK(values(0, 3) == 9);
  CHECK(stump.noise_variance() == doctest::Approx((2.0 / 3 + 2) / 3));
  // One more draw of 21 on the right: (8 + 10 + 21) / 3.
  CHECK(stump.with_observations(row({0.85}), column({21})).tree_values(row({1}))(0, 0) == doctest::Approx(13));
}

TEST_CASE("thresholds are uniform between their neighbours") {
  double sum = 0;
  double squares = 0;
  const int count = 400;
  for (int seed = 0; seed < count; ++seed) {
    const RandomForest stump =
        RandomForest::fit(one_number, row({0.2, 0.6}), column({0, 1}),
                          {.trees = 1, .bootstrap = false, .seed = static_cast<std::uint64_t>(seed)});
    double low = 0.2;
    double high = 0.6;
    for (int k = 0; k < 40; ++k) {
      const double middle = 0.5 * (low + high);
      (stump.tree_values(row({middle}))(0, 0) == 0 ? low : high) = middle;
    }
    sum += low / count;
    squares += low * low / count;
  }
  CHECK(sum == doctest::Approx(0.4).epsilon(0.03));
  CHECK(std::sqrt(squares - sum * sum) == doctest::Approx(0.4 / std::sqrt(12.0)).epsilon(0.08));
}

TEST_CASE("without bootstrap fully grown trees interpolate") {
  const auto space = test::conditional_space();
  const auto data = test::sample_space(space, 60, 3);
  const Eigen::VectorXd y = test::some_targets(*space, data);
  const auto forest = RandomForestSurrogate::fit(space, data, y, {.trees = 5, .bootstrap = false});
  CHECK((forest.predict(data) - y).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(forest.posterior(data).on_model_scale().variance.maxCoeff() < 1e-24);
  CHECK(forest.fit_quality().leave_one_out_r2 == 0);  // nothing is out of bag
}

TEST_CASE("categoricals are no ordered integers: parity in one split") {
  std::vector<double> codes;
  std::vector<double> targets;
  for (int c = 0; c < 70; ++c) {
    codes.push_back(c);
    targets.push_back(c % 2);
  }
  const RandomForest forest = RandomForest::fit({{.categories = 70}}, row(codes), column(targets),
                                                {.trees = 3, .most_depth = 1, .bootstrap = false});
  for (int c = 0; c < 70; ++c) {
    const Eigen::MatrixXd values = forest.tree_values(row({static_cast<double>(c)}));
    for (const double value : values.reshaped()) CHECK(value == c % 2);
  }
}

TEST_CASE("choices that a tree has not seen go either way") {
  const RandomForest forest =
      RandomForest::fit({{.categories = 3}}, row({0, 1}), column({0, 1}), {.trees = 200, .bootstrap = false});
  const Prediction unseen = forest.posterior(row({2}));
  CHECK(unseen.mean[0] == doctest::Approx(0.5).epsilon(0.2));
  CHECK(unseen.variance[0] > 0.2);
  CHECK(forest.posterior(row({missing_feature})).variance[0] > 0.2);
}

TEST_CASE("being without a value is a branch of its own") {
  const double none = missing_feature;
  SUBCASE("alone") {
    const RandomForest forest = RandomForest::fit(one_number, row({0.1, none, 0.9, none, 0.5}), column({1, 5, 1, 5, 1}),
                                                  {.trees = 1, .most_depth = 1, .bootstrap = false});
    const Eigen::MatrixXd values = forest.tree_values(row({none, 0, 1}));
    CHECK(values(0, 0) == 5);
    CHECK(values(0, 1) == 1);
    CHECK(values(0, 2) == 1);
  }
  SUBCASE("with the side that gains more") {
    for (const double side : {0.1, 0.9}) {
      const RandomForest forest = RandomForest::fit(one_number, row({0.1, none, 0.9, none}),
                                                    column({side == 0.1 ? 5.0 : 1.0, 5, side == 0.9 ? 5.0 : 1.0, 5}),
                                                    {.trees = 1, .most_depth = 1, .bootstrap = false});
      CHECK(forest.tree_values(row({none}))(0, 0) == 5);
      CHECK(forest.tree_values(row({side}))(0, 0) == 5);
      CHECK(forest.tree_values(row({1 - side}))(0, 0) == 1);
    }
  }
}

TEST_CASE("leaves of logarithms hold the logarithm of the mean target") {
  const auto space = test::flat_space(1);
  const auto data = test::sample_space(space, 3, 1);
  const auto forest = RandomForestSurrogate::fit(
      space, data, column({1, 10, 100}), {.trees = 2, .least_to_split = 9, .bootstrap = false, .log_targets = true});
  CHECK(forest.predict(data)[0] == doctest::Approx(37));
  CHECK(forest.to_model(std::exp(2.0)).on_model_scale() == doctest::Approx(2));
  CHECK(forest.posterior(data).on_model_scale().mean[0] == doctest::Approx(std::log(37.0)));
  const auto more = forest.with_observations(std::span(data).first(1), column({37 + 4}));
  CHECK(more->predict(data)[0] == doctest::Approx(38));
  CHECK_THROWS_AS((void)RandomForestSurrogate::fit(space, data, column({1, 0, 2}), {.log_targets = true}),
                  InvalidInput);
}

TEST_CASE("prediction, posterior and trees are the same model") {
  const auto space = test::conditional_space();
  const auto forest = forest_on(space, 70);
  const auto places = test::sample_space(space, 50, 9);
  const Prediction posterior = forest.posterior(places).on_model_scale();
  CHECK((forest.predict(places) - posterior.mean).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(posterior.variance.minCoeff() >= 0);
  CHECK(posterior.variance.maxCoeff() > 0.01);
  const FitQuality quality = forest.fit_quality();
  CHECK(quality.leave_one_out_r2 > 0.3);
  CHECK(quality.leave_one_out_r2 < 1);
  CHECK_FALSE(forest.has_gradient());
  CHECK_THROWS_AS((void)forest.posterior_with_gradient(places[0]), Error);
}

// Single forests are anywhere from 0.9 to 5 (20 data sets, geometric mean 1.75).
TEST_CASE("out of bag, forests are overconfident by a factor below three") {
  const auto space = test::conditional_space();
  double log_mean = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const auto data = test::sample_space(space, 70, 3 + seed);
    const auto forest =
        RandomForestSurrogate::fit(space, data, test::some_targets(*space, data), {.trees = 40, .seed = seed});
    log_mean += std::log(forest.fit_quality().calibration) / 10;
  }
  CHECK(log_mean > std::log(1.2));
  CHECK(log_mean < std::log(2.7));
}

TEST_CASE("left-out predictions are those that the quality of the fit is judged by") {
  const auto space = test::conditional_space();
  const auto data = test::sample_space(space, 60, 3);
  const Eigen::VectorXd y = test::some_targets(*space, data);
  const auto forest = RandomForestSurrogate::fit(space, data, y, {.trees = 60, .least_in_leaf = 4});
  REQUIRE(forest.noise_variance().on_model_scale() > 0);
  const Prediction left_out = forest.left_out().on_model_scale();
  REQUIRE(left_out.mean.allFinite());
  const Eigen::ArrayXd squares = (y - left_out.mean).array().square();
  const Eigen::ArrayXd spread = (y.array() - y.mean()) * 60.0 / 59.0;
  CHECK(forest.fit_quality().leave_one_out_r2 == doctest::Approx(1 - squares.sum() / spread.square().sum()));
  CHECK(forest.fit_quality().calibration == doctest::Approx((squares / left_out.variance.array()).mean()));
  CHECK((left_out.mean - forest.predict(data)).cwiseAbs().maxCoeff() > 0.01);
  // Where every tree has drawn an observation, nothing is left to say.
  const auto all_drawn = RandomForestSurrogate::fit(space, data, y, {.trees = 5, .bootstrap = false});
  CHECK(all_drawn.left_out().on_model_scale().mean.array().isNaN().all());
}

TEST_CASE("out of bag, noise is not predictable") {
  const auto space = test::flat_space(3);
  const auto data = test::sample_space(space, 100, 3);
  Rng rng(5, "noise");
  const Eigen::VectorXd noise = Eigen::VectorXd::NullaryExpr(100, [&] { return rng.normal(); });
  CHECK(RandomForestSurrogate::fit(space, data, noise).fit_quality().leave_one_out_r2 < 0.1);
  CHECK(RandomForestSurrogate::fit(space, data, Eigen::VectorXd::Constant(100, 2)).fit_quality().leave_one_out_r2 == 0);
}

TEST_CASE("a fantasy leaves less doubt where it is") {
  const auto space = test::flat_space(3);
  const auto forest = forest_on(space, 40);
  const auto places = test::sample_space(space, 3, 9);
  const auto conditioned = forest.with_fantasies(places);
  CHECK(conditioned->number_of_observations() == 43);
  const Prediction before = forest.posterior(places).on_model_scale();
  const Prediction after = conditioned->posterior(places).on_model_scale();
  for (Eigen::Index i = 0; i < 3; ++i) CHECK(after.variance[i] < before.variance[i]);
}

TEST_CASE("draws have the moments of the posterior") {
  const auto space = test::conditional_space();
  const auto forest = forest_on(space, 50);
  const auto places = test::sample_space(space, 2, 9);
  const Prediction posterior = forest.posterior(places).on_model_scale();
  const int count = 3000;
  Rng rng(1, "draws");
  const Eigen::MatrixXd normals = Eigen::MatrixXd::NullaryExpr(2, count, [&] { return rng.normal(); });
  const Eigen::MatrixXd drawn = forest.draws(places, normals).on_model_scale();
  for (Eigen::Index i = 0; i < 2; ++i) {
    const double mean = drawn.row(i).mean();
    const double sd = std::sqrt(posterior.variance[i]);
    CHECK(std::abs(mean - posterior.mean[i]) < 4 * sd / std::sqrt(double{count}));
    CHECK((drawn.row(i).array() - mean).square().mean() == doctest::Approx(sd * sd).epsilon(0.12));
  }
}

// Their mean is the forest. Their variance is that of the trees less what thresholds contribute, which is a part only.
TEST_CASE("plausible functions scatter around the forest nearly as its trees do") {
  const auto space = test::conditional_space();
  const auto forest = forest_on(space, 50, {.trees = 1000});
  const auto places = test::sample_space(space, 30, 9);
  const Prediction posterior = forest.posterior(places).on_model_scale();
  const int count = 400;
  const auto functions = forest.plausible_functions(count, 4);
  Eigen::MatrixXd values(30, count);
  for (int k = 0; k < count; ++k) values.col(k) = functions[static_cast<std::size_t>(k)]->predict(places);
  const Eigen::VectorXd mean = values.rowwise().mean();
  const Eigen::VectorXd variance = (values.colwise() - mean).array().square().rowwise().mean();
  for (Eigen::Index i = 0; i < 30; ++i) {
    const double error = std::sqrt(posterior.variance[i] * (1.0 / count + 1.0 / 1000));
    CHECK(std::abs(mean[i] - posterior.mean[i]) < 4 * error);
  }
  CHECK(variance.mean() > 0.5 * posterior.variance.mean());
  CHECK(variance.mean() < posterior.variance.mean());
  CHECK(forest.plausible_functions(2, 4)[1]->predict(places) == values.col(1));
  CHECK(forest.plausible_functions(1, 5)[0]->predict(places) != values.col(0));
}

TEST_CASE("plausible functions know of fantasies") {
  const auto space = test::flat_space(2);
  const auto forest = forest_on(space, 20);
  const auto places = test::sample_space(space, 1, 9);
  const auto moved =
      forest.with_observations(std::vector<Configuration>(200, places[0]), Eigen::VectorXd::Constant(200, 9));
  CHECK(moved->plausible_functions(1, 4)[0]->predict(places)[0] == doctest::Approx(9));
}

TEST_CASE("a forest is grown again from its state and data") {
  const auto space = test::conditional_space();
  const auto data = test::sample_space(space, 30, 3);
  const Eigen::VectorXd y = test::some_targets(*space, data);
  const auto forest = RandomForestSurrogate::fit(
      space, data, y, {.trees = 7, .least_in_leaf = 2, .share_of_features = 0.5, .seed = 0xffffffffffffffffULL});
  const auto state = nlohmann::ordered_json::parse(forest.state().dump());
  const auto again = RandomForestSurrogate::restore(space, data, y, state);
  CHECK(again.predict(data) == forest.predict(data));
  CHECK(again.state() == forest.state());
  Eigen::VectorXd others = y;
  others[4] += 0.5;
  CHECK_THROWS_AS((void)RandomForestSurrogate::restore(space, data, others, state), InvalidInput);
  CHECK_THROWS_AS((void)RandomForestSurrogate::restore(space, data, y, {{"kind", "gaussian_process"}}), InvalidInput);
}

TEST_CASE("bad input is named") {
  const auto space = test::flat_space(2);
  const auto data = test::sample_space(space, 3, 3);
  CHECK_THROWS_AS((void)RandomForestSurrogate::fit(nullptr, data, column({1, 2, 3})), InvalidInput);
  CHECK_THROWS_AS((void)RandomForestSurrogate::fit(space, data, column({1, 2})), InvalidInput);
  CHECK_THROWS_AS((void)RandomForestSurrogate::fit(space, data, column({1, NAN, 2})), InvalidInput);
  CHECK_THROWS_AS((void)RandomForestSurrogate::fit(space, {}, Eigen::VectorXd()), InvalidInput);
  CHECK_THROWS_AS((void)RandomForest::fit(one_number, row({NAN}), column({1})), InvalidInput);
  CHECK_THROWS_AS((void)RandomForest::fit(one_number, row({-0.5}), column({1})), InvalidInput);
  CHECK_THROWS_AS((void)RandomForest::fit({{.categories = 2}}, row({2}), column({1})), InvalidInput);
  CHECK_THROWS_WITH_AS((void)RandomForest::fit(one_number, row({1}), column({1}), {.trees = 0}),
                       "trees: must be in [1, 1000000]", InvalidInput);
  CHECK_THROWS_AS((void)RandomForest::fit(one_number, row({1}), column({1}), {.share_of_features = 0}), InvalidInput);
  CHECK_THROWS_AS((void)RandomForest::fit(one_number, row({1}), column({1}), {.most_depth = 1000}), InvalidInput);
}

TEST_CASE("any finite targets make a finite forest") {
  const auto space = test::flat_space(2);
  const auto data = test::sample_space(space, 12, 3);
  for (const double huge : {1e160, std::numeric_limits<double>::max()}) {
    Eigen::VectorXd y = Eigen::VectorXd::LinSpaced(12, 0, 1);
    y[3] = huge;
    y[7] = -huge;
    const auto surrogate = RandomForestSurrogate::fit(space, data, y);
    const Prediction posterior = surrogate.posterior(data).on_model_scale();
    CHECK(posterior.mean.allFinite());
    CHECK(posterior.variance.allFinite());
    CHECK(surrogate.predict(data).allFinite());
    CHECK(std::isfinite(surrogate.fit_quality().calibration));
    CHECK(surrogate.left_out().on_model_scale().variance.array().isInf().count() == 0);
    CHECK(surrogate.with_observations(std::vector{data[0]}, Eigen::VectorXd::Constant(1, huge))
              ->predict(data)
              .allFinite());
  }
}
