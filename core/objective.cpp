#include <hyperego/core/error.hpp>
#include <hyperego/core/objective.hpp>

namespace hyperego {

Eigen::VectorXd to_minimised(const std::vector<Objective>& objectives, const Eigen::VectorXd& raw) {
  if (static_cast<std::size_t>(raw.size()) != objectives.size()) {
    throw InvalidInput("objectives", "has " + std::to_string(raw.size()) + " values for " +
                                         std::to_string(objectives.size()) + " objectives; give one each");
  }
  Eigen::VectorXd minimised(raw.size());
  for (Eigen::Index j = 0; j < raw.size(); ++j) {
    minimised(j) = to_minimised(objectives[static_cast<std::size_t>(j)], raw(j));
  }
  return minimised;
}

}  // namespace hyperego
