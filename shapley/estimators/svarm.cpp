#include <hyperego/core/error.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/coalition_samples.hpp>
#include <hyperego/shapley/estimators/detail/control_variate.hpp>
#include <hyperego/shapley/estimators/detail/estimator_task.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace hyperego::detail {
namespace {

// Coefficient of the stratum mean of {L : |L ∩ S| = j, |L| = l} in I(S), |S| = s, and the number of coalitions in it.
struct Stratum {
  double coefficient = 0;
  double coalitions = 0;
};

class Strata {
 public:
  Strata(const CardinalWeights& weights, int players, int order) : players_(players), order_(order) {
    for (int s = 1; s <= order; ++s) {
      for (int j = 0; j <= s; ++j) {
        for (int l = 0; l <= players; ++l) {
          const auto count = static_cast<double>(binomial_coefficient(players - s, l - j));
          const double sign = (s - j) % 2 == 0 ? 1 : -1;
          strata_.push_back({count > 0 ? sign * weights.coalition(s, s + l - j) * count : 0.0, count});
        }
      }
    }
  }

  [[nodiscard]] const Stratum& of(int s, int j, int l) const {
    // Sizes before s hold Σ_{i<s} (i + 1) rows of players + 1 strata.
    const int rows = (s - 1) * (s + 2) / 2 + j;
    return strata_[static_cast<std::size_t>(rows * (players_ + 1) + l)];
  }

  // Where the weight of the index lies: sampling in proportion to |coefficient| is Neyman's rule for strata of equal
  // spread.
  [[nodiscard]] std::vector<double> share_of_sizes() const {
    std::vector<double> share(static_cast<std::size_t>(players_ + 1), 0.0);
    for (int s = 1; s <= order_; ++s) {
      std::vector<double> mine(share.size(), 0.0);
      double total = 0;
      for (int l = 1; l < players_; ++l) {
        double& weight = mine[static_cast<std::size_t>(l)];
        for (int j = 0; j <= s; ++j) {
          weight += static_cast<double>(binomial_coefficient(s, j)) * std::abs(of(s, j, l).coefficient);
        }
        total += weight;
      }
      for (std::size_t l = 0; l < share.size() && total > 0; ++l) share[l] = std::max(share[l], mine[l] / total);
    }
    double total = 0;
    for (const double weight : share) total += weight;
    for (double& weight : share) weight = 0.95 * weight / std::max(total, 1e-300) + 0.05 / players_;
    return share;
  }

 private:
  int players_;
  int order_;
  std::vector<Stratum> strata_;
};

// Sizes on which an index hangs by single coalitions: they are played in full or the estimate means nothing.
std::vector<bool> sizes_to_enumerate(InteractionIndex index, int order, int players) {
  std::vector<bool> forced(static_cast<std::size_t>(players + 1), false);
  const auto force = [&](int first, int last) {
    for (int l = std::max(first, 0); l <= std::min(last, players); ++l) forced[static_cast<std::size_t>(l)] = true;
  };
  if (index == InteractionIndex::stii) force(0, order - 1);
  if (index == InteractionIndex::moebius) force(0, order);
  if (index == InteractionIndex::co_moebius) force(players - order, players);
  return forced;
}

struct SizeSample {
  std::vector<Coalition> coalitions;
  std::vector<double> values;
  double mean = 0;
  double variance = 0;
};

// All coalitions drawn, size by size, and what the control variate leaves of their values.
struct Draw {
  std::vector<Coalition> coalitions;
  std::vector<double> values;
  std::vector<std::size_t> first;  // of every size, and the end
  ControlVariate control;
};

Draw draw(EstimatorTask& task, CoalitionSamples& samples, const std::vector<std::size_t>& counts) {
  const int players = task.game.players();
  Draw drawn{{}, {}, {0}, ControlVariate(players)};
  std::vector<int> fold;
  for (int l = 0; l <= players; ++l) {
    const std::size_t count = counts[static_cast<std::size_t>(l)];
    const bool enumerated = count == binomial_coefficient(players, l);
    const std::vector<Coalition> coalitions = samples.first(l, count);
    drawn.coalitions.insert(drawn.coalitions.end(), coalitions.begin(), coalitions.end());
    // Sizes with few coalitions do not all begin with the same fold.
    for (std::size_t i = 0; i < count; ++i) {
      fold.push_back(enumerated ? -1 : static_cast<int>((i + static_cast<std::size_t>(3 * l)) % control_folds));
    }
    drawn.first.push_back(drawn.coalitions.size());
  }
  task.game.evaluate(drawn.coalitions);
  for (const Coalition coalition : drawn.coalitions) drawn.values.push_back(task.remainder(coalition));
  drawn.control =
      ControlVariate(players, {drawn.coalitions, drawn.values, fold}, task.options.control_order, false, 0.0);
  for (std::size_t i = 0; i < fold.size(); ++i) drawn.values[i] -= drawn.control.value(drawn.coalitions[i], fold[i]);
  return drawn;
}

SizeSample of_size(const Draw& drawn, int size) {
  const auto first = static_cast<std::ptrdiff_t>(drawn.first[static_cast<std::size_t>(size)]);
  const auto last = static_cast<std::ptrdiff_t>(drawn.first[static_cast<std::size_t>(size) + 1]);
  SizeSample sample{{drawn.coalitions.begin() + first, drawn.coalitions.begin() + last},
                    {drawn.values.begin() + first, drawn.values.begin() + last},
                    0,
                    0};
  const auto count = static_cast<double>(last - first);
  for (const double value : sample.values) sample.mean += value / count;
  for (const double value : sample.values) {
    sample.variance += (value - sample.mean) * (value - sample.mean) / std::max(1.0, count - 1);
  }
  return sample;
}

// Adds the part of one size of coalition to every interaction and its variance. Returns how many strata had no
// coalition.
class SizeContribution {
 public:
  SizeContribution(const Strata& strata, const std::vector<Coalition>& interactions) : strata_(strata) {
    for (const Coalition interaction : interactions) players_.push_back(players_of(interaction));
  }

