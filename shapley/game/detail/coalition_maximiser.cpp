#include <hyperego/core/rng.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/shapley/game/detail/blend_tiles.hpp>
#include <hyperego/shapley/game/detail/coalition_maximiser.hpp>
#include <hyperego/shapley/game/detail/quasi_newton.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <variant>

namespace hyperego::detail {
namespace {

/// Integers with fewer values than this are left to the exchange: between two of them a gradient says little.
constexpr std::size_t fewest_values_for_gradient = 8;
/// Longest first step of an ascent, in unit coordinates.
constexpr double first_step = 0.15;
constexpr int most_halvings = 4;
/// Values of a numeric parent that one exchange tries; each is a prediction of its own, as it moves others.
constexpr std::size_t most_parent_values = 64;
constexpr double sufficient_increase = 1e-4;

}  // namespace

struct CoalitionMaximiser::Subspace {
  Slice slice;
  Coalition coalition;
};

CoalitionMaximiser::CoalitionMaximiser(const BlendPredictor& predictor, const Blends& blends, double sign,
                                       std::uint64_t seed, const CoalitionSearchOptions& options)
    : predictor_(&predictor),
      blends_(&blends),
      sign_(sign),
      seed_(seed),
      options_(options),
      frozen_(blends.baseline()),
      has_forbidden_(!blends.space().forbidden_clauses().empty()) {
  const SearchSpace& space = blends.space();
  for (std::size_t i = 0; i < frozen_.size(); ++i) {
    if (!frozen_.is_set(i)) frozen_.set(i, blends.completion()[i]);
  }
  is_parent_.assign(space.size(), false);
  for (std::size_t i = 0; i < space.size(); ++i) {
    for (const std::size_t parent : space.parents(i)) is_parent_[parent] = true;
  }
  in_stretches_ = has_forbidden_ ? nullptr : dynamic_cast<const FlatInStretches*>(&predictor);
  is_flat_in_cells_ = !space.searched().empty() && !predictor.representatives(space.searched().front()).empty();
}

Slice CoalitionMaximiser::slice(Coalition coalition) const {
  std::vector<bool> free(blends_->space().size(), false);
  for (int p = 0; p < blends_->number_of_players(); ++p) {
    if (contains(coalition, p)) free[blends_->players()[static_cast<std::size_t>(p)]] = true;
  }
  return Slice(blends_->shared_space(), std::move(free), frozen_);
}

bool CoalitionMaximiser::admissible(const Configuration& configuration, Coalition coalition) const {
  if (has_forbidden_ && blends_->space().is_forbidden(configuration)) return false;
  if (blends_->treatment() != BlendTreatment::drop) return true;
  for (int p = 0; p < blends_->number_of_players(); ++p) {
    const std::size_t i = blends_->players()[static_cast<std::size_t>(p)];
    if (!contains(coalition, p) && configuration.is_set(i) != blends_->baseline().is_set(i)) return false;
  }
  return true;
}

double CoalitionMaximiser::value(const Configuration& configuration) const {
  const double prediction = predictor_->predict(std::span(&configuration, 1))(0);
  require_finite(prediction, blends_->space(), configuration);
  return sign_ * prediction;
}

bool CoalitionMaximiser::moves_continuously(std::size_t i) const {
  const Hyperparameter& hyperparameter = blends_->space()[i];
  if (std::holds_alternative<FloatDomain>(hyperparameter.domain)) return true;
  return std::holds_alternative<IntegerDomain>(hyperparameter.domain) &&
         hyperparameter.cardinality() >= fewest_values_for_gradient;
}

void CoalitionMaximiser::evaluate_gradient(Candidate& point, std::uint64_t& predictions) const {
  point.gradient.resize(static_cast<Eigen::Index>(blends_->space().size()));
  const double prediction = predictor_->value_and_gradient(point.configuration, point.gradient);
  ++predictions;
  require_finite(prediction, blends_->space(), point.configuration);
  point.value = sign_ * prediction;
  point.gradient *= sign_;
}

bool CoalitionMaximiser::stationary_in(const Candidate& start, int player, double least_gain,
                                       std::uint64_t& predictions) const {
  const std::size_t i = blends_->players()[static_cast<std::size_t>(player)];
  if (is_flat_in_cells_ && !is_parent_[i]) {
    if (!start.configuration.is_set(i)) return true;
    predictions += 1;
    const std::vector<double> values = line(start.configuration, i).values;
    return std::all_of(values.begin(), values.end(),
                       [&](double value) { return sign_ * value <= start.value + least_gain; });
  }
  if (start.gradient.size() == 0) return false;
  if (!std::holds_alternative<FloatDomain>(blends_->space()[i].domain)) return false;
  if (!start.configuration.is_set(i)) return true;
  const double slope = start.gradient(static_cast<Eigen::Index>(i));
  const double unit = blends_->space()[i].to_unit(start.configuration[i]);
  return std::abs(slope) <= least_gain || (slope > 0 && unit >= 1) || (slope < 0 && unit <= 0);
}

Candidate CoalitionMaximiser::climb(Coalition coalition, Candidate start, double least_gain,
                                    std::uint64_t& predictions) const {
  const Subspace subspace{.slice = slice(coalition), .coalition = coalition};
  Candidate point = std::move(start);
  for (int round = 0; round < options_.rounds; ++round) {
    if (predictor_->has_gradient()) {
      if (round == 0) ascend(subspace, point, true, least_gain, predictions);
      ascend(subspace, point, false, least_gain, predictions);
    } else if (is_flat_in_cells_) {
      if (round == 0 && frees_numeric_parent(coalition)) wander(subspace, point, least_gain, predictions);
      search_lines(subspace, point, least_gain, predictions);
    } else if (round == 0) {
      wander(subspace, point, least_gain, predictions);
    }
    if (!exchange(subspace, point, least_gain, predictions)) break;
  }
  return point;
}

void CoalitionMaximiser::ascend(const Subspace& subspace, Candidate& point, bool with_integers, double least_gain,
                                std::uint64_t& predictions) const {
  const SearchSpace& space = blends_->space();
  std::vector<std::size_t> moving;
  bool any_integer = false;
  for (int p = 0; p < blends_->number_of_players(); ++p) {
    const std::size_t i = blends_->players()[static_cast<std::size_t>(p)];
    if (!contains(subspace.coalition, p) || !point.configuration.is_set(i) || !moves_continuously(i)) continue;
    if (with_integers || !space[i].is_discrete()) moving.push_back(i);
    any_integer = any_integer || space[i].is_discrete();
  }
  if (moving.empty() || (with_integers && !any_integer)) return;
  if (point.gradient.size() == 0) evaluate_gradient(point, predictions);

  Eigen::VectorXd unit = space.encode(point.configuration);
  const auto part = [&](const Eigen::VectorXd& whole) {
    Eigen::VectorXd some(static_cast<Eigen::Index>(moving.size()));
    for (std::size_t k = 0; k < moving.size(); ++k)
      some(static_cast<Eigen::Index>(k)) = whole(static_cast<Eigen::Index>(moving[k]));
    return some;
  };
  ProjectedQuasiNewton model(static_cast<Eigen::Index>(moving.size()), first_step);
  int evaluations = 0;
  while (evaluations < options_.ascent_steps) {
    const Eigen::VectorXd here = part(unit);
    const Eigen::VectorXd slope = part(point.gradient);
    const Eigen::VectorXd direction = model.direction(here, slope);
    const double promised = slope.dot(direction);
    if (promised <= least_gain) return;
    double step = 1;
    bool moved = false;
    for (int halving = 0; halving < most_halvings && evaluations < options_.ascent_steps; ++halving) {
      Eigen::VectorXd there = (here + step * direction).cwiseMax(0).cwiseMin(1);
      Eigen::VectorXd next_unit = unit;
      for (std::size_t k = 0; k < moving.size(); ++k)
        next_unit(static_cast<Eigen::Index>(moving[k])) = there(static_cast<Eigen::Index>(k));
      Candidate next{.configuration = subspace.slice.decode(next_unit), .value = 0, .gradient = {}};
      if (next.configuration == point.configuration) return;
      if (!admissible(next.configuration, subspace.coalition)) {
        step *= 0.5;
        continue;
      }
      evaluate_gradient(next, predictions);
      ++evaluations;
      next_unit = space.encode(next.configuration);  // integers have snapped to their bins
      there = part(next_unit);
      const double expected = slope.dot(there - here);
      const double gain = next.value - point.value;
      if (gain > 0 && gain >= sufficient_increase * expected) {
        model.update(there - here, part(next.gradient) - slope);
        point = std::move(next);
        unit = std::move(next_unit);
        moved = true;
        if (gain <= least_gain) return;
        break;
      }
      // The parabola through both values and the slope at the start.
      const double along = step * promised;
      const double curvature = along - gain;
      step *= curvature > 0 ? std::clamp(0.5 * along / curvature, 0.1, 0.5) : 0.5;
    }
    if (!moved) return;
  }
}

bool CoalitionMaximiser::exchange(const Subspace& subspace, Candidate& point, double least_gain,
                                  std::uint64_t& predictions) const {
  const SearchSpace& space = blends_->space();
  std::vector<Configuration> neighbours;
  const auto add = [&](std::size_t i, double code) {
    if (!space[i].is_legal_code(code)) return;
    Configuration neighbour = subspace.slice.with(point.configuration, i, code);
    if (admissible(neighbour, subspace.coalition)) neighbours.push_back(std::move(neighbour));
  };
  for (int p = 0; p < blends_->number_of_players(); ++p) {
    const std::size_t i = blends_->players()[static_cast<std::size_t>(p)];
    if (!contains(subspace.coalition, p) || !point.configuration.is_set(i)) continue;
    if (is_flat_in_cells_ && is_parent_[i] && !space[i].is_categorical()) {
      const std::span<const double> codes = predictor_->representatives(i);
      const std::size_t stride = codes.size() / most_parent_values + 1;
      for (std::size_t k = 0; k < codes.size(); k += stride) add(i, codes[k]);
    }
    if (!space[i].is_discrete()) continue;
    const double code = point.configuration[i];
    if (space[i].is_categorical()) {
      for (std::size_t k = 0; k < space[i].cardinality(); ++k) {
        if (static_cast<double>(k) != code) add(i, static_cast<double>(k));
      }
    } else {
      add(i, code - 1);
      add(i, code + 1);
    }
  }
  return take_best(neighbours, point, least_gain, predictions);
}

bool CoalitionMaximiser::frees_numeric_parent(Coalition coalition) const {
  for (int p = 0; p < blends_->number_of_players(); ++p) {
    const std::size_t i = blends_->players()[static_cast<std::size_t>(p)];
    if (contains(coalition, p) && is_parent_[i] && !blends_->space()[i].is_categorical()) return true;
  }
  return false;
}

Stretches CoalitionMaximiser::line(const Configuration& configuration, std::size_t i) const {
  if (in_stretches_ != nullptr) return in_stretches_->stretches(configuration, i);
  const std::span<const double> codes = predictor_->representatives(i);
  Stretches line{{codes.begin(), codes.end()}, std::vector<double>(codes.size())};
  Eigen::Map<Eigen::VectorXd> values(line.values.data(), static_cast<Eigen::Index>(codes.size()));
  predictor_->profile(configuration, i, codes, values);
  return line;
}

void CoalitionMaximiser::search_lines(const Subspace& subspace, Candidate& point, double least_gain,
                                      std::uint64_t& predictions) const {
  const SearchSpace& space = blends_->space();
  std::vector<int> lines;
  for (int p = 0; p < blends_->number_of_players(); ++p) {
    const std::size_t i = blends_->players()[static_cast<std::size_t>(p)];
    if (contains(subspace.coalition, p) && !is_parent_[i] && point.configuration.is_set(i)) lines.push_back(p);
  }
  // Until the last move every line has been looked along once more.
  std::size_t without_gain = 0;
  for (std::size_t k = 0; without_gain < lines.size(); k = (k + 1) % lines.size()) {
    const std::size_t i = blends_->players()[static_cast<std::size_t>(lines[k])];
    const Stretches stretches = line(point.configuration, i);
    predictions += 1;  // a whole line costs little more than one
    ++without_gain;
    Configuration moved = point.configuration;
    double best = point.value + least_gain;
    for (std::size_t c = 0; c < stretches.codes.size(); ++c) {
      const double value = sign_ * stretches.values[c];
      if (value <= best && std::isfinite(value)) continue;
      moved.set(i, stretches.codes[c]);
      require_finite(value, space, moved);
      if (has_forbidden_ && space.is_forbidden(moved)) continue;
      best = value;
      point = Candidate{.configuration = moved, .value = best, .gradient = {}};
      without_gain = 1;
    }
  }
}

void CoalitionMaximiser::wander(const Subspace& subspace, Candidate& point, double least_gain,
                                std::uint64_t& predictions) const {
  Rng rng(seed_, "coalition search", subspace.coalition);
  double spread = 0.2;
  for (int step = 0; step < options_.ascent_steps; ++step) {
    std::vector<Configuration> neighbours = subspace.slice.neighbours(point.configuration, rng, 2, spread);
    std::erase_if(neighbours, [&](const Configuration& c) { return !admissible(c, subspace.coalition); });
    if (!take_best(neighbours, point, least_gain, predictions)) spread *= 0.5;
  }
}

bool CoalitionMaximiser::take_best(const std::vector<Configuration>& configurations, Candidate& point,
                                   double least_gain, std::uint64_t& predictions) const {
  if (configurations.empty()) return false;
  const Eigen::VectorXd values = predictor_->predict(configurations);
  predictions += configurations.size();
  std::size_t best = 0;
  for (std::size_t k = 0; k < configurations.size(); ++k) {
    require_finite(values(static_cast<Eigen::Index>(k)), blends_->space(), configurations[k]);
    if (sign_ * values(static_cast<Eigen::Index>(k)) > sign_ * values(static_cast<Eigen::Index>(best))) best = k;
  }
  const double value = sign_ * values(static_cast<Eigen::Index>(best));
  if (value <= point.value + least_gain) return false;
  point = Candidate{.configuration = configurations[best], .value = value, .gradient = {}};
  return true;
}

std::optional<Candidate> CoalitionMaximiser::best_projection(Coalition coalition,
                                                             const std::vector<const Candidate*>& candidates,
                                                             const Configuration& known,
                                                             std::uint64_t& predictions) const {
  const Slice sub = slice(coalition);
  std::vector<Configuration> projections;
  for (const Candidate* candidate : candidates) {
    Configuration projection = sub.project(candidate->configuration);
    if (projection == known || !admissible(projection, coalition)) continue;
    if (std::find(projections.begin(), projections.end(), projection) == projections.end()) {
      projections.push_back(std::move(projection));
    }
  }
  if (projections.empty()) return std::nullopt;
  Candidate best{.configuration = {}, .value = -std::numeric_limits<double>::infinity(), .gradient = {}};
  take_best(projections, best, 0, predictions);
  return best;
}

}  // namespace hyperego::detail
