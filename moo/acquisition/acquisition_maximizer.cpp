#include <hyperego/core/error.hpp>
#include <hyperego/moo/acquisition/acquisition_maximizer.hpp>
#include <hyperego/moo/acquisition/detail/exchange_ascent.hpp>

#include <nlopt.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

namespace hyperego {
namespace {

/// The configurations met so far, best first among those that may be suggested.
class Best {
 public:
  explicit Best(const std::function<bool(const Configuration&)>& excluded) : excluded_(excluded) {}

  void offer(const Configuration& configuration, double value) {
    if (best_ && value <= best_->value) return;
    if (!excluded_(configuration)) best_ = AcquisitionMaximum{configuration, value};
  }

  [[nodiscard]] const std::optional<AcquisitionMaximum>& get() const { return best_; }

 private:
  const std::function<bool(const Configuration&)>& excluded_;
  std::optional<AcquisitionMaximum> best_;
};

/// A random move away from `configuration`: a few free coordinates change, by a step whose scale varies from move to
/// move.
Configuration moved(const Slice& slice, const Configuration& configuration, Rng& rng) {
  const SearchSpace& space = slice.space();
  Eigen::VectorXd unit = space.encode(configuration);
  const double spread = 0.25 * std::exp(-5 * rng.uniform());
  std::vector<std::size_t> free;
  for (const std::size_t i : space.searched()) {
    if (slice.is_free(i) && configuration.is_set(i)) free.push_back(i);
  }
  if (free.empty()) return configuration;
  const double share = std::min(1.0, 3.0 / static_cast<double>(free.size()));
  const std::size_t always = free[rng.below(free.size())];
  for (const std::size_t i : free) {
    if (i != always && rng.uniform() > share) continue;
    double& u = unit[static_cast<Eigen::Index>(i)];
    if (space[i].is_categorical()) {
      u = rng.uniform();
    } else {
      u = std::clamp(u + spread * rng.normal(), 0.0, 1.0);
    }
  }
  return slice.decode(unit);
}

/// Indices of good candidates that are not all the same place.
std::vector<std::size_t> choose_starts(const SearchSpace& space, const std::vector<Configuration>& pool,
                                       const Eigen::VectorXd& values, int count) {
  constexpr double apart = 0.05;  // in the largest unit coordinate
  std::vector<std::size_t> order(pool.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t looked_at = std::min<std::size_t>(pool.size(), 50 * static_cast<std::size_t>(count));
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(looked_at), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      const double va = values[static_cast<Eigen::Index>(a)];
                      const double vb = values[static_cast<Eigen::Index>(b)];
                      return va != vb ? va > vb : a < b;
                    });
  std::vector<std::size_t> starts;
  std::vector<Eigen::VectorXd> places;
  for (std::size_t k = 0; k < looked_at && starts.size() < static_cast<std::size_t>(count); ++k) {
    Eigen::VectorXd place = space.encode(pool[order[k]]);
    const bool near = std::any_of(places.begin(), places.end(), [&](const Eigen::VectorXd& other) {
      return (place - other).cwiseAbs().maxCoeff() < apart;
    });
    if (near) continue;
    starts.push_back(order[k]);
    places.push_back(std::move(place));
  }
  return starts;
}

/// What NLopt's callback sees.
struct Ascent {
  const AcquisitionFunction& acquisition;
  const Configuration& configuration;
  const std::vector<Eigen::Index>& relaxed;
  Eigen::VectorXd unit;
  Eigen::VectorXd gradient;
  Eigen::VectorXd best_unit;
  double best_value;
};

double negative_acquisition(unsigned n, const double* x, double* gradient, void* data) {
  auto& ascent = *static_cast<Ascent*>(data);
  for (unsigned k = 0; k < n; ++k) ascent.unit[ascent.relaxed[k]] = x[k];
  const double value = ascent.acquisition.value_and_gradient(ascent.configuration, ascent.unit, ascent.gradient);
  if (gradient != nullptr) {
    for (unsigned k = 0; k < n; ++k) gradient[k] = -ascent.gradient[ascent.relaxed[k]];
  }
  if (value > ascent.best_value) {
    ascent.best_value = value;
    ascent.best_unit = ascent.unit;
  }
  return -value;
}

/// Quasi-Newton ascent over the set, free floats and integers; integers are rounded at the end.
void gradient_ascent(const AcquisitionFunction& acquisition, const Slice& slice, AcquisitionMaximum& current,
                     Best& best, int evaluations, std::vector<std::string>* notes) {
  const SearchSpace& space = slice.space();
  std::vector<Eigen::Index> relaxed;
  for (const std::size_t i : space.searched()) {
    if (slice.is_free(i) && current.configuration.is_set(i) && space[i].is_numeric()) {
      relaxed.push_back(static_cast<Eigen::Index>(i));
    }
  }
  if (relaxed.empty()) return;
  const Eigen::VectorXd start = space.encode(current.configuration);
  Ascent ascent{acquisition, current.configuration, relaxed, start, Eigen::VectorXd::Zero(start.size()),
                start,       current.value};
  std::vector<double> x(relaxed.size());
  for (std::size_t k = 0; k < relaxed.size(); ++k) x[k] = start[relaxed[k]];

  const std::unique_ptr<std::remove_pointer_t<nlopt_opt>, decltype(&nlopt_destroy)> optimizer(
      nlopt_create(NLOPT_LD_LBFGS, static_cast<unsigned>(relaxed.size())), &nlopt_destroy);
  nlopt_set_lower_bounds1(optimizer.get(), 0.0);
  nlopt_set_upper_bounds1(optimizer.get(), 1.0);
  nlopt_set_min_objective(optimizer.get(), negative_acquisition, &ascent);
  nlopt_set_maxeval(optimizer.get(), evaluations);
  nlopt_set_ftol_abs(optimizer.get(), 1e-6);  // of a log acquisition: a millionth of the improvement
  nlopt_set_xtol_abs1(optimizer.get(), 1e-6);
  double value = 0;
  const nlopt_result result = nlopt_optimize(optimizer.get(), x.data(), &value);
  // The luksan L-BFGS reports plain failure where a line search stalls; the best point seen is kept whatever it says.
  if (result < 0 && result != NLOPT_ROUNDOFF_LIMITED && result != NLOPT_FAILURE && notes != nullptr) {
    notes->push_back("acquisition ascent stopped with NLopt code " + std::to_string(result));
  }
  if (!(ascent.best_value > current.value)) return;
  Configuration reached = current.configuration;
  for (const Eigen::Index i : relaxed) {
    const auto h = static_cast<std::size_t>(i);
    reached.set(h, space[h].from_unit(ascent.best_unit[i]));
  }
  // Rounding, or a condition on a number (less, greater), may have changed what is active.
  reached = slice.project(reached);
  if (space.is_forbidden(reached)) return;
  const double rounded = acquisition.values(std::span(&reached, 1))[0];
  best.offer(reached, rounded);
  if (rounded > current.value) current = {std::move(reached), rounded};
}

/// Ascent over random neighbours at shrinking distances, for acquisitions without gradients.
bool neighbour_ascent(const AcquisitionFunction& acquisition, const Slice& slice, AcquisitionMaximum& current,
                      Best& best, Rng& rng) {
  constexpr int steps = 12;
  double spread = 0.2;
  bool improved = false;
  for (int step = 0; step < steps; ++step) {
    std::vector<Configuration> around = slice.neighbours(current.configuration, rng, 4, spread);
    if (around.empty()) return improved;
    const Eigen::VectorXd values = acquisition.values(around);
    for (std::size_t k = 0; k < around.size(); ++k) best.offer(around[k], values[static_cast<Eigen::Index>(k)]);
    Eigen::Index top = 0;
    if (values.maxCoeff(&top) > current.value) {
      current = {std::move(around[static_cast<std::size_t>(top)]), values[top]};
      improved = true;
    } else {
      spread *= 0.5;
    }
  }
  return improved;
}

}  // namespace

