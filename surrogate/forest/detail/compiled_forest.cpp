#include <hyperego/surrogate/forest/detail/compiled_forest.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace hyperego::detail {
namespace {

std::size_t depth_below(const RegressionTree& tree) {
  // Preorder: the depth of a right child is known when its parent is met.
  std::vector<std::size_t> depth(tree.nodes.size(), 0);
  std::size_t deepest = 0;
  for (std::size_t k = 0; k < tree.nodes.size(); ++k) {
    deepest = std::max(deepest, depth[k]);
    if (tree.nodes[k].feature >= 0) depth[k + 1] = depth[tree.nodes[k].right] = depth[k] + 1;
  }
  return deepest;
}

}  // namespace

CompiledForest::CompiledForest(std::span<const ForestFeature> features, const std::vector<RegressionTree>& trees)
    : thresholds_(features.size()) {
  for (const ForestFeature& feature : features) {
    categories_.push_back(feature.categories);
    subset_words_.push_back(static_cast<std::uint32_t>(feature.categories / 64 + 1));
  }
  for (const RegressionTree& tree : trees) {
    for (const RegressionTree::Node& node : tree.nodes) {
      if (node.feature < 0 || !node.subset.empty() || std::isinf(node.threshold)) continue;
      thresholds_[static_cast<std::size_t>(node.feature)].push_back(node.threshold);
    }
  }
  for (auto& thresholds : thresholds_) {
    std::sort(thresholds.begin(), thresholds.end());
    thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  }
  using Kind = ForestNode::Kind;
  for (const RegressionTree& tree : trees) {
    roots_.push_back(nodes_.size());
    first_leaf_.push_back(static_cast<std::uint32_t>(leaves_));
    depth_ = std::max(depth_, depth_below(tree));
    for (const RegressionTree::Node& node : tree.nodes) {
      if (node.feature < 0) {
        nodes_.push_back({Kind::leaf, 0, static_cast<std::uint32_t>(leaves_) + node.leaf, 0});
        continue;
      }
      const auto feature = static_cast<std::size_t>(node.feature);
      ForestNode compiled{Kind::subset, static_cast<std::uint32_t>(feature), 0, node.right};
      if (categories_[feature] > 0) {
        compiled.bound = static_cast<std::uint32_t>(subsets_.size());
        subsets_.resize(subsets_.size() + subset_words_[feature], 0);
        std::uint64_t* words = subsets_.data() + compiled.bound;
        if (node.missing_left) words[0] |= 1U;
        for (std::size_t c = 0; c < node.subset.size(); ++c) {
          if (node.subset[c]) words[(c + 1) / 64] |= std::uint64_t{1} << ((c + 1) % 64);
        }
      } else {
        // x ≤ threshold exactly where at most as many thresholds lie below x as below this one.
        compiled.kind = node.missing_left ? Kind::missing_left : Kind::missing_right;
        const std::vector<double>& all = thresholds_[feature];
        compiled.bound =
            static_cast<std::uint32_t>(std::lower_bound(all.begin(), all.end(), node.threshold) - all.begin()) + 1;
      }
      nodes_.push_back(compiled);
    }
    leaves_ += tree.leaves.size();
  }
  if (subsets_.empty()) subsets_.push_back(0);
}

std::uint32_t CompiledForest::cell(std::size_t feature, double value) const {
  if (value == missing_feature) return 0;
  if (categories_[feature] > 0) return static_cast<std::uint32_t>(value) + 1;
  const std::vector<double>& all = thresholds_[feature];
  return static_cast<std::uint32_t>(std::lower_bound(all.begin(), all.end(), value) - all.begin()) + 1;
}

std::uint32_t CompiledForest::leaf_of(std::size_t t, std::span<const std::uint32_t> cells) const {
  const ForestNode* nodes = nodes_.data() + roots_[t];
  std::uint32_t at = 0;
  while (nodes[at].kind != ForestNode::Kind::leaf) {
    at = goes_left(nodes[at], cells[nodes[at].feature]) ? at + 1 : nodes[at].right;
  }
  return nodes[at].bound;
}

void CompiledForest::profile(std::span<const std::int64_t> leaf_values, std::span<const std::uint32_t> cells,
                             std::size_t feature, std::span<std::int64_t> sums) const {
  std::fill(sums.begin(), sums.end(), 0);
  steps(leaf_values, cells, feature,
        [&](std::uint32_t cell, std::int64_t difference) { sums[cell - 1] += difference; });
  for (std::size_t c = 1; c < sums.size(); ++c) sums[c] += sums[c - 1];
}

}  // namespace hyperego::detail
