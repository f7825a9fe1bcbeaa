#include <hyperego/core/parallel.hpp>
#include <hyperego/shapley/game/detail/blend_tiles.hpp>
#include <hyperego/shapley/game/detail/optimized_game.hpp>
#include <hyperego/shapley/game/detail/pattern_search.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace hyperego::detail {
namespace {

/// A second sample is climbed from only where it lies within this share of the game's range below the best so far.
constexpr double promising_share = 0.05;
constexpr int rounds_side_by_side = 2;

/// The game under way; coalitions are compressed numbers.
class OptimizedGame {
 public:
  OptimizedGame(const BlendPredictor& predictor, const Blends& blends, std::vector<Coalition> coalitions, double sign,
                std::uint64_t seed, const CoalitionSearchOptions& options, const TileWork& work)
      : blends_(&blends),
        maximiser_(predictor, blends, sign, seed, options),
        coalitions_(std::move(coalitions)),
        players_(std::countr_zero(coalitions_.size())),
        threads_(work.threads),
        is_side_by_side_(maximiser_.has_values_alone()),
        progress_(part_of(work.progress, "game", 1, 4, 4)),
        climbs_(progress_, "game",
                is_side_by_side_ ? std::uint64_t{rounds_side_by_side} * PatternSearch::most_steps
                                 : 2 * coalitions_.size() - std::min<std::size_t>(coalitions_.size(), 3)),
        side_by_side_(predictor, blends, maximiser_, sign, climbs_),
        best_(coalitions_.size()),
        predictions_(coalitions_.size(), 0) {
    best_[0] =
        Candidate{.configuration = blends.baseline(), .value = maximiser_.value(blends.baseline()), .gradient = {}};
    TileWork sampling = work;
    sampling.progress = part_of(work.progress, "game", 0, 1, 4);
    sampled_ = best_blends(predictor, blends, coalitions_, sign, sampling);
    const double top = *std::max_element(sampled_.values.begin(), sampled_.values.end());
    range_ = std::max(top - best_[0].value, 0.0);
    least_gain_ = std::max(options.relative_gain * range_, 1e-13 * std::max(std::abs(top), std::abs(best_[0].value)));
    predictions_[0] = 1 + blends.number_of_samples() * coalitions_.size();
  }

  OptimizedValues play() {
    if (is_side_by_side_) {
      search_side_by_side();
    } else {
      search_one_by_one();
    }
    return {.best = std::move(best_),
            .legal = std::move(sampled_.legal),
            .predictions = std::accumulate(predictions_.begin(), predictions_.end(), std::uint64_t{0})};
  }

 private:
  void search_one_by_one() {
    for (int size = 1; size <= players_; ++size) {
      each_of_size(size, [&](std::size_t s) {
        climb_from_subsets(s);
        climbs_.advance();
      });
    }
    for (int size = players_ - 1; size >= 1; --size) {
      each_of_size(size, [&](std::size_t s) {
        climb_from_supersets(s);
        climbs_.advance();
      });
    }
    inherit_upwards();
  }

  /// All coalitions climb from their best samples at a time; then once more those that a subset or the projection of a
  /// superset has shown something better.
  void search_side_by_side() {
    std::fill(best_.begin() + 1, best_.end(), best_.front());
    std::vector<std::size_t> climbing;
    std::vector<PatternSearch::Start> starts;
    const auto start = [&](std::size_t s, Candidate candidate) {
      climbing.push_back(s);
      starts.push_back({coalitions_[s], std::move(candidate), least_gain_});
    };
    for (std::size_t s = 1; s < best_.size(); ++s) {
      if (std::optional<Candidate> sample = sample_of(s, sampled_.values[s], sampled_.samples[s])) start(s, *sample);
      if (!(sampled_.runner_up_values[s] > sampled_.values[s] - promising_share * range_)) continue;
      if (std::optional<Candidate> sample = sample_of(s, sampled_.runner_up_values[s], sampled_.runner_up_samples[s])) {
        start(s, *sample);
      }
    }
    climb_side_by_side(std::move(starts), climbing);
    const std::vector<Candidate> own = best_;
    inherit_upwards();
    take_projections();
    starts.clear();
    climbing.clear();
    for (std::size_t s = 1; s < best_.size(); ++s) {
      if (best_[s].value > own[s].value + least_gain_) start(s, best_[s]);
    }
    climb_side_by_side(std::move(starts), climbing);
    inherit_upwards();
  }

  void climb_side_by_side(std::vector<PatternSearch::Start> starts, const std::vector<std::size_t>& climbing) {
    std::vector<Candidate> tops = side_by_side_.climb(std::move(starts), predictions_[0]);
    for (std::size_t k = 0; k < tops.size(); ++k) {
      if (tops[k].value > best_[climbing[k]].value) best_[climbing[k]] = std::move(tops[k]);
    }
  }

  /// What the maximiser of every S ∪ {i} gives in S, in one call.
  void take_projections() {
    std::vector<Configuration> projections;
    std::vector<std::size_t> owners;
    for (std::size_t s = 1; s < best_.size(); ++s) {
      const Slice slice = maximiser_.slice(coalitions_[s]);
      for (int i = 0; i < players_; ++i) {
        if ((s >> i & 1U) != 0) continue;
        Configuration projection = slice.project(best_[s | std::size_t{1} << i].configuration);
        if (projection == best_[s].configuration || !maximiser_.admissible(projection, coalitions_[s])) continue;
        projections.push_back(std::move(projection));
        owners.push_back(s);
      }
    }
    const std::vector<double> values = side_by_side_.values(projections, predictions_[0]);
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (values[k] > best_[owners[k]].value) best_[owners[k]] = {projections[k], values[k], {}};
    }
  }

