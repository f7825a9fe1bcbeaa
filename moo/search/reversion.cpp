#include <hyperego/moo/search/reversion.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace hyperego {
namespace {

bool differ(const Configuration& a, const Configuration& b, std::size_t i) {
  return a.is_set(i) != b.is_set(i) || (a.is_set(i) && a[i] != b[i]);
}

std::vector<std::size_t> differences(const SearchSpace& space, const Configuration& a, const Configuration& b) {
  std::vector<std::size_t> result;
  for (const std::size_t i : space.searched()) {
    if (differ(a, b, i)) result.push_back(i);
  }
  return result;
}

/// One origin's way back.
class WayBack {
 public:
  WayBack(const AcquisitionFunction& acquisition, const Slice& domain, const AcquisitionMaximum& maximum,
          const Configuration& origin, double least, const std::function<bool(const Configuration&)>& excluded)
      : acquisition_(acquisition),
        domain_(domain),
        maximum_(maximum),
        least_(least),
        excluded_(excluded),
        way_{maximum, origin, differences(domain.space(), maximum.configuration, origin), {}} {}

  Reversion walk() {
    while (round()) {
      way_.changed = differences(domain_.space(), way_.reached.configuration, way_.origin);
    }
    return std::move(way_);
  }

 private:
  /// Takes back the largest set of the cheapest reversions that keeps the share; false where there is none.
  bool round() {
    const std::vector<std::size_t> order = cheapest_first();
    std::vector<Configuration> sets;
    std::vector<std::size_t> left = way_.changed;
    for (const std::size_t i : order) {
      left.erase(std::find(left.begin(), left.end(), i));
      sets.push_back(between(domain_, way_.origin, maximum_.configuration, left));
    }
    if (sets.empty()) return false;
    const Eigen::VectorXd values = acquisition_.values(sets);
    for (std::size_t k = sets.size(); k > 0; --k) {
      const double value = values[static_cast<Eigen::Index>(k - 1)];
      if (!(value >= least_) || is_refused(sets[k - 1])) continue;
      way_.reached = {std::move(sets[k - 1]), value};
      return true;
    }
    return false;
  }

  /// Single reversions that keep the share, by what they leave; all of them are noted.
  [[nodiscard]] std::vector<std::size_t> cheapest_first() {
    way_.without.clear();
    if (way_.changed.empty()) return {};
    std::vector<Configuration> singles;
    for (const std::size_t i : way_.changed) {
      std::vector<std::size_t> others = way_.changed;
      std::erase(others, i);
      singles.push_back(between(domain_, way_.origin, maximum_.configuration, others));
    }
    const Eigen::VectorXd values = acquisition_.values(singles);
    way_.without.assign(values.begin(), values.end());
    std::vector<std::size_t> places(singles.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    const auto value = [&](std::size_t k) { return values[static_cast<Eigen::Index>(k)]; };
    std::erase_if(places, [&](std::size_t k) { return !(value(k) >= least_); });
    std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) { return value(a) > value(b); });
    for (std::size_t& place : places) place = way_.changed[place];
    return places;
  }

  [[nodiscard]] bool is_refused(const Configuration& configuration) const {
    return domain_.space().is_forbidden(configuration) || excluded_(configuration);
  }

  const AcquisitionFunction& acquisition_;
  const Slice& domain_;
  const AcquisitionMaximum& maximum_;
  double least_;
  const std::function<bool(const Configuration&)>& excluded_;
  Reversion way_;
};

/// The `count` origins nearest to `place` in the mean of unit coordinates.
std::vector<Configuration> nearest(const SearchSpace& space, const Configuration& place,
                                   std::span<const Configuration> origins, std::size_t count) {
  const Eigen::VectorXd unit = space.encode(place);
  std::vector<double> distances;
  for (const Configuration& origin : origins) distances.push_back((space.encode(origin) - unit).cwiseAbs().sum());
  std::vector<std::size_t> order(origins.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return distances[a] < distances[b]; });
  std::vector<Configuration> result;
  for (std::size_t k = 0; k < std::min(count, order.size()); ++k) result.push_back(origins[order[k]]);
  return result;
}

}  // namespace

Configuration between(const Slice& domain, const Configuration& from, const Configuration& to,
                      std::span<const std::size_t> changed) {
  const SearchSpace& space = domain.space();
  Configuration wanted(space.size());
  const auto take = [&](std::size_t i, const Configuration& first, const Configuration& second) {
    const double code = first.is_set(i) ? first[i] : second.is_set(i) ? second[i] : space[i].default_code;
    wanted.set(i, code);
  };
  for (std::size_t i = 0; i < space.size(); ++i) take(i, from, to);
  for (const std::size_t i : changed) take(i, to, from);
  return domain.project(wanted);
}

std::optional<Reversion> revert(const AcquisitionFunction& acquisition, const Slice& domain,
                                const AcquisitionMaximum& maximum, std::span<const Configuration> origins,
                                double least_share, const std::function<bool(const Configuration&)>& excluded) {
  constexpr std::size_t most_origins = 3;
  const double least = maximum.value + std::log(least_share);
  std::optional<Reversion> best;
  for (const Configuration& origin : nearest(domain.space(), maximum.configuration, origins, most_origins)) {
    Reversion way = WayBack(acquisition, domain, maximum, origin, least, excluded).walk();
    const bool fewer = !best || way.changed.size() < best->changed.size();
    const bool as_few = best && way.changed.size() == best->changed.size();
    if (fewer || (as_few && way.reached.value > best->reached.value)) best = std::move(way);
  }
  if (best && best->reached.configuration == maximum.configuration) return std::nullopt;
  return best;
}

}  // namespace hyperego
