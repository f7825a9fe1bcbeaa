#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/game/decisive_blends.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace hyperego {
namespace {

constexpr int most_players_whole = 8;
constexpr std::size_t orders = 16;

/// φ = Σ_S weights[S] v(S), a column for every coalition.
using CoalitionWeights = std::map<Coalition, Eigen::VectorXd>;

CoalitionWeights weights_of_all(int players) {
  CoalitionWeights result;
  const auto n = static_cast<double>(players);
  for (Coalition s = 0; s <= grand_coalition(players); ++s) {
    const double size = size_of(s);
    // |S|! (n − 1 − |S|)! / n! where the player is added to S, the same of S without it where it is taken away.
    const double added = std::exp(std::lgamma(size + 1) + std::lgamma(n - size) - std::lgamma(n + 1));
    const double removed = std::exp(std::lgamma(size) + std::lgamma(n - size + 1) - std::lgamma(n + 1));
    Eigen::VectorXd& column = result[s];
    column.resize(players);
    for (int i = 0; i < players; ++i) column[i] = contains(s, i) ? removed : -added;
  }
  return result;
}

CoalitionWeights weights_of_orders(int players, std::uint64_t seed) {
  CoalitionWeights result;
  std::vector<int> order(static_cast<std::size_t>(players));
  std::iota(order.begin(), order.end(), 0);
  Rng rng(seed, "orders-of-players");
  const auto add = [&](Coalition s, int player, double weight) {
    const auto entry = result.try_emplace(s, Eigen::VectorXd::Zero(players)).first;
    entry->second[player] += weight;
  };
  for (std::size_t k = 0; k < 2 * orders; ++k) {
    if (k % 2 == 1) {
      std::reverse(order.begin(), order.end());
    } else {
      for (std::size_t i = order.size() - 1; i > 0; --i) {
        std::swap(order[i], order[static_cast<std::size_t>(rng.uniform() * static_cast<double>(i + 1))]);
      }
    }
    Coalition s = 0;
    for (const int player : order) {
      add(s, player, -1.0 / (2 * orders));
      s |= Coalition{1} << player;
      add(s, player, 1.0 / (2 * orders));
    }
  }
  return result;
}

/// Places met by several coalitions are kept once.
class Places {
 public:
  explicit Places(int players) : players_(players) {}
  void add(Configuration place, const Eigen::VectorXd& weights) {
    const auto [known, is_new] = positions_.try_emplace(place, places_.size());
    if (is_new) {
      places_.push_back(std::move(place));
      columns_.emplace_back(Eigen::VectorXd::Zero(players_));
    }
    columns_[known->second] += weights;
  }
  DecisiveBlends take() {
    DecisiveBlends result{std::move(places_), Eigen::MatrixXd(players_, static_cast<Eigen::Index>(columns_.size()))};
    for (std::size_t k = 0; k < columns_.size(); ++k) result.weights.col(static_cast<Eigen::Index>(k)) = columns_[k];
    return result;
  }

 private:
  int players_;
  std::vector<Configuration> places_;
  std::vector<Eigen::VectorXd> columns_;
  std::unordered_map<Configuration, std::size_t, ConfigurationHash> positions_;
};

}  // namespace

DecisiveBlends decisive_blends(const BlendPredictor& predictor, const Blends& blends, GameKind kind,
                               std::uint64_t seed) {
  if (kind == GameKind::optimizer_bias) {
    throw InvalidInput("game", "is optimizer_bias, which no single configuration decides");
  }
  const int players = blends.number_of_players();
  const CoalitionWeights weights =
      players <= most_players_whole ? weights_of_all(players) : weights_of_orders(players, seed);
  std::vector<Coalition> coalitions;
  for (const auto& [coalition, column] : weights) coalitions.push_back(coalition);
  Eigen::MatrixXd values(static_cast<Eigen::Index>(coalitions.size()),
                         static_cast<Eigen::Index>(blends.number_of_samples()));
  predictor.predict_blends(blends, 0, coalitions, values);
  Places places(players);
  for (std::size_t c = 0; c < coalitions.size(); ++c) {
    const Eigen::VectorXd& column = weights.at(coalitions[c]);
    std::vector<std::size_t> counting;
    for (std::size_t k = 0; k < blends.number_of_samples(); ++k) {
      if (blends.counts(k, coalitions[c])) counting.push_back(k);
    }
    if (counting.empty()) continue;
    const auto row = values.row(static_cast<Eigen::Index>(c));
    const auto at = [&](std::size_t k) { return row[static_cast<Eigen::Index>(k)]; };
    if (kind == GameKind::sensitivity) {
      double mean = 0;
      for (const std::size_t k : counting) mean += at(k) / static_cast<double>(counting.size());
      for (const std::size_t k : counting) {
        const double slope = 2 * (at(k) - mean) / static_cast<double>(counting.size());
        if (slope != 0) places.add(blends.blend(k, coalitions[c]), slope * column);
      }
      continue;
    }
    const double sign = kind == GameKind::mistunability ? -1 : 1;
    const std::size_t chosen = *std::min_element(
        counting.begin(), counting.end(), [&](std::size_t a, std::size_t b) { return sign * at(a) < sign * at(b); });
    places.add(blends.blend(chosen, coalitions[c]), column);
  }
  return places.take();
}

}  // namespace hyperego
