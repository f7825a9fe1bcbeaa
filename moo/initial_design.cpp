#include <hyperego/core/rng.hpp>
#include <hyperego/core/sobol.hpp>
#include <hyperego/moo/initial_design.hpp>

#include <algorithm>
#include <unordered_set>

namespace hyperego {

std::size_t default_initial_trials(std::size_t searched, std::uint64_t budget) {
  const std::uint64_t wanted = std::min<std::uint64_t>(2 * searched + 2, budget / 4);
  return static_cast<std::size_t>(std::max<std::uint64_t>(wanted, 4));
}

std::vector<Configuration> initial_design(const OptimizationProblem& problem, std::size_t count,
                                          const ExpertPrior* prior) {
  const SearchSpace& space = *problem.space;
  const Slice domain = problem.domain();
  std::vector<Configuration> design;
  std::unordered_set<Configuration, ConfigurationHash> taken;
  const auto add = [&](const Configuration& configuration) {
    if (!space.is_forbidden(configuration) && taken.insert(configuration).second) design.push_back(configuration);
  };
  for (const Configuration& configuration : problem.initial_configurations) add(domain.project(configuration));
  if (design.size() < count) add(domain.project(space.default_configuration()));
  if (prior != nullptr && design.size() < count) add(domain.decode(prior->mode(space)));
  SobolSequence points(space.size(), problem.seed);
  SobolSequence believed(space.size(), Rng(problem.seed, "prior-design")());
  // Small or heavily constrained spaces repeat themselves; a hundred points for each wanted one are enough to notice.
  for (std::size_t tries = 0; design.size() < count && tries < 100 * count; ++tries) {
    const bool from_prior = prior != nullptr && tries % 2 == 0;
    add(domain.decode(from_prior ? prior->quantile(believed.next()) : points.next()));
  }
  return design;
}

}  // namespace hyperego