  std::size_t add(const SizeSample& sample, int l, std::vector<double>& values, std::vector<double>& variances) const {
    std::size_t empty = 0;
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < players_.size(); ++i) {
      const std::vector<int>& players = players_[i];
      cells.assign(std::size_t{1} << players.size(), {});
      for (std::size_t c = 0; c < sample.coalitions.size(); ++c) {
        std::size_t inside = 0;
        for (std::size_t p = 0; p < players.size(); ++p) {
          inside |= ((sample.coalitions[c] >> static_cast<unsigned>(players[p])) & 1U) << p;
        }
        Cell& cell = cells[inside];
        const double deviation = sample.values[c] - sample.mean;
        cell.count += 1;
        cell.sum += deviation;
        cell.squares += deviation * deviation;
      }
      for (std::size_t inside = 0; inside < cells.size(); ++inside) {
        const Stratum& stratum =
            strata_.of(static_cast<int>(players.size()), size_of(static_cast<Coalition>(inside)), l);
        if (stratum.coefficient == 0) continue;
        empty += cells[inside].count == 0 ? 1 : 0;
        values[i] += stratum.coefficient * (sample.mean + cells[inside].mean());
        variances[i] += stratum.coefficient * stratum.coefficient * cells[inside].variance(stratum, sample.variance);
      }
    }
    return empty;
  }

 private:
  struct Cell {
    double count = 0;
    double sum = 0;
    double squares = 0;

    // An empty stratum stands at the mean of its size.
    [[nodiscard]] double mean() const { return count > 0 ? sum / count : 0.0; }
    // Of the mean, without replacement; one degree of freedom of the spread comes from the whole size.
    [[nodiscard]] double variance(const Stratum& stratum, double of_size) const {
      if (count == 0) return of_size;
      const double spread = (std::max(0.0, squares - sum * sum / count) + of_size) / count;
      return spread / count * std::max(0.0, 1 - count / stratum.coalitions);
    }
  };

  const Strata& strata_;
  std::vector<std::vector<int>> players_;
};

}  // namespace

void estimate_by_strata(EstimatorTask& task) {
  const int players = task.game.players();
  InteractionValues& result = task.estimate.values;
  const Strata strata(task.weights, players, result.order);
  const std::vector<double> share = strata.share_of_sizes();
  const std::vector<bool> forced = sizes_to_enumerate(result.index, result.order, players);
  std::size_t least = 2;
  for (int l = 1; l < players; ++l) {
    least += forced[static_cast<std::size_t>(l)] ? binomial_coefficient(players, l) : 1;
  }
  if (task.budget() < least) {
    throw InvalidInput("budget", std::string(to_string(result.index)) + " of order " + std::to_string(result.order) +
                                     " and " + std::to_string(players) + " players needs at least " +
                                     std::to_string(least) + " coalitions");
  }
  CoalitionSamples samples(players, task.options.seed, false);
  const SizeContribution contribution(strata, result.interactions);
  for (const std::size_t budget : task.stages(least)) {
    const std::vector<std::size_t> counts = allocate_sizes(players, budget, share, forced);
    std::vector<double> variances(result.values.size(), 0.0);
    std::fill(result.values.begin(), result.values.end(), 0.0);
    std::vector<double> size_means;
    std::size_t empty = 0;
    const Draw drawn = draw(task, samples, counts);
    for (int l = 0; l <= players; ++l) {
      const SizeSample sample = of_size(drawn, l);
      size_means.push_back(sample.mean);
      empty += contribution.add(sample, l, result.values, variances);
    }
    task.set_empty_interaction(size_means);
    drawn.control.add_index(task.weights, result);
    task.estimate.control_order = drawn.control.order();
    for (std::size_t i = 0; i < variances.size(); ++i) task.estimate.standard_errors[i] = std::sqrt(variances[i]);
    task.estimate.note =
        empty == 0 ? "" : std::to_string(empty) + " strata had no coalition and stand at the mean of their size";
    if (task.target_met()) return;
  }
}

}  // namespace hyperego::detail
