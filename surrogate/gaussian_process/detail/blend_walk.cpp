#include <hyperego/surrogate/gaussian_process/detail/blend_walk.hpp>

#include <algorithm>

namespace hyperego::detail {
namespace {

constexpr std::size_t table_rows = std::size_t{1} << 14U;

}  // namespace

std::size_t coalitions_at_once(const Blends& blends, std::size_t coalitions) {
  // Flat spaces of up to 28 players have tables below the limit; only lists over large components need parts.
  const bool small = blends.number_of_players() <= 28 && !blends.space().has_conditions();
  return small ? coalitions : std::min(coalitions, table_rows);
}

SampleSources::SampleSources(const BlendPlan& plan, const Blends& blends)
    : plan_(plan), blends_(blends), d_(blends.space().size()) {
  for (const HalfPlan& half : plan.halves) {
    if (!half.independent) pairs_ = std::max(pairs_, half.leaves.size());
  }
  sources_.resize((2 + pairs_) * d_);
}

void SampleSources::take_sample(std::size_t i) {
  sample_ = i;
  read(0, 0);
  read(1, grand_coalition(blends_.number_of_players()));
  for (std::size_t t = 0; t < pairs_; ++t) {
    Coalition coalition = 0;
    for (const HalfPlan& half : plan_.halves) {
      if (!half.independent && t < half.leaves.size()) coalition |= half.leaves[t];
    }
    read(2 + t, coalition);
  }
}

void SampleSources::read(std::size_t row, Coalition coalition) {
  const std::span<BlendSource> out(sources_.data() + row * d_, d_);
  blends_.sources(sample_, coalition, out);
  // A value that the baseline has as well is the baseline's: fewer distinct rows.
  const Configuration& sample = blends_.sample(sample_);
  for (std::size_t j = 0; j < d_; ++j) {
    if (out[j] == BlendSource::sample && sample[j] == blends_.baseline()[j]) out[j] = BlendSource::baseline;
  }
}

void HalfNodes::advance(std::size_t k, const SampleSources& sources) {
  constexpr std::uint32_t none = ~std::uint32_t{0};
  const HalfPlan::Level& level = plan_.levels[k];
  named_.assign(count_ * source_count, none);
  next_nodes_.resize(level.parent.size());
  parent_of_.clear();
  row_of_.clear();
  const auto first_row = static_cast<std::size_t>(plan_.players[k]) * source_count;
  for (std::size_t u = 0; u < level.parent.size(); ++u) {
    const std::uint32_t parent = nodes_[level.parent[u]];
    const std::size_t source = index_of(sources(plan_, k, u));
    std::uint32_t& name = named_[parent * source_count + source];
    if (name == none) {
      name = static_cast<std::uint32_t>(parent_of_.size());
      parent_of_.push_back(parent);
      row_of_.push_back(static_cast<std::uint32_t>(first_row + source));
    }
    next_nodes_[u] = name;
  }
  nodes_.swap(next_nodes_);
  count_ = parent_of_.size();
}

std::size_t HalfNodes::most_nodes() const {
  std::size_t most = 1;
  for (const HalfPlan::Level& level : plan_.levels) most = std::max(most, level.parent.size());
  return most;
}

}  // namespace hyperego::detail
