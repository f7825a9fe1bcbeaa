#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/surrogate/gaussian_process/detail/blend_plan.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hyperego::detail {

inline constexpr std::size_t source_count = 4;  // of BlendSource
/// A matrix product of whole tables does about so many products in the time of one taken singly.
inline constexpr std::size_t product_advantage = 3;

[[nodiscard]] constexpr std::size_t index_of(BlendSource source) { return static_cast<std::size_t>(source); }

/// Lists of coalitions over large components are taken in parts of so many, so that tables stay small.
[[nodiscard]] std::size_t coalitions_at_once(const Blends& blends, std::size_t coalitions);

/// The sources of all hyperparameters in the blends of one sample: of every pair of leaves with equal index where
/// players depend on one another, else of no and of all players.
class SampleSources {
 public:
  SampleSources(const BlendPlan& plan, const Blends& blends);

  void take_sample(std::size_t i);

  /// Where the value of the half's k-th player comes from in prefix u of level k.
  [[nodiscard]] BlendSource operator()(const HalfPlan& half, std::size_t k, std::size_t u) const {
    const HalfPlan::Level& level = half.levels[k];
    const std::size_t j = blends_.players()[static_cast<std::size_t>(half.players[k])];
    return sources_[(half.independent ? level.contains[u] : 2 + level.leaf[u]) * d_ + j];
  }

 private:
  void read(std::size_t row, Coalition coalition);

  const BlendPlan& plan_;
  const Blends& blends_;
  std::size_t d_;
  std::size_t pairs_ = 0;
  std::size_t sample_ = 0;
  std::vector<BlendSource> sources_;
};

/// Names for the distinct ways of taking the values of the first players of a half: prefixes whose players take their
/// values from the same sources are one node.
class HalfNodes {
 public:
  explicit HalfNodes(const HalfPlan& plan) : plan_(plan) {}

  void restart() {
    nodes_.assign(1, 0);
    count_ = 1;
  }
  /// Goes from level k − 1 to level k. parent_of() and row_of() then say, for each new node, its parent's name and the
  /// row of its last player's source (player · source_count + source).
  void advance(std::size_t k, const SampleSources& sources);

  [[nodiscard]] const HalfPlan& plan() const { return plan_; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// At the last level: the node of a leaf.
  [[nodiscard]] std::uint32_t node(std::uint32_t leaf) const { return nodes_[leaf]; }
  [[nodiscard]] const std::vector<std::uint32_t>& parent_of() const { return parent_of_; }
  [[nodiscard]] const std::vector<std::uint32_t>& row_of() const { return row_of_; }
  /// No level has more nodes.
  [[nodiscard]] std::size_t most_nodes() const;

 private:
  const HalfPlan& plan_;
  std::vector<std::uint32_t> nodes_, next_nodes_, named_, parent_of_, row_of_;
  std::size_t count_ = 1;
};

}  // namespace hyperego::detail
