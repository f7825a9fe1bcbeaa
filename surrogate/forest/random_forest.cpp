#include <hyperego/core/error.hpp>
#include <hyperego/core/huge_value.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/forest/detail/compiled_forest.hpp>
#include <hyperego/surrogate/forest/detail/regression_tree.hpp>
#include <hyperego/surrogate/forest/random_forest.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace hyperego {
namespace {

void check_features(std::span<const ForestFeature> features, const Eigen::MatrixXd& x) {
  if (x.rows() != static_cast<Eigen::Index>(features.size())) {
    throw InvalidInput("x", "has " + std::to_string(x.rows()) + " rows for " + std::to_string(features.size()) +
                                " features; give one row for each");
  }
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    for (Eigen::Index f = 0; f < x.rows(); ++f) {
      const double value = x(f, i);
      const auto categories = static_cast<double>(features[static_cast<std::size_t>(f)].categories);
      const bool fine =
          value == missing_feature || (std::isfinite(value) && value >= 0 &&
                                       (categories == 0 || (value < categories && value == std::floor(value))));
      if (!fine) {
        throw InvalidInput("x", "feature " + std::to_string(f) + " of observation " + std::to_string(i) + " is " +
                                    std::to_string(value) +
                                    "; numbers must be finite and at least 0, categories numbered from 0");
      }
    }
  }
}

void check_observations(std::span<const ForestFeature> features, const Eigen::MatrixXd& x, const Eigen::VectorXd& y) {
  check_features(features, x);
  if (x.cols() != y.size()) {
    throw InvalidInput(
        "targets", "has " + std::to_string(y.size()) + " entries for " + std::to_string(x.cols()) + " observations");
  }
  if (!y.allFinite()) throw InvalidInput("targets", "holds a value that is not finite; leave failed trials out");
}

/// What the trees that have not drawn an observation say of it.
struct OutOfBag {
  double error = 0;     ///< mean − target
  double variance = 0;  ///< between them
};

std::optional<OutOfBag> out_of_bag(const std::vector<detail::RegressionTree>& trees, const Eigen::MatrixXd& x,
                                   const Eigen::VectorXd& y, Eigen::Index i) {
  // Deviations from the target, so that squares do not cancel.
  double sum = 0;
  double squares = 0;
  double count = 0;
  for (const detail::RegressionTree& tree : trees) {
    if (tree.weights[static_cast<std::size_t>(i)] > 0) continue;
    const double deviation = tree.leaves[tree.leaf_of(x.col(i))].mean - y[i];
    sum += deviation;
    squares += deviation * deviation;
    count += 1;
  }
  if (count < 2) return std::nullopt;
  const double error = sum / count;
  return OutOfBag{error, std::max(0.0, squares / count - error * error)};
}

std::vector<std::optional<OutOfBag>> all_out_of_bag(const std::vector<detail::RegressionTree>& trees,
                                                    const Eigen::MatrixXd& x, const Eigen::VectorXd& y) {
  std::vector<std::optional<OutOfBag>> result;
  for (Eigen::Index i = 0; i < y.size(); ++i) result.push_back(out_of_bag(trees, x, y, i));
  return result;
}

Prediction left_out_predictions(const std::vector<std::optional<OutOfBag>>& predicted, const Eigen::VectorXd& y,
                                double noise_variance) {
  const Eigen::VectorXd unknown = Eigen::VectorXd::Constant(y.size(), std::numeric_limits<double>::quiet_NaN());
  Prediction prediction{unknown, unknown};
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    const auto& one = predicted[static_cast<std::size_t>(i)];
    if (!one) continue;
    prediction.mean[i] = y[i] + one->error;
    prediction.variance[i] = one->variance + noise_variance;
  }
  return prediction;
}

