#include <hyperego/core/error.hpp>
#include <hyperego/core/sobol.hpp>
#include <hyperego/shapley/game/detail/blend_tiles.hpp>
#include <hyperego/shapley/game/detail/optimized_game.hpp>
#include <hyperego/shapley/game/game.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace hyperego {
namespace {

std::string mebibytes(double bytes) {
  const double mib = bytes / 1048576;
  return mib < 10240 ? std::to_string(static_cast<std::uint64_t>(std::ceil(mib))) + " MiB"
                     : std::to_string(static_cast<std::uint64_t>(std::ceil(mib / 1024))) + " GiB";
}

/// Value table, counts, coalitions played and working copies; the optimized game keeps a configuration and a gradient
/// for each.
double bytes_needed(int players, std::size_t hyperparameters, const GameOptions& options) {
  const bool optimized = monotone_direction(options.kind) != 0 && options.maximum == MaximumKind::optimized;
  const auto d = static_cast<double>(hyperparameters);
  const double each = 48 + (optimized ? 88 + 16 * d : 0) + (options.keep_maximisers ? 24 + 8 * d : 0);
  return each * std::ldexp(1.0, players);
}

void check_size(const Blends& blends, const GameOptions& options) {
  const int players = blends.number_of_players();
  const int played = players - size_of(options.held & grand_coalition(players));
  const bool optimized = monotone_direction(options.kind) != 0 && options.maximum == MaximumKind::optimized;
  const double bytes = bytes_needed(players, blends.space().size(), options);
  if (bytes > static_cast<double>(options.most_bytes)) {
    throw InvalidInput("players", "all 2^" + std::to_string(players) + " coalitions of " + std::to_string(players) +
                                      " players would need about " + mebibytes(bytes) + " and " +
                                      mebibytes(static_cast<double>(options.most_bytes)) +
                                      " are allowed; use an estimator with a budget of coalitions (--budget) or hold "
                                      "hyperparameters at the baseline");
  }
  if (optimized && played > options.most_players_optimized) {
    throw InvalidInput("maximum", "an optimized game of " + std::to_string(played) + " players would search 2^" +
                                      std::to_string(played) + " sub-spaces (about " + mebibytes(bytes) +
                                      "); use coalition_search or an estimator with a budget of coalitions, maximum "
                                      "\"sampled\", or raise most_players_optimized above " +
                                      std::to_string(options.most_players_optimized));
  }
}

/// The table of the compressed values of the players that are not held, spread over all players.
class Spreading {
 public:
  Spreading(int players, Coalition held) : players_(players), kept_(grand_coalition(players) & ~held) {}

  [[nodiscard]] Coalition kept() const { return kept_; }
  [[nodiscard]] std::size_t size() const { return std::size_t{1} << players_; }

  template <typename T>
  [[nodiscard]] std::vector<T> spread(const std::vector<T>& compressed) const {
    if (compressed.size() == size()) return compressed;
    std::vector<T> values(size());
    for (std::size_t s = 0; s < values.size(); ++s) values[s] = compressed[compress(s)];
    return values;
  }

  [[nodiscard]] std::size_t compress(Coalition coalition) const {
    std::size_t position = 0;
    int k = 0;
    for (int p = 0; p < players_; ++p) {
      if (!contains(kept_, p)) continue;
      position |= static_cast<std::size_t>(coalition >> p & 1U) << k;
      ++k;
    }
    return position;
  }