std::vector<Option> options_of(AcquisitionMaximizerOptions& o) {
  return {option("random_candidates", o.random_candidates, {1, 1'000'000}, "configurations drawn from the slice"),
          option("candidates_per_anchor", o.candidates_per_anchor, {0, 100'000},
                 "random moves around each of the best evaluated configurations"),
          option("starts", o.starts, {1, 1000}, "candidates from which local search starts"),
          option("rounds", o.rounds, {1, 100}, "rounds of one-exchange and gradient ascent in turn, per start"),
          option("gradient_evaluations", o.gradient_evaluations, {1, 10'000}, "gradient evaluations per ascent")};
}

void AcquisitionMaximizerOptions::validate() const { check_options_of(*this); }

std::vector<Configuration> search_candidates(const Slice& slice, std::span<const Configuration> anchors, Rng& rng,
                                             int random_candidates, int candidates_per_anchor) {
  const SearchSpace& space = slice.space();
  std::vector<Configuration> result;
  const auto add = [&](Configuration configuration) {
    if (!space.is_forbidden(configuration)) result.push_back(std::move(configuration));
  };
  for (int i = 0; i < random_candidates; ++i) {
    if (auto drawn = slice.sample(rng, 10)) result.push_back(std::move(*drawn));
  }
  for (const Configuration& anchor : anchors) {
    const Configuration projected = slice.project(anchor);
    if (space.is_forbidden(projected)) continue;
    result.push_back(projected);
    for (int i = 0; i < candidates_per_anchor; ++i) add(moved(slice, projected, rng));
  }
  return result;
}

std::optional<AcquisitionMaximum> maximize_acquisition(const AcquisitionFunction& acquisition, const Slice& slice,
                                                       std::span<const Configuration> anchors,
                                                       const std::function<bool(const Configuration&)>& excluded,
                                                       Rng rng, const AcquisitionMaximizerOptions& options,
                                                       std::vector<std::string>* notes) {
  const std::vector<Configuration> pool =
      search_candidates(slice, anchors, rng, options.random_candidates, options.candidates_per_anchor);
  if (pool.empty()) return std::nullopt;
  const Eigen::VectorXd values = acquisition.values(pool);
  Best best(excluded);
  const detail::Offer offer = [&](const Configuration& configuration, double value) {
    best.offer(configuration, value);
  };
  for (std::size_t i = 0; i < pool.size(); ++i) best.offer(pool[i], values[static_cast<Eigen::Index>(i)]);
  StepCounter ascents(options.progress, "acquisition",
                      static_cast<std::uint64_t>(options.starts) * static_cast<std::uint64_t>(options.rounds));
  for (const std::size_t start : choose_starts(slice.space(), pool, values, options.starts)) {
    AcquisitionMaximum current{pool[start], values[static_cast<Eigen::Index>(start)]};
    for (int round = 0; round < options.rounds; ++round) {
      ascents.advance();
      if (!acquisition.has_gradient()) {
        if (!neighbour_ascent(acquisition, slice, current, best, rng)) break;
        continue;
      }
      gradient_ascent(acquisition, slice, current, best, options.gradient_evaluations, notes);
      // Without a discrete move the ascent would start where it has just converged.
      if (!detail::exchange_ascent(acquisition, slice, current, offer, rng)) break;
    }
  }
  return best.get();
}

}  // namespace hyperego
