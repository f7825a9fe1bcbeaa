#include <hyperego/surrogate/gaussian_process/detail/blend_plan.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace hyperego::detail {
namespace {

/// Whole components, the largest first, each to the half with fewer players.
std::array<std::vector<int>, 2> split_players(const SearchSpace& space) {
  std::map<std::size_t, std::vector<int>> members;
  std::vector<std::size_t> rank(space.size());
  for (std::size_t r = 0; r < space.size(); ++r) rank[space.topological_order()[r]] = r;
  const std::vector<std::size_t>& searched = space.searched();
  for (std::size_t p = 0; p < searched.size(); ++p) {
    members[space.component()[searched[p]]].push_back(static_cast<int>(p));
  }
  std::vector<std::vector<int>> components;
  for (auto& [number, players] : members) components.push_back(std::move(players));
  std::stable_sort(components.begin(), components.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::array<std::vector<int>, 2> halves;
  for (const std::vector<int>& component : components) {
    auto& half = halves[0].size() <= halves[1].size() ? halves[0] : halves[1];
    half.insert(half.end(), component.begin(), component.end());
  }
  for (auto& half : halves) {
    std::sort(half.begin(), half.end(), [&](int a, int b) {
      return rank[searched[static_cast<std::size_t>(a)]] < rank[searched[static_cast<std::size_t>(b)]];
    });
  }
  return halves;
}

/// The members of a coalition among `players`, the first player as the most significant bit: prefixes are then shifts.
Coalition compress(Coalition coalition, const std::vector<int>& players) {
  Coalition code = 0;
  for (const int player : players) code = code << 1U | (coalition >> player & 1U);
  return code;
}

Coalition expand(Coalition code, const std::vector<int>& players) {
  Coalition coalition = 0;
  for (std::size_t k = 0; k < players.size(); ++k) {
    if ((code >> (players.size() - 1 - k) & 1U) != 0) coalition |= Coalition{1} << players[k];
  }
  return coalition;
}

void build_levels(HalfPlan& half, std::vector<Coalition> codes) {
  std::vector<std::uint32_t> leaf(codes.size());
  for (std::size_t u = 0; u < codes.size(); ++u) leaf[u] = static_cast<std::uint32_t>(u);
  half.levels.resize(half.players.size());
  for (std::size_t k = half.players.size(); k-- > 0;) {
    HalfPlan::Level& level = half.levels[k];
    level.leaf = leaf;
    std::vector<Coalition> shorter;
    std::vector<std::uint32_t> shorter_leaf;
    for (std::size_t u = 0; u < codes.size(); ++u) {
      if (shorter.empty() || shorter.back() != codes[u] >> 1U) {
        shorter.push_back(codes[u] >> 1U);
        shorter_leaf.push_back(leaf[u]);
      }
      level.parent.push_back(static_cast<std::uint32_t>(shorter.size() - 1));
      level.contains.push_back(static_cast<std::uint8_t>(codes[u] & 1U));
    }
    codes = std::move(shorter);
    leaf = std::move(shorter_leaf);
  }
}

std::vector<std::uint32_t> plan_half(HalfPlan& half, std::span<const Coalition> coalitions) {
  std::vector<Coalition> codes;
  codes.reserve(coalitions.size());
  for (const Coalition coalition : coalitions) codes.push_back(compress(coalition, half.players));
  std::vector<Coalition> distinct = codes;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<std::uint32_t> leaf_of;
  leaf_of.reserve(codes.size());
  for (const Coalition code : codes) {
    const auto at = std::lower_bound(distinct.begin(), distinct.end(), code) - distinct.begin();
    leaf_of.push_back(static_cast<std::uint32_t>(at));
  }
  for (const Coalition code : distinct) half.leaves.push_back(expand(code, half.players));
  build_levels(half, std::move(distinct));
  return leaf_of;
}

bool are_independent(const SearchSpace& space, const std::vector<int>& players) {
  std::vector<std::size_t> components;
  for (const int player : players)
    components.push_back(space.component()[space.searched()[static_cast<std::size_t>(player)]]);
  std::sort(components.begin(), components.end());
  return std::adjacent_find(components.begin(), components.end()) == components.end();
}

}  // namespace

BlendPlan::BlendPlan(const SearchSpace& space, std::span<const Coalition> coalitions) {
  std::array<std::vector<int>, 2> players = split_players(space);
  for (std::size_t side = 0; side < 2; ++side) {
    halves[side].players = std::move(players[side]);
    halves[side].independent = are_independent(space, halves[side].players);
    leaf_of[side] = plan_half(halves[side], coalitions);
  }
}

}  // namespace hyperego::detail
