#include <hyperego/surrogate/forest/detail/regression_tree.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace hyperego::detail {
namespace {

/// Sums over a set of draws.
struct DrawSums {
  double weight = 0;
  double total = 0;

  void add(double w, double y) {
    weight += w;
    total += w * y;
  }
  [[nodiscard]] double score() const { return total * total / weight; }
};

DrawSums operator+(const DrawSums& a, const DrawSums& b) { return {a.weight + b.weight, a.total + b.total}; }
DrawSums operator-(const DrawSums& a, const DrawSums& b) { return {a.weight - b.weight, a.total - b.total}; }

/// The best split seen so far; larger scores explain more of the squared error.
struct BestSplit {
  double score = -std::numeric_limits<double>::infinity();
  int feature = -1;
  double below = 0;  // numeric: the gap of the threshold
  double above = 0;
  bool missing_left = false;
  bool some_missing = false;
  std::vector<std::size_t> left_categories;
  std::vector<std::size_t> seen_categories;
};

class TreeGrower {
 public:
  TreeGrower(const ForestData& data, const RandomForestOptions& options, Rng& rng)
      : data_(data), options_(options), rng_(rng), goes_left_(data.number_of_observations(), 0) {}

  RegressionTree grow() {
    draw();
    const std::size_t p = data_.number_of_features();
    order_.resize(p);
    for (std::size_t f = 0; f < p; ++f) {
      for (const std::uint32_t i : data_.order(f)) {
        if (tree_.weights[i] > 0) order_[f].push_back(i);
      }
    }
    for (std::uint32_t i = 0; i < data_.number_of_observations(); ++i) {
      if (tree_.weights[i] > 0) members_.push_back(i);
    }
    scratch_.resize(members_.size());
    split(0, members_.size(), 0);
    return std::move(tree_);
  }

 private:
  void draw() {
    const std::size_t n = data_.number_of_observations();
    tree_.weights.assign(n, options_.bootstrap ? 0 : 1);
    if (!options_.bootstrap) return;
    for (std::size_t k = 0; k < n; ++k) ++tree_.weights[rng_.below(n)];
  }

  [[nodiscard]] double weight(std::uint32_t i) const { return tree_.weights[i]; }

  void split(std::size_t begin, std::size_t end, int depth) {
    const auto node = static_cast<std::uint32_t>(tree_.nodes.size());
    tree_.nodes.emplace_back();
    const BestSplit best = is_final(begin, end, depth) ? BestSplit{} : find(begin, end);
    if (best.feature < 0) return make_leaf(node, begin, end);
    decide(tree_.nodes[node], best);
    mark(tree_.nodes[node], begin, end);
    const std::size_t middle = begin + partition(members_, begin, end);
    for (auto& order : order_) partition(order, begin, end);
    split(begin, middle, depth + 1);
    tree_.nodes[node].right = static_cast<std::uint32_t>(tree_.nodes.size());
    split(middle, end, depth + 1);
  }

  [[nodiscard]] bool is_final(std::size_t begin, std::size_t end, int depth) const {
    if (depth >= options_.most_depth) return true;
    double total = 0;
    bool equal = true;
    for (std::size_t k = begin; k < end; ++k) {
      total += weight(members_[k]);
      equal = equal && data_.target(members_[k]) == data_.target(members_[begin]);
    }
    return equal || total < options_.least_to_split;
  }

  BestSplit find(std::size_t begin, std::size_t end) {
    centre_ = 0;
    double total = 0;
    for (std::size_t k = begin; k < end; ++k) {
      total += weight(members_[k]);
      centre_ += weight(members_[k]) * data_.target(members_[k]);
    }
    centre_ /= total;
    const std::size_t p = data_.number_of_features();
    std::vector<std::size_t> features(p);
    std::iota(features.begin(), features.end(), std::size_t{0});
    std::size_t wanted = p;
    if (options_.share_of_features < 1) {
      for (std::size_t k = p; k > 1; --k) std::swap(features[k - 1], features[rng_.below(k)]);
      wanted = std::max<std::size_t>(
          1, static_cast<std::size_t>(std::ceil(options_.share_of_features * static_cast<double>(p))));
    }
    BestSplit best;
    for (std::size_t k = 0; k < p && (k < wanted || best.feature < 0); ++k) {
      if (data_.categories(features[k]) > 0) {
        offer_subsets(features[k], begin, end, best);
      } else {
        offer_thresholds(features[k], begin, end, best);
      }
    }
    return best;
  }

