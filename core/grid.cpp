#include <hyperego/core/grid.hpp>

#include <Eigen/Core>

#include <limits>
#include <memory>
#include <unordered_set>
#include <variant>

namespace hyperego {

double grid_size(const Slice& slice) {
  double size = 1;
  for (std::size_t i = 0; i < slice.space().size(); ++i) {
    if (!slice.is_free(i)) continue;
    const std::size_t values = slice.space()[i].cardinality();
    if (values == 0) return std::numeric_limits<double>::infinity();
    size *= static_cast<double>(values);
  }
  return size;
}

Configuration grid_point(const Slice& slice, std::uint64_t point) {
  const SearchSpace& space = slice.space();
  Eigen::VectorXd unit = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(space.size()));
  for (std::size_t i = 0; i < space.size(); ++i) {  // mixed radix, one digit per free hyperparameter
    if (!slice.is_free(i)) continue;
    const std::uint64_t radix = space[i].cardinality();
    const auto* integer = std::get_if<IntegerDomain>(&space[i].domain);
    const double first = integer != nullptr ? static_cast<double>(integer->lower) : 0;
    unit[static_cast<Eigen::Index>(i)] = space[i].to_unit(first + static_cast<double>(point % radix));
    point /= radix;
  }
  return slice.decode(unit);
}

std::optional<ConfigurationCount> count_configurations(const SearchSpace& space, std::uint64_t most) {
  const Slice everything(std::make_shared<const SearchSpace>(space));
  const double size = grid_size(everything);
  if (size > static_cast<double>(most)) return std::nullopt;
  std::unordered_set<Configuration, ConfigurationHash> seen;
  ConfigurationCount count;
  for (std::uint64_t point = 0; point < static_cast<std::uint64_t>(size); ++point) {
    const Configuration configuration = grid_point(everything, point);
    if (!seen.insert(configuration).second) continue;
    ++count.all;
    if (!space.is_forbidden(configuration)) ++count.legal;
  }
  return count;
}

}  // namespace hyperego