FitQuality out_of_bag_quality(const std::vector<std::optional<OutOfBag>>& predicted, const Eigen::VectorXd& y,
                              double noise_variance) {
  constexpr double log_two_pi = 1.8378770664093453;
  FitQuality quality;
  const auto n = static_cast<double>(y.size());
  const double variance = (y.array() - y.mean()).square().mean();
  if (y.size() < 3 || !(variance > 0)) return quality;
  double errors = 0;
  double spread = 0;
  double ratios = 0;
  double densities = 0;
  double covered = 0;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    const auto& one = predicted[static_cast<std::size_t>(i)];
    if (!one) continue;
    const double square = one->error * one->error;
    const double total = std::max(one->variance + noise_variance, 1e-6 * variance);
    const double left_out = (y[i] - y.mean()) * n / (n - 1);
    errors += square;
    spread += left_out * left_out;
    ratios += square / total;
    densities -= 0.5 * (square / total + std::log(total / variance) + log_two_pi);
    covered += 1;
  }
  if (covered < 3 || !(spread > 1e-12 * variance)) return quality;
  quality.leave_one_out_r2 = 1 - errors / spread;
  quality.calibration = ratios / covered;
  quality.log_density = densities / covered;
  return quality;
}

/// FNV-1a.
class Digest {
 public:
  void add(std::uint64_t word) {
    for (int byte = 0; byte < 8; ++byte) {
      state_ ^= word >> (8 * byte) & 0xffU;
      state_ *= 0x100000001b3ULL;
    }
  }
  void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }

  [[nodiscard]] std::string text() const {
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(state_));
    return digits.data();
  }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

}  // namespace

void RandomForestOptions::validate() const {
  const auto require = [](bool fine, const char* field, const char* remedy) {
    if (!fine) throw InvalidInput(field, remedy);
  };
  require(trees >= 1 && trees <= 1'000'000, "trees", "must be in [1, 1000000]");
  require(least_to_split >= 2, "least_to_split", "must be at least 2");
  require(least_in_leaf >= 1, "least_in_leaf", "must be at least 1");
  require(most_depth >= 1 && most_depth <= detail::forest_depth, "most_depth", "must be in [1, 255]");
  require(share_of_features > 0 && share_of_features <= 1, "share_of_features", "must be in (0, 1]");
}

nlohmann::ordered_json RandomForestOptions::to_json() const {
  return {{"trees", trees},
          {"least_to_split", least_to_split},
          {"least_in_leaf", least_in_leaf},
          {"most_depth", most_depth},
          {"bootstrap", bootstrap},
          {"share_of_features", share_of_features},
          {"log_targets", log_targets},
          {"seed", seed}};
}

RandomForest RandomForest::fit(std::vector<ForestFeature> features, const Eigen::MatrixXd& x,
                               const Eigen::VectorXd& targets, const RandomForestOptions& options) {
  options.validate();
  check_observations(features, x, targets);
  if (targets.size() == 0) throw InvalidInput("targets", "is empty; a forest needs at least one observation");
  if (options.log_targets && !(targets.minCoeff() > 0)) {
    throw InvalidInput("targets", "holds a value that is not positive; log_targets needs positive ones");
  }
  const Eigen::VectorXd within = targets.unaryExpr([](double target) { return within_huge(target); });
  const Eigen::VectorXd y = options.log_targets ? Eigen::VectorXd(within.array().log()) : within;
  const detail::ForestData data(features, x, y);
  std::vector<detail::RegressionTree> trees;
  for (int t = 0; t < options.trees; ++t) {
    trees.push_back(detail::grow_tree(data, options, Rng(options.seed, "tree", static_cast<std::uint64_t>(t))));
  }
  RandomForest forest;
  forest.observations_ = y.size();
  forest.centre_ = y.mean();
  double squares = 0;
  double freedom = 0;
  for (const detail::RegressionTree& tree : trees) {
    for (const detail::RegressionTree::Leaf& leaf : tree.leaves) {
      forest.means_.push_back(leaf.mean);
      forest.weights_.push_back(leaf.weight);
      squares += leaf.squares;
      freedom += leaf.weight - 1;
    }
  }
  forest.noise_variance_ = freedom > 0 ? squares / freedom : 0;
  auto compiled = std::make_shared<const detail::CompiledForest>(features, trees);
  const auto predicted = all_out_of_bag(trees, x, y);
  forest.structure_ = std::make_shared<const Structure>(
      Structure{.options = options,
                .features = std::move(features),
                .forest = std::move(compiled),
                .left_out = left_out_predictions(predicted, y, forest.noise_variance_),
                .out_of_bag = out_of_bag_quality(predicted, y, forest.noise_variance_)});
  return forest;
}

std::size_t RandomForest::number_of_trees() const { return structure_->forest->number_of_trees(); }
std::size_t RandomForest::number_of_leaves() const { return structure_->forest->number_of_leaves(); }

