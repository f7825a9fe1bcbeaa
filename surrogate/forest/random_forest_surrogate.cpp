#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/forest/detail/forest_function.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>

#include <Eigen/Eigenvalues>
#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>

namespace hyperego {
namespace {

/// Trees of a plausible function: enough to average over thresholds, few enough to grow and play quickly.
constexpr int trees_of_a_function = 20;

RandomForestOptions forest_options_from(const JsonReader& reader) {
  reader.allow_members({"trees", "least_to_split", "least_in_leaf", "most_depth", "bootstrap", "share_of_features",
                        "log_targets", "seed"});
  RandomForestOptions options;
  const auto integer = [&](const char* name) { return static_cast<int>(reader.member(name).integer(1, 1'000'000)); };
  options.trees = integer("trees");
  options.least_to_split = integer("least_to_split");
  options.least_in_leaf = integer("least_in_leaf");
  options.most_depth = integer("most_depth");
  options.bootstrap = reader.member("bootstrap").boolean();
  options.share_of_features = reader.member("share_of_features").number(0, 1);
  options.log_targets = reader.member("log_targets").boolean();
  const std::string seed = reader.member("seed").string();
  options.seed = std::strtoull(seed.c_str(), nullptr, 10);
  return options;
}

}  // namespace

RandomForestSurrogate::RandomForestSurrogate(std::shared_ptr<const detail::ForestOverSpace> over_space,
                                             RandomForest forest, std::shared_ptr<const Observations> observations)
    : over_space_(std::move(over_space)),
      forest_(std::move(forest)),
      observations_(std::move(observations)),
      transform_(
          TargetTransform::fit(forest_.options().log_targets ? TargetTransform::Kind::log : TargetTransform::Kind::none,
                               observations_->targets)),
      function_(std::make_shared<const detail::ForestFunction>(over_space_, forest_.leaf_values(),
                                                               forest_.options().log_targets)) {}

RandomForestSurrogate RandomForestSurrogate::fit(std::shared_ptr<const SearchSpace> space,
                                                 std::span<const Configuration> configurations,
                                                 const Eigen::VectorXd& targets, const RandomForestOptions& options) {
  if (!space) throw InvalidInput("space", "is null; give the forest a space");
  auto observations = std::make_shared<const Observations>(
      Observations{detail::ForestOverSpace::encode(*space, configurations), targets});
  RandomForest forest = RandomForest::fit(detail::ForestOverSpace::features(*space), observations->x, targets, options);
  auto over_space = std::make_shared<const detail::ForestOverSpace>(std::move(space), forest.compiled());
  return {std::move(over_space), std::move(forest), std::move(observations)};
}

RandomForestSurrogate RandomForestSurrogate::restore(std::shared_ptr<const SearchSpace> space,
                                                     std::span<const Configuration> configurations,
                                                     const Eigen::VectorXd& targets,
                                                     const nlohmann::ordered_json& state) {
  const JsonReader reader(state, "state");
  if (const std::string kind = reader.member("kind").string(); kind != "random_forest") {
    reader.member("kind").fail("is \"" + kind + "\"; only \"random_forest\" can be restored here");
  }
  RandomForestSurrogate surrogate =
      fit(std::move(space), configurations, targets, forest_options_from(reader.member("options")));
  const JsonReader digest = reader.member("digest");
  if (digest.string() != surrogate.forest_.digest()) {
    digest.fail("the forest grown from these observations is another one; give the observations that it was fitted to");
  }
  return surrogate;
}

Eigen::MatrixXd RandomForestSurrogate::encode(std::span<const Configuration> configurations) const {
  return detail::ForestOverSpace::encode(*over_space_->shared_space(), configurations);
}

const std::shared_ptr<const SearchSpace>& RandomForestSurrogate::shared_space() const {
  return over_space_->shared_space();
}

Eigen::VectorXd RandomForestSurrogate::predict(std::span<const Configuration> configurations) const {
  return function_->predict(configurations);
}

void RandomForestSurrogate::predict_blends(const Blends& blends, std::size_t first,
                                           std::span<const Coalition> coalitions,
                                           Eigen::Ref<Eigen::MatrixXd> predictions) const {
  function_->predict_blends(blends, first, coalitions, predictions);
}

std::span<const double> RandomForestSurrogate::representatives(std::size_t hyperparameter) const {
  return function_->representatives(hyperparameter);
}

Stretches RandomForestSurrogate::stretches(const Configuration& configuration, std::size_t hyperparameter) const {
  return function_->stretches(configuration, hyperparameter);
}

void RandomForestSurrogate::profile(const Configuration& configuration, std::size_t hyperparameter,
                                    std::span<const double> codes, Eigen::Ref<Eigen::VectorXd> values) const {
  function_->profile(configuration, hyperparameter, codes, values);
}

ModelScale<Prediction> RandomForestSurrogate::posterior(std::span<const Configuration> configurations) const {
  return ModelScale(forest_.posterior(encode(configurations)));
}

ModelScale<PredictionWithGradient> RandomForestSurrogate::posterior_with_gradient(
    const Configuration& /*configuration*/) const {
  throw Error("posterior_with_gradient", "a random forest has no gradient; ask has_gradient() first");
}

ModelScale<Eigen::MatrixXd> RandomForestSurrogate::draws(std::span<const Configuration> configurations,
                                                         const Eigen::Ref<const Eigen::MatrixXd>& normals) const {
  const Eigen::MatrixXd trees = forest_.tree_values(encode(configurations));
  if (normals.rows() != trees.cols()) {
    throw InvalidInput("normals", "has " + std::to_string(normals.rows()) + " rows for " +
                                      std::to_string(trees.cols()) + " configurations; give one for each");
  }
  const Eigen::RowVectorXd mean = trees.colwise().mean();
  const Eigen::MatrixXd deviations = trees.rowwise() - mean;
  const Eigen::MatrixXd covariance = deviations.transpose() * deviations / static_cast<double>(trees.rows());
  // The symmetric square root, as the covariance has not more than trees − 1 directions.
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(covariance);
  const Eigen::VectorXd roots = eigen.eigenvalues().cwiseMax(0).cwiseSqrt();
  const Eigen::MatrixXd root = eigen.eigenvectors() * roots.asDiagonal() * eigen.eigenvectors().transpose();
  return ModelScale<Eigen::MatrixXd>((root * normals).colwise() + mean.transpose());
}

std::vector<std::unique_ptr<BlendPredictor>> RandomForestSurrogate::plausible_functions(std::size_t count,
                                                                                        std::uint64_t seed) const {
  const auto& [x, targets] = *observations_;
  const auto n = static_cast<std::uint64_t>(targets.size());
  std::vector<std::unique_ptr<BlendPredictor>> functions;
  for (std::size_t k = 0; k < count; ++k) {
    Rng rng(seed, "plausible forest", k);
    std::vector<Eigen::Index> drawn(n);
    for (Eigen::Index& i : drawn) i = static_cast<Eigen::Index>(rng.below(n));
    RandomForestOptions options = forest_.options();
    options.trees = trees_of_a_function;
    options.bootstrap = false;
    options.seed = rng();
    const RandomForest forest = RandomForest::fit(detail::ForestOverSpace::features(*shared_space()),
                                                  x(Eigen::all, drawn), targets(drawn), options);
    auto over_space = std::make_shared<const detail::ForestOverSpace>(shared_space(), forest.compiled());
    functions.push_back(
        std::make_unique<detail::ForestFunction>(std::move(over_space), forest.leaf_values(), options.log_targets));
  }
  return functions;
}

std::unique_ptr<Surrogate> RandomForestSurrogate::with_observations(std::span<const Configuration> configurations,
                                                                    const Eigen::VectorXd& targets) const {
  Eigen::MatrixXd x = encode(configurations);
  RandomForest forest = forest_.with_observations(x, targets);
  auto all = std::make_shared<Observations>(*observations_);
  all->x.conservativeResize(Eigen::NoChange, all->x.cols() + x.cols());
  all->x.rightCols(x.cols()) = x;
  all->targets.conservativeResize(all->targets.size() + targets.size());
  all->targets.tail(targets.size()) = targets;
  return std::unique_ptr<Surrogate>(new RandomForestSurrogate(over_space_, std::move(forest), std::move(all)));
}

nlohmann::ordered_json RandomForestSurrogate::state() const {
  nlohmann::ordered_json options = forest_.options().to_json();
  options["seed"] = std::to_string(forest_.options().seed);  // not every reader has integers of 64 bits
  return {{"kind", "random_forest"}, {"options", std::move(options)}, {"digest", forest_.digest()}};
}

nlohmann::ordered_json RandomForestSurrogate::to_json() const {
  return {{"kind", "random_forest"},
          {"observations", number_of_observations()},
          {"trees", forest_.number_of_trees()},
          {"leaves", forest_.number_of_leaves()},
          {"log_targets", forest_.options().log_targets},
          {"noise_variance", forest_.noise_variance()},
          {"digest", forest_.digest()},
          {"quality", fit_quality().to_json()}};
}

std::string RandomForestSurrogate::brief() const {
  const FitQuality quality = fit_quality();
  return "random forest of " + std::to_string(forest_.number_of_trees()) + " trees with " +
         std::to_string(forest_.number_of_leaves()) + " leaves; out-of-bag R2 " +
         number_text(quality.leave_one_out_r2) + ", calibration " + number_text(quality.calibration);
}

}  // namespace hyperego
