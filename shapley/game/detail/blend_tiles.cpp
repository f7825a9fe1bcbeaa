#include <hyperego/core/error.hpp>
#include <hyperego/core/parallel.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/shapley/game/detail/blend_legality.hpp>
#include <hyperego/shapley/game/detail/blend_tiles.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace hyperego::detail {
namespace {

constexpr std::size_t tile_samples = 64;
constexpr std::size_t tile_coalitions = 1024;
/// Neighbouring tiles are predicted together up to so many entries and tiles: predictors that share work between
/// samples gain by it, and the tiles are reduced one by one as before.
constexpr std::size_t slab_entries = tile_samples * tile_coalitions;
constexpr std::size_t slab_tiles = 4;

/// A predicted tile: rows are coalitions, columns samples; counts is empty where every blend counts.
struct Tile {
  std::size_t first_sample = 0;
  const double* predictions = nullptr;
  std::size_t coalitions = 0;
  std::size_t samples = 0;
  std::vector<std::uint8_t> counts;

  [[nodiscard]] const double* column(std::size_t i) const { return predictions + i * coalitions; }
  [[nodiscard]] bool counted(std::size_t j, std::size_t i) const {
    return counts.empty() || counts[i * coalitions + j] != 0;
  }
};

void require_finite_tile(const Tile& tile, const Blends& blends, std::span<const Coalition> coalitions) {
  const Eigen::Map<const Eigen::VectorXd> all(tile.predictions,
                                              static_cast<Eigen::Index>(tile.coalitions * tile.samples));
  if (all.allFinite()) return;
  for (std::size_t i = 0; i < tile.samples; ++i) {
    for (std::size_t j = 0; j < tile.coalitions; ++j) {
      const double value = tile.column(i)[j];
      if (!tile.counted(j, i) || std::isfinite(value)) continue;
      require_finite(value, blends.space(), blends.blend(tile.first_sample + i, coalitions[j]));
    }
  }
}

/// Neighbouring tiles from the one that starts at sample `first`, at most `tiles` of them.
template <typename Take>
void predict_slab(const BlendPredictor& predictor, const Blends& blends, std::size_t first, std::size_t tiles,
                  const BlendLegality& legality, const BlendLegality::Rows& rows, const Take& take) {
  const std::size_t samples = std::min(tiles * tile_samples, blends.number_of_samples() - first);
  const std::size_t coalitions = rows.coalitions.size();
  // Kept from slab to slab: the allocator would give so large a piece back to the system each time. Taken out while in
  // use, as a predictor may play a game of its own.
  thread_local Eigen::MatrixXd kept;
  Eigen::MatrixXd slab = std::move(kept);
  slab.resize(static_cast<Eigen::Index>(coalitions), static_cast<Eigen::Index>(samples));
  predictor.predict_blends(blends, first, rows.coalitions, slab);
  for (std::size_t start = 0; start < samples; start += tile_samples) {
    const std::size_t width = std::min(tile_samples, samples - start);
    Tile tile{.first_sample = first + start,
              .predictions = slab.data() + start * coalitions,
              .coalitions = coalitions,
              .samples = width,
              .counts = {}};
    if (!legality.all_count()) {
      tile.counts.resize(coalitions * width);
      for (std::size_t i = 0; i < width; ++i) {
        legality.counts(tile.first_sample + i, rows, std::span(tile.counts).subspan(i * coalitions, coalitions));
      }
    }
    require_finite_tile(tile, blends, rows.coalitions);
    take(tile);
  }
  kept = std::move(slab);
}

/// Walks all tiles block of coalitions by block: Part reduce(tile) runs in parallel, combine(first coalition, part) in
/// order.
template <typename Reduce, typename Combine>
void for_each_tile(const BlendPredictor& predictor, const Blends& blends, const BlendLegality& legality,
                   std::span<const Coalition> coalitions, const TileWork& work, const Reduce& reduce,
                   const Combine& combine) {
  const std::size_t tiles = (blends.number_of_samples() + tile_samples - 1) / tile_samples;
  StepCounter counter(work.progress, "game", tiles * ((coalitions.size() + tile_coalitions - 1) / tile_coalitions));
  for (std::size_t start = 0; start < coalitions.size(); start += tile_coalitions) {
    const auto block = coalitions.subspan(start, std::min(tile_coalitions, coalitions.size() - start));
    const BlendLegality::Rows rows = legality.rows(block);
    const std::size_t together = std::clamp<std::size_t>(slab_entries / (tile_samples * block.size()), 1, slab_tiles);
    std::vector<decltype(reduce(std::declval<const Tile&>()))> parts(tiles);
    in_parallel((tiles + together - 1) / together, work.threads, [&](std::size_t s) {
      predict_slab(predictor, blends, s * together * tile_samples, together, legality, rows,
                   [&](const Tile& tile) { parts[tile.first_sample / tile_samples] = reduce(tile); });
      counter.advance(std::min(together, tiles - s * together));
    });
    for (const auto& part : parts) combine(start, part);
  }
}

BestBlends best_of(const Tile& tile, double sign) {
  const std::size_t n = tile.coalitions;
  BestBlends best{.values = std::vector<double>(n, -std::numeric_limits<double>::infinity()),
                  .samples = std::vector<std::uint32_t>(n, 0),
                  .legal = std::vector<std::uint32_t>(n, 0)};
  for (std::size_t i = 0; i < tile.samples; ++i) {
    const double* column = tile.column(i);
    const auto sample = static_cast<std::uint32_t>(tile.first_sample + i);
    for (std::size_t j = 0; j < n; ++j) {
      if (!tile.counted(j, i)) continue;
      ++best.legal[j];
      const double value = sign * column[j];
      if (value > best.values[j]) {
        best.values[j] = value;
        best.samples[j] = sample;
      }
    }
  }
  return best;
}

/// Count, mean and sum of squared deviations of every row.
struct Moments {
  std::vector<double> mean;
  std::vector<double> squares;
  std::vector<std::uint32_t> legal;
};

/// Deviations are taken from the first counted value of the row, then from their mean: two sweeps over a tile that lies
/// in the cache, and exactly 0 where all values are equal.
Moments moments_of(const Tile& tile) {
  const std::size_t n = tile.coalitions;
  Moments moments{.mean = std::vector<double>(n, 0),
                  .squares = std::vector<double>(n, 0),
                  .legal = std::vector<std::uint32_t>(n, 0)};
  std::vector<double> shift(n, 0);
  for (std::size_t i = 0; i < tile.samples; ++i) {
    const double* column = tile.column(i);
    for (std::size_t j = 0; j < n; ++j) {
      if (!tile.counted(j, i)) continue;
      if (moments.legal[j]++ == 0) shift[j] = column[j];
      moments.mean[j] += column[j] - shift[j];
    }
  }
  for (std::size_t j = 0; j < n; ++j) moments.mean[j] /= std::max(1.0, static_cast<double>(moments.legal[j]));
  for (std::size_t i = 0; i < tile.samples; ++i) {
    const double* column = tile.column(i);
    for (std::size_t j = 0; j < n; ++j) {
      if (!tile.counted(j, i)) continue;
      const double deviation = column[j] - shift[j] - moments.mean[j];
      moments.squares[j] += deviation * deviation;
    }
  }
  for (std::size_t j = 0; j < n; ++j) moments.mean[j] += shift[j];
  return moments;
}

/// Chan, Golub & LeVeque, The American Statistician 37(3), 1983.
void add_moments(Moments& total, std::size_t start, const Moments& part) {
  for (std::size_t j = 0; j < part.mean.size(); ++j) {
    if (part.legal[j] == 0) continue;
    const double before = total.legal[start + j];
    const double added = part.legal[j];
    const double gap = before == 0 ? 0 : part.mean[j] - total.mean[start + j];
    total.squares[start + j] += part.squares[j] + gap * gap * (before * added / (before + added));
    total.mean[start + j] = before == 0 ? part.mean[j] : total.mean[start + j] + gap * (added / (before + added));
    total.legal[start + j] += part.legal[j];
  }
}

}  // namespace

