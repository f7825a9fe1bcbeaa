#include <hyperego/report/document/detail/moved_values.hpp>

#include <algorithm>

namespace hyperego::detail {

std::vector<double> grid_of(const Hyperparameter& hyperparameter, std::size_t most) {
  std::vector<double> codes;
  const std::size_t values = hyperparameter.cardinality();
  const std::size_t count = hyperparameter.is_discrete() ? std::min(most, values) : most;
  for (std::size_t k = 0; k < count; ++k) {
    const double u = count > 1 ? static_cast<double>(k) / static_cast<double>(count - 1) : 0.5;
    const double code = hyperparameter.from_unit(u);
    if (codes.empty() || code != codes.back()) codes.push_back(code);
  }
  return codes;
}

Configuration with_values(const SearchSpace& space, const Configuration& configuration,
                          const std::vector<std::pair<std::size_t, double>>& set) {
  return space.build([&](std::size_t i) {
    for (const auto& [j, code] : set) {
      if (i == j) return code;
    }
    return configuration.is_set(i) ? configuration[i] : space[i].default_code;
  });
}

}  // namespace hyperego::detail