 private:
  int players_;
  Coalition kept_;
};

void note_legality(GameTable& table) {
  if (table.legal.empty() || table.samples == 0) return;
  std::size_t few = 0;
  Coalition fewest = 0;
  for (std::size_t s = 0; s < table.values.size(); ++s) {
    if (table.legal_share(s) < low_legal_share) ++few;
    if (table.legal[s] == 0) table.without_legal_sample.push_back(s);
    if (table.legal[s] < table.legal[fewest]) fewest = s;
  }
  if (few > 0) {
    table.statuses.push_back(std::to_string(few) + " of " + std::to_string(table.values.size()) +
                             " coalitions have fewer than 5 % legal samples; the fewest, " +
                             std::to_string(table.legal[fewest]) + " of " + std::to_string(table.samples) + ", has " +
                             describe(fewest, table.players));
  }
  if (!table.without_legal_sample.empty()) {
    const bool closed = table.closed && monotone_direction(table.kind) != 0;
    table.statuses.push_back(std::to_string(table.without_legal_sample.size()) +
                             " coalitions have no legal sample at all; " +
                             (closed                                ? "they take the value of their best subset"
                              : table.kind == GameKind::sensitivity ? "their variance counts as 0"
                                                                    : "they take the value of the baseline"));
  }
}

void note_held(GameTable& table) {
  for (int p = 0; p < table.number_of_players(); ++p) {
    if (!contains(table.held, p)) continue;
    table.statuses.push_back(table.players[static_cast<std::size_t>(p)] +
                             " is held at the baseline because it never varied; its importance is not known");
  }
}

std::vector<Configuration> blended(const Blends& blends, const std::vector<Coalition>& coalitions,
                                   const std::vector<std::uint32_t>& samples) {
  std::vector<Configuration> configurations;
  configurations.reserve(coalitions.size());
  for (std::size_t s = 0; s < coalitions.size(); ++s) configurations.push_back(blends.blend(samples[s], coalitions[s]));
  return configurations;
}

void play_ablation(GameTable& table, const BlendPredictor& predictor, const Blends& blends, const GameOptions& options,
                   const Spreading& spreading) {
  const std::vector<Coalition> coalitions = detail::subsets_of(spreading.kept());
  detail::BestBlends best =
      detail::best_blends(predictor, blends, coalitions, options.sign, {predictor, options.threads, options.progress});
  table.predictions = coalitions.size();
  // An illegal blend has no value of its own; it takes that of the baseline, and the status says so.
  for (std::size_t s = 0; s < coalitions.size(); ++s) {
    if (best.legal[s] == 0) best.values[s] = best.values[0];
  }
  if (!std::isfinite(best.values[0])) throw InvalidInput("baseline", "it is not a legal configuration; choose another");
  table.values = spreading.spread(best.values);
  table.legal = spreading.spread(best.legal);
  if (options.keep_maximisers) table.maximisers = spreading.spread(blended(blends, coalitions, best.samples));
}

void play_sensitivity(GameTable& table, const BlendPredictor& predictor, const Blends& blends,
                      const GameOptions& options, const Spreading& spreading) {
  const std::vector<Coalition> coalitions = detail::subsets_of(spreading.kept());
  const detail::BlendMoments moments =
      detail::blend_moments(predictor, blends, coalitions, {predictor, options.threads, options.progress});
  table.predictions = coalitions.size() * blends.number_of_samples();
  table.values = spreading.spread(moments.variances);
  table.legal = spreading.spread(moments.legal);
  if (*std::min_element(table.legal.begin(), table.legal.end()) < 2) {
    table.statuses.emplace_back("some coalitions have fewer than two legal samples; their variance counts as 0");
  }
}

void play_sampled(GameTable& table, const BlendPredictor& predictor, const Blends& blends, const GameOptions& options,
                  const Spreading& spreading) {
  const double direction = monotone_direction(options.kind);
  const std::vector<Coalition> coalitions = detail::subsets_of(spreading.kept());
  detail::BestBlends best = detail::best_blends(predictor, blends, coalitions, direction * options.sign,
                                                {predictor, options.threads, options.progress});
  table.predictions = coalitions.size() * blends.number_of_samples();
  if (!std::isfinite(best.values[0])) throw InvalidInput("baseline", "it is not a legal configuration; choose another");
  std::vector<Coalition> origin(coalitions.size());
  for (std::size_t s = 0; s < origin.size(); ++s) {
    origin[s] = s;
    if (best.legal[s] == 0 && !options.closed) {
      best.values[s] = best.values[0];
      origin[s] = 0;
    }
  }
  // The blend of the empty coalition is the baseline itself, so the closure also lets it join the candidates.
  if (options.closed) close_over_subsets(best.values, 1, &origin);
  if (options.keep_maximisers) {
    std::vector<Coalition> from(origin.size());
    std::vector<std::uint32_t> samples(origin.size());
    for (std::size_t s = 0; s < origin.size(); ++s) {
      from[s] = coalitions[origin[s]];
      samples[s] = best.samples[origin[s]];
    }
    table.maximisers = spreading.spread(blended(blends, from, samples));
  }
  for (double& value : best.values) value *= direction;
  table.values = spreading.spread(best.values);
  table.legal = spreading.spread(best.legal);
}

void play_optimized(GameTable& table, const BlendPredictor& predictor, const Blends& blends, const GameOptions& options,
                    const Spreading& spreading) {
  if (blends.treatment() == BlendTreatment::ignore) {
    throw InvalidInput("treatment",
                       "\"ignore\" scores illegal blends and exists for sampled games only; use \"repair\"");
  }
  const double direction = monotone_direction(options.kind);
  detail::OptimizedValues optimized =
      detail::optimized_values(predictor, blends, spreading.kept(), direction * options.sign, options.seed,
                               options.search, {predictor, options.threads, options.progress});
  table.predictions = optimized.predictions;
  table.closed = true;
  table.legal = spreading.spread(optimized.legal);
  table.values.resize(spreading.size());
  for (std::size_t s = 0; s < spreading.size(); ++s) {
    table.values[s] = direction * optimized.best[spreading.compress(s)].value;
  }
  if (!options.keep_maximisers) return;
  table.maximisers.resize(spreading.size());
  for (std::size_t s = 0; s < spreading.size(); ++s) {
    table.maximisers[s] = optimized.best[spreading.compress(s)].configuration;
  }
}

}  // namespace