std::vector<std::uint32_t> RandomForest::leaves_of(const Eigen::Ref<const Eigen::VectorXd>& x) const {
  const detail::CompiledForest& forest = *structure_->forest;
  std::vector<std::uint32_t> cells(forest.number_of_features());
  for (std::size_t f = 0; f < cells.size(); ++f) cells[f] = forest.cell(f, x[static_cast<Eigen::Index>(f)]);
  std::vector<std::uint32_t> leaves(forest.number_of_trees());
  for (std::size_t t = 0; t < leaves.size(); ++t) leaves[t] = forest.leaf_of(t, cells);
  return leaves;
}

Eigen::MatrixXd RandomForest::tree_values(const Eigen::MatrixXd& x) const {
  check_features(structure_->features, x);
  Eigen::MatrixXd values(static_cast<Eigen::Index>(number_of_trees()), x.cols());
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    const std::vector<std::uint32_t> leaves = leaves_of(x.col(i));
    for (std::size_t t = 0; t < leaves.size(); ++t) values(static_cast<Eigen::Index>(t), i) = means_[leaves[t]];
  }
  return values;
}

Prediction RandomForest::posterior(const Eigen::MatrixXd& x) const {
  const Eigen::MatrixXd values = tree_values(x);
  Prediction prediction{Eigen::VectorXd(x.cols()), Eigen::VectorXd(x.cols())};
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    const double mean = values.col(i).mean();
    prediction.mean[i] = mean;
    prediction.variance[i] = (values.col(i).array() - mean).square().mean();
  }
  return prediction;
}

LeafValues RandomForest::leaf_values() const {
  const std::size_t trees = number_of_trees();
  const double weight = 1.0 / static_cast<double>(trees);
  const auto last_leaf = [&](std::size_t t) {
    return t + 1 < trees ? structure_->forest->first_leaf(t + 1) : static_cast<std::uint32_t>(means_.size());
  };
  double largest = 0;
  for (std::size_t t = 0; t < trees; ++t) {
    double largest_of_tree = 0;
    for (std::uint32_t l = structure_->forest->first_leaf(t); l < last_leaf(t); ++l) {
      largest_of_tree = std::max(largest_of_tree, std::abs(means_[l] - centre_));
    }
    largest += weight * largest_of_tree;
  }
  LeafValues leaves{.values = std::vector<std::int64_t>(means_.size(), 0), .centre = centre_, .unit = 1};
  if (!(largest > 0)) return leaves;
  // Sums stay below 2^61 plus half a unit for every tree.
  leaves.unit = std::ldexp(1.0, std::ilogb(largest) + 1 - 61);
  for (std::size_t l = 0; l < means_.size(); ++l) {
    leaves.values[l] = std::llround(weight * (means_[l] - centre_) / leaves.unit);
  }
  return leaves;
}

RandomForest RandomForest::with_observations(const Eigen::MatrixXd& x, const Eigen::VectorXd& targets) const {
  check_observations(structure_->features, x, targets);
  if (options().log_targets && targets.size() > 0 && !(targets.minCoeff() > 0)) {
    throw InvalidInput("targets", "holds a value that is not positive; log_targets needs positive ones");
  }
  RandomForest updated = *this;
  updated.observations_ += targets.size();
  for (Eigen::Index i = 0; i < targets.size(); ++i) {
    const double within = within_huge(targets[i]);
    const double y = options().log_targets ? std::log(within) : within;
    for (const std::uint32_t leaf : leaves_of(x.col(i))) {
      double& mean = updated.means_[leaf];
      double& weight = updated.weights_[leaf];
      if (options().log_targets) {
        mean += std::log((weight + std::exp(y - mean)) / (weight + 1));
      } else {
        mean += (y - mean) / (weight + 1);
      }
      weight += 1;
    }
  }
  return updated;
}

std::string RandomForest::digest() const {
  Digest digest;
  const detail::CompiledForest& forest = *structure_->forest;
  for (std::size_t f = 0; f < forest.number_of_features(); ++f) {
    for (const double threshold : forest.thresholds(f)) digest.add(threshold);
  }
  for (std::size_t t = 0; t < forest.number_of_trees(); ++t) digest.add(std::uint64_t{forest.first_leaf(t)});
  for (const double mean : means_) digest.add(mean);
  return digest.text();
}

}  // namespace hyperego
