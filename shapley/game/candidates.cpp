#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/candidates.hpp>

#include <algorithm>

namespace hyperego {

void add_candidates(GameTable& table, const BlendPredictor& predictor, std::span<const Configuration> candidates) {
  const int direction = monotone_direction(table.kind);
  if (direction == 0) return;
  if (candidates.size() != table.values.size()) {
    throw InvalidInput("candidates", "there are " + std::to_string(candidates.size()) + " for " +
                                         std::to_string(table.values.size()) + " coalitions; give one for each");
  }
  const Eigen::VectorXd predicted = predictor.predict(candidates);
  for (std::size_t s = 0; s < table.values.size(); ++s) {
    const double value = table.sign * predicted[static_cast<Eigen::Index>(s)];
    table.values[s] = direction > 0 ? std::max(table.values[s], value) : std::min(table.values[s], value);
    if (!table.maximisers.empty() && table.values[s] == value) table.maximisers[s] = candidates[s];
  }
  table.predictions += candidates.size();
  if (!table.closed) return;
  std::vector<Coalition> origin(table.maximisers.size());
  for (std::size_t s = 0; s < origin.size(); ++s) origin[s] = s;
  close_over_subsets(table.values, direction, origin.empty() ? nullptr : &origin);
  std::vector<Configuration> maximisers;
  for (const Coalition from : origin) maximisers.push_back(table.maximisers[from]);
  table.maximisers = std::move(maximisers);
}

}  // namespace hyperego
