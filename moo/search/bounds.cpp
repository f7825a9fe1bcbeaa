#include <hyperego/core/rng.hpp>
#include <hyperego/moo/acquisition/acquisition_maximizer.hpp>
#include <hyperego/moo/search/bounds.hpp>

#include <algorithm>
#include <vector>

namespace hyperego {
namespace {

/// Leading rows of `objectives` that no model has chosen.
Eigen::Index undirected(const SearchState& state, const Eigen::MatrixXd& objectives) {
  const std::size_t designed = state.has_fidelities() ? 0 : state.initial.size();
  const std::size_t initial = std::max(designed, SearchState::least_completed);
  return std::min(objectives.rows(), static_cast<Eigen::Index>(initial));
}

}  // namespace

Normalization front_bounds(const SearchState& state, const Eigen::MatrixXd& objectives) {
  return normalize_by_front(objectives, undirected(state, objectives), state.problem.objectives);
}

Normalization predicted_front_bounds(const SearchState& state,
                                     std::span<const std::shared_ptr<const Surrogate>> surrogates,
                                     const Eigen::MatrixXd& objectives, std::uint64_t trial) {
  if (state.has_many_objectives()) return front_bounds(state, objectives);
  Rng rng(state.problem.seed, "foreseen-front", trial);
  const std::vector<Configuration> places =
      search_candidates(state.domain, state.front_members(objectives), rng, 500, 10);
  const auto more = static_cast<Eigen::Index>(places.size());
  Eigen::MatrixXd all(objectives.rows() + more, objectives.cols());
  all.topRows(objectives.rows()) = objectives;
  for (Eigen::Index j = 0; j < objectives.cols(); ++j) {
    // How bad the bad places are is nothing that a bound should depend on.
    all.col(j).tail(more) =
        surrogates[static_cast<std::size_t>(j)]->predict(places).cwiseMin(objectives.col(j).maxCoeff());
  }
  return normalize_by_front(all, undirected(state, objectives), state.problem.objectives);
}

void record_bounds(const Normalization& bounds, Decision& decision) {
  decision.ideal = bounds.ideal;
  decision.nadir = bounds.nadir;
  decision.notes.insert(decision.notes.end(), bounds.notes.begin(), bounds.notes.end());
}

}  // namespace hyperego