  [[nodiscard]] double residual(std::uint32_t i) const { return data_.target(i) - centre_; }

  [[nodiscard]] bool admissible(const DrawSums& left, const DrawSums& right) const {
    return left.weight >= options_.least_in_leaf && right.weight >= options_.least_in_leaf;
  }

  void offer_thresholds(std::size_t feature, std::size_t begin, std::size_t end, BestSplit& best) {
    const std::vector<std::uint32_t>& order = order_[feature];
    DrawSums present;
    DrawSums missing;
    std::size_t last = begin;  // one past the last that has a value
    for (std::size_t k = begin; k < end; ++k) {
      const std::uint32_t i = order[k];
      if (data_.is_missing(feature, i)) {
        missing.add(weight(i), residual(i));
      } else {
        present.add(weight(i), residual(i));
        last = k + 1;
      }
    }
    const bool some_missing = missing.weight > 0;
    const auto offer = [&](const DrawSums& left, const DrawSums& right, double below, double above, bool missing_left) {
      if (!admissible(left, right)) return;
      const double score = left.score() + right.score();
      if (!(score > best.score)) return;
      best.score = score;
      best.feature = static_cast<int>(feature);
      best.below = below;
      best.above = above;
      best.missing_left = missing_left;
      best.some_missing = some_missing;
    };
    DrawSums left;
    for (std::size_t k = begin; k + 1 < last; ++k) {
      left.add(weight(order[k]), residual(order[k]));
      const double below = data_.value(feature, order[k]);
      const double above = data_.value(feature, order[k + 1]);
      if (!(below < above)) continue;
      offer(left, present - left + missing, below, above, false);
      if (some_missing) offer(left + missing, present - left, below, above, true);
    }
    if (some_missing && last > begin) {
      constexpr double infinity = std::numeric_limits<double>::infinity();
      offer(present, missing, infinity, infinity, false);
    }
  }

  void offer_subsets(std::size_t feature, std::size_t begin, std::size_t end, BestSplit& best) {
    const std::size_t categories = data_.categories(feature);
    std::vector<DrawSums> sums(categories + 1);  // the last for missing values
    for (std::size_t k = begin; k < end; ++k) {
      const std::uint32_t i = order_[feature][k];
      sums[data_.is_missing(feature, i) ? categories : static_cast<std::size_t>(data_.value(feature, i))].add(
          weight(i), residual(i));
    }
    std::vector<std::size_t> seen;
    DrawSums all;
    for (std::size_t c = 0; c <= categories; ++c) {
      if (sums[c].weight == 0) continue;
      seen.push_back(c);
      all = all + sums[c];
    }
    std::stable_sort(seen.begin(), seen.end(), [&](std::size_t a, std::size_t b) {
      return sums[a].total / sums[a].weight < sums[b].total / sums[b].weight;
    });
    DrawSums left;
    for (std::size_t k = 0; k + 1 < seen.size(); ++k) {
      left = left + sums[seen[k]];
      const DrawSums right = all - left;
      if (!admissible(left, right)) continue;
      const double score = left.score() + right.score();
      if (!(score > best.score)) continue;
      best.score = score;
      best.feature = static_cast<int>(feature);
      best.left_categories.assign(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(k) + 1);
      best.seen_categories = seen;
    }
  }

  bool coin() { return rng_.below(2) == 1; }

  void decide(RegressionTree::Node& node, const BestSplit& best) {
    node.feature = best.feature;
    const std::size_t categories = data_.categories(static_cast<std::size_t>(best.feature));
    if (categories == 0) {
      node.missing_left = best.some_missing ? best.missing_left : coin();
      // Rounding may reach the upper end, which belongs to the right.
      const double threshold =
          std::isinf(best.below) ? best.below : best.below + rng_.uniform() * (best.above - best.below);
      node.threshold = threshold < best.above || std::isinf(threshold) ? threshold : best.below;
      return;
    }
    std::vector<bool> left(categories + 1, false);
    std::vector<bool> seen(categories + 1, false);
    for (const std::size_t c : best.seen_categories) seen[c] = true;
    for (const std::size_t c : best.left_categories) left[c] = true;
    for (std::size_t c = 0; c <= categories; ++c) {
      if (!seen[c]) left[c] = coin();
    }
    node.missing_left = left[categories];
    left.pop_back();
    node.subset = std::move(left);
  }

