#include <hyperego/core/parallel.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/shapley/game/detail/blend_legality.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

namespace hyperego::detail {
namespace {

constexpr int most_players_tabulated = 10;
constexpr std::size_t most_table_bytes = std::size_t{64} << 20U;

/// Components of the condition graph, merged where a forbidden clause spans several.
std::vector<std::size_t> constraint_groups(const SearchSpace& space) {
  std::vector<std::size_t> group = space.component();
  for (const ForbiddenClause& clause : space.forbidden_clauses()) {
    if (clause.terms.empty()) continue;
    const std::size_t target = group[clause.terms.front().hyperparameter];
    for (const std::size_t i : hyperparameters_of(clause)) {
      const std::size_t merged = group[i];
      if (merged != target) std::replace(group.begin(), group.end(), merged, target);
    }
  }
  return group;
}

/// Hyperparameters that stand under a constraint, their own legality apart.
std::vector<bool> constrained(const SearchSpace& space) {
  std::vector<bool> is_constrained(space.size(), false);
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (space.is_conditional(i)) is_constrained[i] = true;
  }
  for (const ForbiddenClause& clause : space.forbidden_clauses()) {
    for (const std::size_t i : hyperparameters_of(clause)) is_constrained[i] = true;
  }
  return is_constrained;
}

}  // namespace

Coalition BlendLegality::coalition_of(const Group& group, std::size_t position) {
  Coalition coalition = 0;
  for (std::size_t k = 0; k < group.players.size(); ++k) {
    if ((position >> k & 1U) != 0) coalition |= Coalition{1} << group.players[k];
  }
  return coalition;
}

BlendLegality::BlendLegality(const Blends& blends, int threads) : blends_(&blends) {
  if (blends.all_count()) return;
  const SearchSpace& space = blends.space();
  const std::vector<std::size_t> group_of = constraint_groups(space);
  const std::vector<bool> is_constrained = constrained(space);
  // A sample that is illegal by itself makes even unconstrained players worth asking about.
  bool samples_legal = true;
  for (std::size_t i = 0; i < blends.number_of_samples() && samples_legal; ++i) {
    samples_legal = blends.counts(i, grand_coalition(blends.number_of_players()));
  }
  for (std::size_t g = 0; g < space.size(); ++g) {
    Group group;
    bool matters = !samples_legal;
    for (std::size_t i = 0; i < space.size(); ++i) {
      if (group_of[i] == g && is_constrained[i]) matters = true;
    }
    for (int p = 0; p < blends.number_of_players(); ++p) {
      if (group_of[blends.players()[static_cast<std::size_t>(p)]] == g) group.players.push_back(p);
    }
    if (!matters || group.players.empty()) continue;
    const std::size_t bytes = blends.number_of_samples() << std::min<std::size_t>(group.players.size(), 32);
    if (group.players.size() > most_players_tabulated || bytes > most_table_bytes) {
      for (const int p : group.players) untabulated_ |= Coalition{1} << p;
      continue;
    }
    group.verdicts.resize(bytes);
    groups_.push_back(std::move(group));
  }
  in_parallel(blends.number_of_samples(), threads, [&](std::size_t sample) {
    for (Group& group : groups_) {
      const std::size_t size = std::size_t{1} << group.players.size();
      for (std::size_t position = 0; position < size; ++position) {
        group.verdicts[sample * size + position] = blends.counts(sample, coalition_of(group, position)) ? 1 : 0;
      }
    }
  });
}

BlendLegality::Rows BlendLegality::rows(std::span<const Coalition> coalitions) const {
  Rows rows{.coalitions = coalitions, .positions = {}};
  for (const Group& group : groups_) {
    std::vector<std::uint32_t> positions(coalitions.size());
    for (std::size_t j = 0; j < coalitions.size(); ++j) {
      for (std::size_t k = 0; k < group.players.size(); ++k) {
        if (contains(coalitions[j], group.players[k])) positions[j] |= std::uint32_t{1} << k;
      }
    }
    rows.positions.push_back(std::move(positions));
  }
  return rows;
}

void BlendLegality::counts(std::size_t sample, const Rows& rows, std::span<std::uint8_t> counts) const {
  std::fill(counts.begin(), counts.end(), std::uint8_t{1});
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const std::uint8_t* verdicts = groups_[g].verdicts.data() + (sample << groups_[g].players.size());
    const std::vector<std::uint32_t>& positions = rows.positions[g];
    for (std::size_t j = 0; j < counts.size(); ++j) counts[j] &= verdicts[positions[j]];
  }
  if (untabulated_ == 0) return;
  for (std::size_t j = 0; j < counts.size(); ++j) {
    if (counts[j] != 0) counts[j] = blends_->counts(sample, rows.coalitions[j] & untabulated_) ? 1 : 0;
  }
}

}  // namespace hyperego::detail