BestBlends best_blends(const BlendPredictor& predictor, const Blends& blends, std::span<const Coalition> coalitions,
                       double sign, const TileWork& work) {
  return best_blends(predictor, blends, BlendLegality(blends, work.threads), coalitions, sign, work);
}

BestBlends best_blends(const BlendPredictor& predictor, const Blends& blends, const BlendLegality& legality,
                       std::span<const Coalition> coalitions, double sign, const TileWork& work) {
  BestBlends best{.values = std::vector<double>(coalitions.size(), -std::numeric_limits<double>::infinity()),
                  .samples = std::vector<std::uint32_t>(coalitions.size(), 0),
                  .legal = std::vector<std::uint32_t>(coalitions.size(), 0),
                  .runner_up_values = std::vector<double>(coalitions.size(), -std::numeric_limits<double>::infinity()),
                  .runner_up_samples = std::vector<std::uint32_t>(coalitions.size(), 0)};
  for_each_tile(
      predictor, blends, legality, coalitions, work, [&](const Tile& tile) { return best_of(tile, sign); },
      [&](std::size_t start, const BestBlends& part) {
        for (std::size_t j = 0; j < part.values.size(); ++j) {
          best.legal[start + j] += part.legal[j];
          if (part.values[j] > best.values[start + j]) {
            best.runner_up_values[start + j] = std::exchange(best.values[start + j], part.values[j]);
            best.runner_up_samples[start + j] = std::exchange(best.samples[start + j], part.samples[j]);
          } else if (part.values[j] > best.runner_up_values[start + j]) {
            best.runner_up_values[start + j] = part.values[j];
            best.runner_up_samples[start + j] = part.samples[j];
          }
        }
      });
  return best;
}

BlendMoments blend_moments(const BlendPredictor& predictor, const Blends& blends, std::span<const Coalition> coalitions,
                           const TileWork& work) {
  return blend_moments(predictor, blends, BlendLegality(blends, work.threads), coalitions, work);
}

BlendMoments blend_moments(const BlendPredictor& predictor, const Blends& blends, const BlendLegality& legality,
                           std::span<const Coalition> coalitions, const TileWork& work) {
  const std::size_t n = coalitions.size();
  Moments total{.mean = std::vector<double>(n, 0),
                .squares = std::vector<double>(n, 0),
                .legal = std::vector<std::uint32_t>(n, 0)};
  for_each_tile(
      predictor, blends, legality, coalitions, work, [](const Tile& tile) { return moments_of(tile); },
      [&](std::size_t start, const Moments& part) { add_moments(total, start, part); });
  for (std::size_t j = 0; j < n; ++j) total.squares[j] /= std::max(1.0, static_cast<double>(total.legal[j]));
  return {.variances = std::move(total.squares), .legal = std::move(total.legal)};
}

void require_finite(double value, const SearchSpace& space, const Configuration& configuration) {
  if (std::isfinite(value)) return;
  throw InvalidInput(
      "predictor",
      "the prediction for " + space.to_json(configuration).dump() + " is " +
          (std::isnan(value) ? "NaN" : std::to_string(value)) +
          "; a game needs finite values: leave such configurations out of the space or give them a finite value");
}

}  // namespace hyperego::detail
