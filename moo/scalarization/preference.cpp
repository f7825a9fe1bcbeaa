#include <hyperego/core/error.hpp>
#include <hyperego/moo/scalarization/preference.hpp>
#include <hyperego/moo/scalarization/weights.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace hyperego {
namespace {

/// Sums of decimal fractions that mean 1 may miss it by rounding.
constexpr double rounding = 1e-9;

std::string decimal(double value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

std::string why_empty(const Preference& preference) {
  const double lowest = preference.lowest.sum();
  const double highest = preference.highest.sum();
  if (lowest > 1 + rounding) {
    return "the lowest weights sum to " + decimal(lowest) +
           ", but all weights of a trade-off together make 1; lower one of them";
  }
  if (highest < 1 - rounding) {
    return "the highest weights sum to " + decimal(highest) +
           ", but all weights of a trade-off together make 1; raise one of them";
  }
  return {};
}

Eigen::VectorXd between_two(const Preference& preference, double u) {
  const double least = std::max(preference.lowest[0], 1 - preference.highest[1]);
  const double most = std::min(preference.highest[0], 1 - preference.lowest[1]);
  const double from = std::atan2(1 - most, most);
  const double to = std::atan2(1 - least, least);
  const double angle = from + u * (to - from);
  const double first = std::clamp(std::cos(angle) / (std::cos(angle) + std::sin(angle)), least, std::max(least, most));
  return Eigen::Vector2d(first, 1 - first);
}

}  // namespace

void Preference::validate() const {
  if (lowest.size() != highest.size()) throw InvalidInput("preference", "needs both ends of every range");
  if (!((lowest.array() >= 0).all() && (lowest.array() <= highest.array()).all() && (highest.array() <= 1).all())) {
    throw InvalidInput("preference", "ranges must be in [0, 1], their lowest weight not above the highest");
  }
  const std::string reason = why_empty(*this);
  if (!reason.empty()) throw InvalidInput("preference", reason);
}

Preference read_preference(const JsonReader& reader, const std::vector<Objective>& objectives) {
  const auto m = static_cast<Eigen::Index>(objectives.size());
  Preference preference{Eigen::VectorXd::Zero(m), Eigen::VectorXd::Ones(m)};
  std::vector<std::string> names;
  for (const Objective& objective : objectives) names.push_back(objective.name);
  for (const auto& [name, range] : reader.members()) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) range.fail("there is no objective \"" + name + "\"" + expected_name(name, names));
    const std::vector<JsonReader> ends = range.elements();
    if (ends.size() != 2) range.fail("expected [lowest weight, highest weight]");
    const auto j = static_cast<Eigen::Index>(found - names.begin());
    preference.lowest[j] = ends[0].number(0, 1);
    preference.highest[j] = ends[1].number(0, 1);
    if (preference.lowest[j] > preference.highest[j]) {
      range.fail("the lowest weight is above the highest; write [lowest weight, highest weight]");
    }
  }
  const std::string reason = why_empty(preference);
  if (!reason.empty()) reader.fail(reason);
  return preference;
}

Eigen::VectorXd preferred_weights(const Preference& preference, std::uint64_t index, std::uint64_t seed) {
  const Eigen::Index m = preference.lowest.size();
  if (m == 1) return Eigen::VectorXd::Ones(1);
  const Eigen::VectorXd u = stratified_point(static_cast<int>(m) - 1, index, seed);
  if (m == 2) return between_two(preference, u[0]);
  Eigen::VectorXd weights(m);
  double left = 1;
  for (Eigen::Index j = 0; j + 1 < m; ++j) {
    const Eigen::Index later = m - 1 - j;
    const double reserved = preference.lowest.tail(later).sum();
    const double least = std::max(preference.lowest[j], left - preference.highest.tail(later).sum());
    const double most = std::max(least, std::min(preference.highest[j], left - reserved));
    // What is left for the others spans a simplex of `later` vertices, whose volume is a power of its size.
    const double room = left - reserved;
    const auto beyond = [&](double w) { return room > 0 ? std::pow(std::max(0.0, 1 - w / room), later) : 0; };
    const double share = beyond(least) + u[j] * (beyond(most) - beyond(least));
    const double free = room * (1 - std::pow(std::max(0.0, share), 1.0 / static_cast<double>(later)));
    weights[j] = std::clamp(free, least, most);
    left -= weights[j];
  }
  weights[m - 1] = std::max(0.0, left);
  return weights;
}

}  // namespace hyperego