  void mark(const RegressionTree::Node& node, std::size_t begin, std::size_t end) {
    const auto feature = static_cast<std::size_t>(node.feature);
    for (std::size_t k = begin; k < end; ++k) {
      const std::uint32_t i = members_[k];
      const double value = data_.value(feature, i);
      goes_left_[i] = value == missing_feature ? node.missing_left
                      : node.subset.empty()    ? value <= node.threshold
                                               : node.subset[static_cast<std::size_t>(value)];
    }
  }

  /// Stable; returns how many go left.
  std::size_t partition(std::vector<std::uint32_t>& order, std::size_t begin, std::size_t end) {
    std::size_t left = begin;
    std::size_t right = 0;
    for (std::size_t k = begin; k < end; ++k) {
      const std::uint32_t i = order[k];
      if (goes_left_[i] != 0) {
        order[left++] = i;
      } else {
        scratch_[right++] = i;
      }
    }
    std::copy(scratch_.begin(), scratch_.begin() + static_cast<std::ptrdiff_t>(right),
              order.begin() + static_cast<std::ptrdiff_t>(left));
    return left - begin;
  }

  void make_leaf(std::uint32_t node, std::size_t begin, std::size_t end) {
    RegressionTree::Leaf leaf;
    double mean = 0;
    for (std::size_t k = begin; k < end; ++k) {
      leaf.weight += weight(members_[k]);
      mean += weight(members_[k]) * data_.target(members_[k]);
    }
    mean /= leaf.weight;
    double exponentials = 0;  // relative to that of the mean, so that nothing overflows
    for (std::size_t k = begin; k < end; ++k) {
      const double deviation = data_.target(members_[k]) - mean;
      leaf.squares += weight(members_[k]) * deviation * deviation;
      if (options_.log_targets) exponentials += weight(members_[k]) * std::exp(deviation);
    }
    leaf.mean = options_.log_targets ? mean + std::log(exponentials / leaf.weight) : mean;
    tree_.nodes[node].leaf = static_cast<std::uint32_t>(tree_.leaves.size());
    tree_.leaves.push_back(leaf);
  }

  const ForestData& data_;
  const RandomForestOptions& options_;
  Rng& rng_;
  RegressionTree tree_;
  std::vector<std::uint32_t> members_;
  std::vector<std::vector<std::uint32_t>> order_;  // of each feature: the members of every node, by value
  std::vector<std::uint8_t> goes_left_;
  std::vector<std::uint32_t> scratch_;
  double centre_ = 0;  // mean of the node, so that scores do not cancel
};

}  // namespace

ForestData::ForestData(std::span<const ForestFeature> features, const Eigen::MatrixXd& x, const Eigen::VectorXd& y)
    : features_(features.begin(), features.end()), x_(x), y_(y), order_(features.size()) {
  for (std::size_t f = 0; f < features_.size(); ++f) {
    order_[f].resize(static_cast<std::size_t>(y.size()));
    std::iota(order_[f].begin(), order_[f].end(), std::uint32_t{0});
    std::stable_sort(order_[f].begin(), order_[f].end(), [&](std::uint32_t a, std::uint32_t b) {
      if (is_missing(f, a) != is_missing(f, b)) return is_missing(f, b);
      return value(f, a) < value(f, b);
    });
  }
}

std::uint32_t RegressionTree::leaf_of(const Eigen::Ref<const Eigen::VectorXd>& features) const {
  std::uint32_t at = 0;
  while (nodes[at].feature >= 0) {
    const Node& node = nodes[at];
    const double value = features[node.feature];
    const bool left = value == missing_feature ? node.missing_left
                      : node.subset.empty()    ? value <= node.threshold
                                               : static_cast<bool>(node.subset[static_cast<std::size_t>(value)]);
    at = left ? at + 1 : node.right;
  }
  return nodes[at].leaf;
}

RegressionTree grow_tree(const ForestData& data, const RandomForestOptions& options, Rng rng) {
  return TreeGrower(data, options, rng).grow();
}

}  // namespace hyperego::detail
