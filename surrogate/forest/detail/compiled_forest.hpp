#pragma once

#include <hyperego/surrogate/forest/detail/forest_walk.hpp>
#include <hyperego/surrogate/forest/detail/regression_tree.hpp>

#include <Eigen/Core>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hyperego::detail {

/// Trees with coordinates replaced by cells (forest_walk.hpp), ready to be walked. Leaves are numbered through.
class CompiledForest {
 public:
  CompiledForest(std::span<const ForestFeature> features, const std::vector<RegressionTree>& trees);

  [[nodiscard]] std::size_t number_of_trees() const { return roots_.size(); }
  [[nodiscard]] std::size_t number_of_leaves() const { return leaves_; }
  [[nodiscard]] std::size_t number_of_features() const { return thresholds_.size(); }
  [[nodiscard]] bool is_categorical(std::size_t feature) const { return categories_[feature] > 0; }
  /// Bytes of scratch memory for walks.
  [[nodiscard]] std::size_t scratch() const { return forest_scratch(depth_); }

  /// All finite thresholds of a numeric feature, ascending.
  [[nodiscard]] const std::vector<double>& thresholds(std::size_t feature) const { return thresholds_[feature]; }
  /// missing_feature has the cell 0.
  [[nodiscard]] std::uint32_t cell(std::size_t feature, double value) const;

  /// `leaf_values`: one for every leaf.
  [[nodiscard]] ForestTrees trees(std::span<const std::int64_t> leaf_values) const {
    return {.nodes = nodes_.data(),
            .roots = roots_.data(),
            .count = static_cast<std::ptrdiff_t>(roots_.size()),
            .depth = static_cast<std::ptrdiff_t>(depth_),
            .subsets = subsets_.data(),
            .subset_words = subset_words_.data(),
            .leaf_values = leaf_values.data()};
  }
  /// First leaf of tree t.
  [[nodiscard]] std::uint32_t first_leaf(std::size_t t) const { return first_leaf_[t]; }

  /// The leaf that one row of cells reaches.
  [[nodiscard]] std::uint32_t leaf_of(std::size_t t, std::span<const std::uint32_t> cells) const;

  /// Σ over all trees of the reached leaves' values for every cell of numeric feature f, the other cells as given:
  /// differences of neighbouring cells, differences[c] for cell c + 1 against cell c, from cell 1 on (length: number of
  /// thresholds + 1).
  void profile(std::span<const std::int64_t> leaf_values, std::span<const std::uint32_t> cells, std::size_t feature,
               std::span<std::int64_t> sums) const;
  /// The same where it changes alone: calls step(cell, difference to the cell before) for every leaf of every tree, in
  /// no order and with repetitions; the first cell's "difference" is its value.
  template <typename Step>
  void steps(std::span<const std::int64_t> leaf_values, std::span<const std::uint32_t> cells, std::size_t feature,
             const Step& step) const;

 private:
  [[nodiscard]] bool goes_left(const ForestNode& node, std::uint32_t cell) const {
    switch (node.kind) {
      case ForestNode::Kind::missing_left:
        return cell <= node.bound;
      case ForestNode::Kind::missing_right:
        return cell - 1U < node.bound;
      default:
        return (subsets_[node.bound + (cell >> 6U)] >> (cell & 63U) & 1U) != 0;
    }
  }

  std::vector<std::size_t> categories_;
  std::vector<std::vector<double>> thresholds_;
  std::vector<ForestNode> nodes_;
  std::vector<std::size_t> roots_;
  std::vector<std::uint32_t> first_leaf_;
  std::vector<std::uint64_t> subsets_;
  std::vector<std::uint32_t> subset_words_;
  std::size_t leaves_ = 0;
  std::size_t depth_ = 0;
};

template <typename Step>
void CompiledForest::steps(std::span<const std::int64_t> leaf_values, std::span<const std::uint32_t> cells,
                           std::size_t feature, const Step& step) const {
  // A leaf that the cells low … high reach adds its value at low and takes it back behind high. Of neighbouring leaves
  // only the difference counts.
  struct Pending {
    std::uint32_t node;
    std::uint32_t low;
  };
  std::array<Pending, static_cast<std::size_t>(forest_depth) + 1> pending;  // NOLINT: filled below
  const auto last = static_cast<std::uint32_t>(thresholds_[feature].size() + 1);
  for (const std::size_t root : roots_) {
    const ForestNode* nodes = nodes_.data() + root;
    std::size_t depth = 0;
    std::uint32_t at = 0;
    std::uint32_t low = 1;
    std::uint32_t high = last;
    std::int64_t before = 0;
    for (;;) {
      const ForestNode& node = nodes[at];
      if (node.kind == ForestNode::Kind::leaf) {
        const std::int64_t value = leaf_values[node.bound];
        step(low, value - before);
        before = value;
        if (depth == 0) break;
        --depth;
        // The next right child begins behind this leaf's cells and ends where the one waiting below it begins.
        at = pending[depth].node;
        low = pending[depth].low;
        high = depth == 0 ? last : pending[depth - 1].low - 1;
        continue;
      }
      if (node.feature != feature) {
        at = goes_left(node, cells[node.feature]) ? at + 1 : node.right;
      } else if (high <= node.bound) {
        ++at;
      } else if (low > node.bound) {
        at = node.right;
      } else {
        pending[depth++] = {node.right, node.bound + 1};
        high = node.bound;
        ++at;
      }
    }
  }
}

}  // namespace hyperego::detail
