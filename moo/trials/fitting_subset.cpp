#include <hyperego/moo/trials/fitting_subset.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

namespace hyperego {

std::vector<std::size_t> fitting_subset(const SearchSpace& space, std::span<const Configuration> configurations,
                                        const Eigen::VectorXd& targets, std::size_t count) {
  const std::size_t n = configurations.size();
  std::vector<std::size_t> chosen(n);
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  if (n <= count) return chosen;
  std::stable_sort(chosen.begin(), chosen.end(), [&](std::size_t a, std::size_t b) {
    return targets[static_cast<Eigen::Index>(a)] < targets[static_cast<Eigen::Index>(b)];
  });
  chosen.resize(count / 2);

  Eigen::MatrixXd places(static_cast<Eigen::Index>(space.size()), static_cast<Eigen::Index>(n));
  for (std::size_t i = 0; i < n; ++i) places.col(static_cast<Eigen::Index>(i)) = space.encode(configurations[i]);
  Eigen::VectorXd distance = Eigen::VectorXd::Constant(places.cols(), std::numeric_limits<double>::infinity());
  const auto take = [&](std::size_t i) {
    const auto k = static_cast<Eigen::Index>(i);
    distance = distance.cwiseMin((places.colwise() - places.col(k)).colwise().squaredNorm().transpose());
    distance[k] = -1;  // not again, even where another trial is at the same place
  };
  for (const std::size_t i : chosen) take(i);
  while (chosen.size() < count) {
    Eigen::Index farthest = 0;
    (void)distance.maxCoeff(&farthest);
    chosen.push_back(static_cast<std::size_t>(farthest));
    take(chosen.back());
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace hyperego
