#include <hyperego/core/number_text.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/moo/search/offspring.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hyperego {
namespace {

bool offspring_due(const SearchState& state, std::uint64_t trial, double leave_one_out_r2) {
  // Of many objectives the least R² is often low although the models serve the search well.
  constexpr std::size_t most_objectives = 3;
  const double share =
      state.options.offspring_share.value_or(state.problem.objectives.size() > most_objectives ? 0 : 1);
  const double unexplained = 1 - std::clamp(leave_one_out_r2, 0.0, 1.0);
  return Rng(state.problem.seed, "offspring-due", trial).uniform() < share * unexplained;
}

/// The unit coordinate that a child has of its parents: that of one of them where both have any.
double inherited(const Hyperparameter& hyperparameter, std::size_t i, const Configuration& a, const Configuration& b,
                 Rng& rng) {
  if (!a.is_set(i) && !b.is_set(i)) return rng.uniform();
  if (!a.is_set(i) || !b.is_set(i)) return hyperparameter.to_unit(a.is_set(i) ? a[i] : b[i]);
  return hyperparameter.to_unit(rng.below(2) == 0 ? a[i] : b[i]);
}

/// A step of standard deviation 0.1, or, one time in five and where values have no order, a uniform draw.
double mutated_coordinate(const Hyperparameter& hyperparameter, double u, Rng& rng) {
  constexpr double step = 0.1;
  constexpr double redrawn = 0.2;
  if (hyperparameter.is_categorical() || rng.uniform() < redrawn) return rng.uniform();
  return std::clamp(u + step * rng.normal(), 0.0, 1.0);
}

/// Uniform crossover, and one free hyperparameter in the mean mutated; nothing where the child is forbidden.
std::optional<Configuration> child(const Slice& domain, const Configuration& a, const Configuration& b, Rng& rng) {
  const SearchSpace& space = domain.space();
  const std::vector<std::size_t> free = domain.free();
  Configuration wanted = space.default_configuration();
  for (const std::size_t i : free) {
    double u = inherited(space[i], i, a, b, rng);
    if (rng.uniform() * static_cast<double>(free.size()) < 1) u = mutated_coordinate(space[i], u, rng);
    wanted.set(i, space[i].from_unit(u));
  }
  Configuration result = domain.project(wanted);
  if (space.is_forbidden(result)) return std::nullopt;
  return result;
}

}  // namespace

std::vector<Configuration> offspring(const SearchState& state, const std::vector<Configuration>& parents,
                                     double leave_one_out_r2, Decision& decision) {
  if (!offspring_due(state, decision.trial, leave_one_out_r2)) return {};
  constexpr std::size_t wanted = 3;
  constexpr int attempts = 100;
  Rng rng(state.problem.seed, "offspring", decision.trial);
  std::vector<Configuration> children;
  for (int attempt = 0; attempt < attempts && children.size() < wanted; ++attempt) {
    const Configuration& a = parents[rng.below(parents.size())];
    const Configuration& b = parents[rng.below(parents.size())];
    std::optional<Configuration> made = child(state.domain, a, b, rng);
    if (made && !state.history.seen(*made)) children.push_back(std::move(*made));
  }
  if (children.empty()) return children;
  decision.phase = Decision::Phase::offspring;
  decision.reason =
      "the most promising of " + std::to_string(children.size()) + (children.size() == 1 ? " child" : " children") +
      " of the front, because the model predicts left-out trials badly (R² " + number_text(leave_one_out_r2, 2) + ")";
  return children;
}

}  // namespace hyperego
