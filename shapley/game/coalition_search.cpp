#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/selection.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hyperego {
namespace {

struct Scored {
  Coalition coalition = 0;
  double value = 0;
};

/// Descending by value, ties by the lower mask.
bool before(const Scored& a, const Scored& b) {
  return a.value != b.value ? a.value > b.value : a.coalition < b.coalition;
}

class Search {
 public:
  Search(LazyTunability& game, double threshold, const CoalitionSearchBudget& budget)
      : game_(game),
        budget_(budget),
        players_(game.number_of_players()),
        needed_(threshold * (game.full() - game.empty())) {}

  Coalition run() {
    std::vector<Scored> level = singles();
    for (int size = 1;; ++size) {
      if (reaches(level.front().value)) return level.front().coalition;
      exhaustive_ = exhaustive_ && level.size() == number_of(size);
      if (size + 1 >= players_) return grand_coalition(players_);
      std::vector<Scored> next = extensions(level);
      if (next.empty()) return extend_greedily(level.front().coalition);
      level = std::move(next);
    }
  }

  [[nodiscard]] bool exhaustive() const { return exhaustive_; }

 private:
  [[nodiscard]] bool spent() const { return asked_ >= budget_.coalitions; }
  [[nodiscard]] bool reaches(double value) const { return value - game_.empty() >= needed_ || value >= game_.full(); }

  Scored play(Coalition coalition) {
    ++asked_;
    return {.coalition = coalition, .value = game_.value(coalition)};
  }

  std::vector<Scored> singles() {
    std::vector<Scored> level;
    for (int p = 0; p < players_; ++p) level.push_back(play(Coalition{1} << p));
    for (const Scored& single : level) single_value_.push_back(single.value);
    std::sort(level.begin(), level.end(), before);
    return level;
  }

  /// Coalitions of size + 1, played in the order of promise until the budget is spent; sorted by value.
  std::vector<Scored> extensions(const std::vector<Scored>& level) {
    std::vector<Scored> promising;
    std::set<Coalition> seen;
    const std::size_t parents = std::min(budget_.beam, level.size());
    for (std::size_t b = 0; b < parents; ++b) {
      for (int p = 0; p < players_; ++p) {
        const Coalition extended = level[b].coalition | Coalition{1} << p;
        if (extended == level[b].coalition || !seen.insert(extended).second) continue;
        promising.push_back(
            {.coalition = extended, .value = level[b].value + single_value_[static_cast<std::size_t>(p)]});
      }
    }
    std::sort(promising.begin(), promising.end(), before);
    std::vector<Scored> next;
    for (const Scored& candidate : promising) {
      if (spent()) break;
      next.push_back(play(candidate.coalition));
    }
    std::sort(next.begin(), next.end(), before);
    return next;
  }

  [[nodiscard]] std::size_t number_of(int size) const {
    double count = 1;
    for (int k = 0; k < size; ++k) count = count * (players_ - k) / (k + 1);
    return count > 1e15 ? std::size_t{1} << 50U : static_cast<std::size_t>(std::llround(count));
  }

  Coalition extend_greedily(Coalition coalition) {
    std::vector<Scored> order;
    for (int p = 0; p < players_; ++p)
      order.push_back({.coalition = Coalition{1} << p, .value = single_value_[static_cast<std::size_t>(p)]});
    std::sort(order.begin(), order.end(), before);
    for (const Scored& single : order) {
      if (reaches(game_.value(coalition))) return coalition;
      coalition |= single.coalition;
    }
    return coalition;
  }

  LazyTunability& game_;
  CoalitionSearchBudget budget_;
  int players_;
  double needed_;
  std::vector<double> single_value_;
  std::size_t asked_ = 0;
  bool exhaustive_ = true;
};

}  // namespace

void CoalitionSearchBudget::validate() const {
  if (coalitions < 1) throw InvalidInput("coalitions", "a budget of at least one coalition is needed");
  if (beam < 1) throw InvalidInput("beam", "at least one coalition of every size must be extended");
}

CoalitionSearchResult coalition_search(LazyTunability& game, double threshold, const SearchSpace& space,
                                       const CoalitionSearchBudget& budget) {
  budget.validate();
  if (!(threshold >= 0 && threshold <= 1)) throw InvalidInput("threshold", "it must be in [0, 1]");
  if (static_cast<int>(space.searched().size()) != game.number_of_players()) {
    throw InvalidInput("space", "it has " + std::to_string(space.searched().size()) + " players and the game " +
                                    std::to_string(game.number_of_players()) + "; pass the game's own space");
  }
  const Coalition all = grand_coalition(game.number_of_players());
  CoalitionSearchResult result;
  const double whole = game.full() - game.empty();
  if (threshold == 0 || !(whole > 0)) {
    result.selection = {
        .chosen = all,
        .free = all,
        .reason = threshold == 0 ? "everything stays free" : "the game promises no gain, so nothing is frozen"};
    result.played = game.played().size();
    return result;
  }
  Search search(game, threshold, budget);
  const Coalition chosen = search.run();
  result.exhaustive = search.exhaustive();
  result.gain = (game.value(chosen) - game.empty()) / whole;
  result.played = game.played().size();
  result.selection = {.chosen = chosen, .free = close_over_parents(chosen, space), .reason = {}};
  result.selection.reason = std::string("smallest coalition found that reaches the threshold, after ") +
                            std::to_string(result.played) + " coalitions" +
                            (result.selection.free != chosen ? ", closed over condition parents" : "");
  return result;
}

}  // namespace hyperego
