#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <vector>

namespace hyperego {

/// One value, or none, for every hyperparameter of a space, in the space's order, stored as codes
/// (core/hyperparameter.hpp).
///
/// A plain value without a link to its space: SearchSpace says whether it is legal, reads and writes it.
class Configuration {
 public:
  Configuration() = default;
  /// Nothing set.
  explicit Configuration(std::size_t size) : codes_(size, unset_code) {}
  explicit Configuration(std::vector<double> codes) : codes_(std::move(codes)) {}

  [[nodiscard]] std::size_t size() const { return codes_.size(); }
  [[nodiscard]] bool is_set(std::size_t i) const { return !std::isnan(codes_[i]); }
  /// Meaningful only where is_set(i).
  [[nodiscard]] double operator[](std::size_t i) const { return codes_[i]; }
  void set(std::size_t i, double code) { codes_[i] = code; }
  void unset(std::size_t i) { codes_[i] = unset_code; }

  /// Equal where the same hyperparameters are set to the same codes.
  friend bool operator==(const Configuration& a, const Configuration& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a.is_set(i) != b.is_set(i) || (a.is_set(i) && a[i] != b[i])) return false;
    }
    return true;
  }

 private:
  static constexpr double unset_code = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> codes_;
};

struct ConfigurationHash {
  std::size_t operator()(const Configuration& configuration) const {
    std::size_t h = configuration.size();
    for (std::size_t i = 0; i < configuration.size(); ++i) {
      const std::size_t k = configuration.is_set(i) ? std::hash<double>{}(configuration[i]) : 0x9e3779b9U;
      h ^= k + 0x9e3779b97f4a7c15ULL + (h << 6U) + (h >> 2U);
    }
    return h;
  }
};

}  // namespace hyperego
