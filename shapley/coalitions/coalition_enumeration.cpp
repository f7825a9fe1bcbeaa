#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>

#include <limits>
#include <numeric>

namespace hyperego {

std::vector<int> players_of(Coalition coalition) {
  std::vector<int> players;
  players.reserve(static_cast<std::size_t>(size_of(coalition)));
  for_each_player(coalition, [&](int player) { players.push_back(player); });
  return players;
}

std::string coalition_key(Coalition coalition) {
  std::string key;
  for_each_player(coalition, [&](int player) {
    if (!key.empty()) key += ',';
    key += std::to_string(player);
  });
  return key;
}

std::vector<Coalition> coalitions_of_size(int players, int size) {
  std::vector<Coalition> coalitions;
  if (size < 0 || size > players) return coalitions;
  coalitions.reserve(binomial_coefficient(players, size));
  std::vector<int> chosen(static_cast<std::size_t>(size));
  std::iota(chosen.begin(), chosen.end(), 0);
  for (;;) {
    Coalition coalition = 0;
    for (const int player : chosen) coalition |= singleton(player);
    coalitions.push_back(coalition);
    int last = size - 1;
    while (last >= 0 && chosen[static_cast<std::size_t>(last)] == players - size + last) --last;
    if (last < 0) return coalitions;
    const auto position = static_cast<std::size_t>(last);
    std::iota(chosen.begin() + last, chosen.end(), chosen[position] + 1);
  }
}

std::size_t lexicographic_rank(Coalition coalition, int players) {
  // Counted from the end: the coalitions after this one that agree with it up to some position and are larger there.
  int remaining = size_of(coalition);
  std::uint64_t after = 0;
  const std::uint64_t count = binomial_coefficient(players, remaining);
  for_each_player(coalition, [&](int player) { after += binomial_coefficient(players - 1 - player, remaining--); });
  return static_cast<std::size_t>(count - 1 - after);
}

std::uint64_t binomial_coefficient(int n, int k) {
  if (k < 0 || k > n) return 0;
  if (k > n - k) k = n - k;
  std::uint64_t result = 1;
  for (int i = 1; i <= k; ++i) {
    // result · (n − k + i) / i without overflow: divide out the common factors before multiplying.
    const auto factor = static_cast<std::uint64_t>(n - k + i);
    const auto divisor = static_cast<std::uint64_t>(i);
    const std::uint64_t common = std::gcd(result, divisor);
    const std::uint64_t left = result / common;
    const std::uint64_t right = factor / (divisor / common);
    if (left > std::numeric_limits<std::uint64_t>::max() / right) return std::numeric_limits<std::uint64_t>::max();
    result = left * right;
  }
  return result;
}

}  // namespace hyperego