void CoalitionSearchOptions::validate() const {
  if (ascent_steps < 0) throw InvalidInput("ascent_steps", "it must not be negative");
  if (rounds < 1) throw InvalidInput("rounds", "at least one round is needed");
  if (!(relative_gain >= 0 && relative_gain < 1)) throw InvalidInput("relative_gain", "it must be in [0, 1)");
}

void GameOptions::validate() const {
  if (kind == GameKind::optimizer_bias) {
    throw InvalidInput(
        "kind",
        "optimizer_bias compares games already played: use optimizer_bias() of shapley/game/game_aggregate.hpp");
  }
  if (sign != 1 && sign != -1) throw InvalidInput("sign", "it must be 1 or -1");
  if (threads < 0) throw InvalidInput("threads", "it must not be negative; 0 leaves the choice to OpenMP");
  if (most_players_optimized < 1) throw InvalidInput("most_players_optimized", "it must be at least 1");
  search.validate();
}

void check_game(const Blends& blends, const GameOptions& options) {
  options.validate();
  if (blends.number_of_players() == 0) {
    throw InvalidInput("space",
                       "it has no hyperparameter that can vary, so there is no game to play; free at least one");
  }
  if (blends.number_of_samples() == 0) {
    throw InvalidInput("samples", "a game needs at least one configuration; draw some with draw_samples");
  }
  if (options.kind == GameKind::ablation && blends.number_of_samples() != 1) {
    throw InvalidInput("samples", "the ablation game explains one configuration and got " +
                                      std::to_string(blends.number_of_samples()) + "; pass exactly one");
  }
}

GameTable play_game(const BlendPredictor& predictor, const Blends& blends, const GameOptions& options) {
  check_game(blends, options);
  check_size(blends, options);
  const Spreading spreading(blends.number_of_players(), options.held);
  GameTable table;
  table.kind = options.kind;
  table.maximum = options.maximum;
  table.treatment = blends.treatment();
  table.closed = options.closed;
  table.sign = options.sign;
  for (const std::size_t i : blends.players()) table.players.push_back(blends.space()[i].name);
  table.samples = blends.number_of_samples();
  table.held = options.held & grand_coalition(blends.number_of_players());
  table.seed = options.seed;
  if (options.kind == GameKind::ablation) {
    play_ablation(table, predictor, blends, options, spreading);
  } else if (options.kind == GameKind::sensitivity) {
    play_sensitivity(table, predictor, blends, options, spreading);
  } else if (options.maximum == MaximumKind::sampled) {
    play_sampled(table, predictor, blends, options, spreading);
  } else {
    play_optimized(table, predictor, blends, options, spreading);
  }
  note_legality(table);
  note_held(table);
  return table;
}

std::vector<Configuration> draw_samples(const std::shared_ptr<const SearchSpace>& space, std::size_t count,
                                        std::uint64_t seed) {
  if (space->size() > SobolSequence::largest_dimension) {
    throw InvalidInput("space/hyperparameters",
                       "are " + std::to_string(space->size()) + ", and games are played on at most " +
                           std::to_string(SobolSequence::largest_dimension) + "; leave out those that hardly matter");
  }
  std::vector<Configuration> samples;
  samples.reserve(count);
  SobolSequence points(std::max<std::size_t>(space->size(), 1), seed);
  const std::size_t most_draws = 1000 + 200 * count;
  for (std::size_t draw = 0; samples.size() < count; ++draw) {
    if (draw == most_draws) {
      throw InvalidInput("space", "only " + std::to_string(samples.size()) + " of " + std::to_string(draw) +
                                      " sampled configurations are not forbidden; relax the forbidden clauses");
    }
    Configuration sample = space->decode(points.next());
    if (!space->is_forbidden(sample)) samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace hyperego