  void inherit_upwards() {
    for (int size = 1; size <= players_; ++size) {
      each_of_size(size, [&](std::size_t s) { inherit(s); });
    }
  }

  template <typename Task>
  void each_of_size(int size, const Task& task) {
    std::vector<std::size_t> members;
    for (std::size_t s = 0; s < best_.size(); ++s) {
      if (std::popcount(s) == size) members.push_back(s);
    }
    in_parallel(members.size(), threads_, [&](std::size_t k) { task(members[k]); });
  }

  /// Small coalitions are where a long list of samples is dense: there, precision is cheap and wins.
  [[nodiscard]] double least_gain(std::size_t s) const {
    return std::popcount(s) <= 3 ? 1e-5 * least_gain_ : least_gain_;
  }

  [[nodiscard]] int best_subset(std::size_t s) const {
    int best = -1;
    for (int i = 0; i < players_; ++i) {
      if ((s >> i & 1U) == 0) continue;
      if (best < 0 || best_[s ^ (std::size_t{1} << i)].value > best_[s ^ (std::size_t{1} << best)].value) best = i;
    }
    return best;
  }

  void climb_from_subsets(std::size_t s) {
    const Coalition coalition = coalitions_[s];
    const int added = best_subset(s);
    const Candidate& inherited = best_[s ^ (std::size_t{1} << added)];
    const int player = std::countr_zero(coalition ^ coalitions_[s ^ (std::size_t{1} << added)]);
    Candidate best = inherited;
    if (!maximiser_.stationary_in(inherited, player, least_gain(s), predictions_[s])) {
      best = maximiser_.climb(coalition, inherited, least_gain(s), predictions_[s]);
    }
    climb_from_sample(s, sampled_.values[s], sampled_.samples[s], best);
    if (sampled_.runner_up_values[s] > best.value - promising_share * range_) {
      climb_from_sample(s, sampled_.runner_up_values[s], sampled_.runner_up_samples[s], best);
    }
    if (best.value > inherited.value)
      best_[s] = std::move(best);
    else
      best_[s] = inherited;
  }

  [[nodiscard]] std::optional<Candidate> sample_of(std::size_t s, double value, std::uint32_t sample) const {
    if (!std::isfinite(value)) return std::nullopt;
    Candidate candidate{.configuration = blends_->blend(sample, coalitions_[s]), .value = value, .gradient = {}};
    if (!maximiser_.admissible(candidate.configuration, coalitions_[s])) return std::nullopt;
    return candidate;
  }

  void climb_from_sample(std::size_t s, double value, std::uint32_t sample, Candidate& best) {
    const std::optional<Candidate> start = sample_of(s, value, sample);
    if (!start) return;
    Candidate top = maximiser_.climb(coalitions_[s], *start, least_gain(s), predictions_[s]);
    if (top.value > best.value + least_gain(s)) best = std::move(top);
  }

  void climb_from_supersets(std::size_t s) {
    std::vector<const Candidate*> above;
    for (int i = 0; i < players_; ++i) {
      if ((s >> i & 1U) == 0) above.push_back(&best_[s | std::size_t{1} << i]);
    }
    const auto projection = maximiser_.best_projection(coalitions_[s], above, best_[s].configuration, predictions_[s]);
    if (!projection || projection->value <= best_[s].value + least_gain(s)) return;
    best_[s] = maximiser_.climb(coalitions_[s], *projection, least_gain(s), predictions_[s]);
  }

  void inherit(std::size_t s) {
    const Candidate& inherited = best_[s ^ (std::size_t{1} << best_subset(s))];
    if (inherited.value >= best_[s].value) best_[s] = inherited;
  }

  const Blends* blends_;
  CoalitionMaximiser maximiser_;
  std::vector<Coalition> coalitions_;
  int players_;
  int threads_;
  bool is_side_by_side_;
  ProgressHook progress_;
  StepCounter climbs_;
  PatternSearch side_by_side_;
  std::vector<Candidate> best_;
  std::vector<std::uint64_t> predictions_;
  BestBlends sampled_;
  double range_ = 0;
  double least_gain_ = 0;
};

}  // namespace

std::vector<Coalition> subsets_of(Coalition players) {
  std::vector<Coalition> subsets{0};
  for (int p = 0; p < max_players; ++p) {
    if (!contains(players, p)) continue;
    const std::size_t half = subsets.size();
    for (std::size_t s = 0; s < half; ++s) subsets.push_back(subsets[s] | Coalition{1} << p);
  }
  return subsets;
}

OptimizedValues optimized_values(const BlendPredictor& predictor, const Blends& blends, Coalition players, double sign,
                                 std::uint64_t seed, const CoalitionSearchOptions& options, const TileWork& work) {
  return OptimizedGame(predictor, blends, subsets_of(players), sign, seed, options, work).play();
}

}  // namespace hyperego::detail
