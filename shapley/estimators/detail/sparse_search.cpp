#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/coalition_samples.hpp>
#include <hyperego/shapley/estimators/detail/sparse_search.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace hyperego::detail {
namespace {

// Below this the model must explain the held-out sample, or it is not worth having.
constexpr double least_explained = 0.5;
constexpr std::size_t held_out_coalitions = 64;

class Search {
 public:
  Search(EvaluatedGame& game, std::size_t evaluations, std::uint64_t seed)
      : game_(game),
        rng_(seed, "sparse search"),
        limit_(game.evaluated() + evaluations),
        first_check_(evaluations / 4) {
    const Coalition everybody = grand_coalition(game.players());
    held_out_.push_back(everybody);
    for (int i = 0; i < game.players(); ++i) held_out_.push_back(everybody & ~singleton(i));
    game_.evaluate(held_out_);
    hold_out_more();
    first_check_ += game_.evaluated();
  }

  SparseSearch run() {
    for (;;) {
      const std::optional<Coalition> unexplained = find_unexplained();
      if (!unexplained && game_.evaluated() + held_out_coalitions > limit_) break;
      if (!unexplained) {
        // What chose the terms cannot confirm them: only coalitions that nobody has looked at yet do.
        hold_out_more();
        if (!find_unexplained()) return {std::move(model_), true};
        continue;
      }
      if (game_.evaluated() >= first_check_ && explained() < least_explained) return {};
      if (!extract(*unexplained)) break;
    }
    if (explained() < least_explained) return {};
    return {std::move(model_), false};
  }

 private:
  EvaluatedGame& game_;
  Rng rng_;
  std::size_t limit_;
  std::size_t first_check_;
  UnanimityModel model_;
  std::vector<Coalition> held_out_;

  // Sizes as in the Shapley kernel, 1/(s (n − s)).
  void hold_out_more() {
    const int players = game_.players();
    std::vector<double> cumulative;
    double sum = 0;
    for (int s = 1; s < players; ++s) cumulative.push_back(sum += 1.0 / (static_cast<double>(s) * (players - s)));
    for (std::size_t i = 0; i < held_out_coalitions && players > 1; ++i) {
      const double u = rng_.uniform() * sum;
      const auto size = std::upper_bound(cumulative.begin(), cumulative.end() - 1, u) - cumulative.begin() + 1;
      held_out_.push_back(random_coalition(rng_, players, static_cast<int>(size)));
    }
    game_.evaluate(held_out_);
  }

  double remainder(Coalition coalition) { return game_.value(coalition) - model_(coalition); }
  // Rounding errors of a sum of that many terms, generously.
  bool is_zero(double value) const { return std::abs(value) <= 1e-10 * game_.scale(); }

  // Among the held-out coalitions first, then among all that were evaluated on the way.
  std::optional<Coalition> find_unexplained() {
    for (const Coalition coalition : held_out_) {
      if (!is_zero(remainder(coalition))) return coalition;
    }
    for (const Coalition coalition : game_.coalitions()) {
      if (!is_zero(remainder(coalition))) return coalition;
    }
    return std::nullopt;
  }

  double explained() {
    double mean = 0;
    for (const Coalition coalition : held_out_) mean += game_.value(coalition) / static_cast<double>(held_out_.size());
    double residual = 0;
    double total = 0;
    for (const Coalition coalition : held_out_) {
      residual += std::pow(remainder(coalition), 2);
      total += std::pow(game_.value(coalition) - mean, 2);
    }
    return total > 0 ? 1 - residual / total : 0;
  }

  // False when the evaluations do not suffice.
  bool extract(Coalition coalition) {
    std::vector<int> order = players_of(coalition);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng_.below(i)]);
    if (!shrink(coalition, order, 0, order.size())) return false;
    model_.terms.push_back({coalition, remainder(coalition)});
    return true;
  }

  // Takes out the players order[first … last) as far as the remainder stays non-zero: all at once, else each half by
  // itself.
  bool shrink(Coalition& coalition, const std::vector<int>& order, std::size_t first, std::size_t last) {
    Coalition without = coalition;
    for (std::size_t i = first; i < last; ++i) without &= ~singleton(order[i]);
    if (game_.evaluated() >= limit_ && !game_.known(without)) return false;
    if (without != 0 && !is_zero(remainder(without))) {
      coalition = without;
      return true;
    }
    if (last - first <= 1) return true;
    const std::size_t middle = first + (last - first) / 2;
    return shrink(coalition, order, first, middle) && shrink(coalition, order, middle, last);
  }
};

}  // namespace

SparseSearch search_sparse_moebius(EvaluatedGame& game, std::size_t evaluations, std::uint64_t seed) {
  const auto held_out = held_out_coalitions + static_cast<std::size_t>(game.players()) + 1;
  if (evaluations < 4 * held_out) return {};  // too little to find and to verify
  return Search(game, evaluations, seed).run();
}

}  // namespace hyperego::detail
