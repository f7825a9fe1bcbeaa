#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/forest/detail/forest_function.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>
#include <variant>

namespace hyperego::detail {
namespace {

/// Below so many configurations trees are walked one at a time.
constexpr std::size_t few_configurations = 6;
/// Integers and ordinals with more values are treated like floats where cells are looked for.
constexpr std::size_t most_values_listed = 1024;

double forest_coordinate(const Hyperparameter& hyperparameter, double code) {
  return hyperparameter.is_categorical() ? code : hyperparameter.to_unit(code);
}

}  // namespace

ForestOverSpace::ForestOverSpace(std::shared_ptr<const SearchSpace> space, std::shared_ptr<const CompiledForest> forest)
    : space_(std::move(space)),
      forest_(std::move(forest)),
      feature_of_(space_->size(), -1),
      representatives_(space_->size()),
      representative_cells_(space_->size()),
      representative_from_(space_->size()) {
  for (std::size_t f = 0; f < space_->searched().size(); ++f) {
    feature_of_[space_->searched()[f]] = static_cast<int>(f);
    find_representatives(f);
    std::vector<std::uint32_t>& from = representative_from_[space_->searched()[f]];
    for (const std::uint32_t cell : representative_cells_[space_->searched()[f]]) {
      from.resize(cell + 1U, from.empty() ? 0 : from.back() + 1);
    }
    from.resize(forest_->thresholds(f).size() + 3,
                static_cast<std::uint32_t>(representative_cells_[space_->searched()[f]].size()));
  }
}

std::vector<ForestFeature> ForestOverSpace::features(const SearchSpace& space) {
  std::vector<ForestFeature> features;
  for (const std::size_t i : space.searched()) {
    features.push_back({.categories = space[i].is_categorical() ? space[i].cardinality() : 0});
  }
  return features;
}

Eigen::MatrixXd ForestOverSpace::encode(const SearchSpace& space, std::span<const Configuration> configurations) {
  const std::vector<std::size_t>& searched = space.searched();
  Eigen::MatrixXd x(static_cast<Eigen::Index>(searched.size()), static_cast<Eigen::Index>(configurations.size()));
  for (std::size_t k = 0; k < configurations.size(); ++k) {
    const Configuration& configuration = configurations[k];
    if (configuration.size() != space.size()) {
      throw InvalidInput("configurations/" + std::to_string(k), "has " + std::to_string(configuration.size()) +
                                                                    " entries in a space of " +
                                                                    std::to_string(space.size()) + " hyperparameters");
    }
    for (std::size_t f = 0; f < searched.size(); ++f) {
      const std::size_t i = searched[f];
      x(static_cast<Eigen::Index>(f), static_cast<Eigen::Index>(k)) =
          configuration.is_set(i) ? forest_coordinate(space[i], configuration[i]) : missing_feature;
    }
  }
  return x;
}

std::uint32_t ForestOverSpace::cell(std::size_t feature, double code) const {
  if (std::isnan(code)) return 0;
  return forest_->cell(feature, forest_coordinate((*space_)[space_->searched()[feature]], code));
}

void ForestOverSpace::cells(const Configuration& configuration, std::span<std::uint32_t> out) const {
  for (std::size_t f = 0; f < out.size(); ++f) {
    const std::size_t i = space_->searched()[f];
    out[f] = configuration.is_set(i) ? cell(f, configuration[i]) : 0;
  }
}

void ForestOverSpace::find_representatives(std::size_t feature) {
  const std::size_t i = space_->searched()[feature];
  const Hyperparameter& hyperparameter = (*space_)[i];
  std::vector<double>& codes = representatives_[i];
  std::vector<std::uint32_t>& cells = representative_cells_[i];
  const auto add = [&](double code, std::uint32_t in) {
    if (!cells.empty() && cells.back() == in) return;
    codes.push_back(code);
    cells.push_back(in);
  };
  if (hyperparameter.is_discrete() && hyperparameter.cardinality() <= most_values_listed) {
    const auto* integer = std::get_if<IntegerDomain>(&hyperparameter.domain);
    const double first = integer != nullptr ? static_cast<double>(integer->lower) : 0.0;
    for (std::size_t k = 0; k < hyperparameter.cardinality(); ++k) {
      const double code = first + static_cast<double>(k);
      add(code, cell(feature, code));
    }
    return;
  }
  // The middle of every cell, unless it is so narrow that rounding leads out of it.
  const std::vector<double>& thresholds = forest_->thresholds(feature);
  for (std::size_t c = 0; c <= thresholds.size(); ++c) {
    const double low = c == 0 ? 0.0 : thresholds[c - 1];
    const double high = c == thresholds.size() ? 1.0 : thresholds[c];
    const double code = hyperparameter.from_unit(0.5 * (low + high));
    if (cell(feature, code) == c + 1) add(code, static_cast<std::uint32_t>(c + 1));
  }
}

ForestFunction::ForestFunction(std::shared_ptr<const ForestOverSpace> forest, LeafValues values, bool exponential)
    : forest_(std::move(forest)), values_(std::move(values)), exponential_(exponential) {}

Eigen::VectorXd ForestFunction::predict(std::span<const Configuration> configurations) const {
  const CompiledForest& forest = forest_->forest();
  const std::size_t p = forest.number_of_features();
  const std::size_t block = static_cast<std::size_t>(forest_block);
  Eigen::VectorXd values(static_cast<Eigen::Index>(configurations.size()));
  std::vector<std::uint32_t> cells(p);
  if (configurations.size() < few_configurations) {
    for (std::size_t i = 0; i < configurations.size(); ++i) {
      forest_->cells(configurations[i], cells);
      std::int64_t sum = 0;
      for (std::size_t t = 0; t < forest.number_of_trees(); ++t) sum += values_.values[forest.leaf_of(t, cells)];
      values[static_cast<Eigen::Index>(i)] = own_scale(sum);
    }
    return values;
  }
  // Nobody parts from anybody, so every sample reaches one leaf, under the empty coalition.
  const std::vector<std::uint32_t> any_player(p, 0);
  const std::uint64_t nobody = 0;
  const ForestTrees trees = forest.trees(values_.values);
  std::vector<std::uint32_t> columns(p * block);
  std::vector<std::byte> scratch(forest.scratch());
  for (std::size_t first = 0; first < configurations.size(); first += block) {
    const std::size_t count = std::min(block, configurations.size() - first);
    for (std::size_t k = 0; k < count; ++k) {
      forest_->cells(configurations[first + k], cells);
      for (std::size_t f = 0; f < p; ++f) columns[f * block + k] = cells[f];
    }
    std::array<std::int64_t, static_cast<std::size_t>(forest_block)> sums{};
    const ForestCells walked{columns.data(), columns.data(), static_cast<std::ptrdiff_t>(count), any_player.data(), 0};
    HYPEREGO_DISPATCH(add_listed, trees, walked, scratch.data(), &nobody, 1, sums.data());
    for (std::size_t k = 0; k < count; ++k) values[static_cast<Eigen::Index>(first + k)] = own_scale(sums[k]);
  }
  return values;
}

std::span<const double> ForestFunction::representatives(std::size_t hyperparameter) const {
  return forest_->representatives(hyperparameter);
}

void ForestFunction::profile(const Configuration& configuration, std::size_t hyperparameter,
                             std::span<const double> codes, Eigen::Ref<Eigen::VectorXd> values) const {
  const int feature = forest_->feature_of(hyperparameter);
  const CompiledForest& forest = forest_->forest();
  if (feature < 0 || forest.is_categorical(static_cast<std::size_t>(feature))) {
    BlendPredictor::profile(configuration, hyperparameter, codes, values);
    return;
  }
  const auto f = static_cast<std::size_t>(feature);
  std::vector<std::uint32_t> cells(forest.number_of_features());
  forest_->cells(configuration, cells);
  std::vector<std::int64_t> sums(forest.thresholds(f).size() + 1);
  forest.profile(values_.values, cells, f, sums);
  const std::span<const double> own = forest_->representatives(hyperparameter);
  const bool known = codes.data() == own.data() && codes.size() == own.size();
  for (std::size_t k = 0; k < codes.size(); ++k) {
    const std::uint32_t at = known ? forest_->representative_cells(hyperparameter)[k] : forest_->cell(f, codes[k]);
    values[static_cast<Eigen::Index>(k)] = own_scale(sums[at - 1]);
  }
}

Stretches ForestFunction::all_codes(const Configuration& configuration, std::size_t hyperparameter) const {
  const std::span<const double> codes = forest_->representatives(hyperparameter);
  Stretches result{{codes.begin(), codes.end()}, std::vector<double>(codes.size())};
  Eigen::Map<Eigen::VectorXd> values(result.values.data(), static_cast<Eigen::Index>(codes.size()));
  profile(configuration, hyperparameter, codes, values);
  return result;
}

Stretches ForestFunction::stretches(const Configuration& configuration, std::size_t hyperparameter) const {
  const int feature = forest_->feature_of(hyperparameter);
  const CompiledForest& forest = forest_->forest();
  if (feature < 0 || forest.is_categorical(static_cast<std::size_t>(feature))) {
    return all_codes(configuration, hyperparameter);
  }
  const auto f = static_cast<std::size_t>(feature);
  std::vector<std::uint32_t> cells(forest.number_of_features());
  forest_->cells(configuration, cells);
  // Steps lie sparse among many cells: those that have one are marked, and both are left as they were found, all zero.
  thread_local std::vector<std::int64_t> differences;
  thread_local std::vector<std::uint64_t> marks;
  const std::size_t length = forest.thresholds(f).size() + 2;
  if (differences.size() < length) differences.resize(length, 0);
  if (marks.size() < length / 64 + 1) marks.resize(length / 64 + 1, 0);
  forest.steps(values_.values, cells, f, [](std::uint32_t cell, std::int64_t difference) {
    differences[cell] += difference;
    marks[cell / 64] |= std::uint64_t{1} << (cell % 64U);
  });
  Stretches result;
  const std::span<const double> codes = forest_->representatives(hyperparameter);
  std::int64_t sum = 0;
  std::uint32_t first = 0;  // representative of the stretch that `sum` belongs to
  const auto close = [&](std::uint32_t end) {
    if (first >= end) return;
    result.codes.push_back(codes[first]);
    result.values.push_back(own_scale(sum));
  };
  for (std::size_t word = 0; word < length / 64 + 1; ++word) {
    for (std::uint64_t bits = std::exchange(marks[word], 0); bits != 0; bits &= bits - 1) {
      const auto cell = static_cast<std::uint32_t>(64 * word + static_cast<std::size_t>(std::countr_zero(bits)));
      const std::uint32_t representative = forest_->representative_from(hyperparameter, cell);
      close(representative);
      first = representative;
      sum += std::exchange(differences[cell], 0);
    }
  }
  close(static_cast<std::uint32_t>(codes.size()));
  return result;
}

}  // namespace hyperego::detail
