#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <istream>
#include <numeric>
#include <ostream>
#include <random>
#include <utility>
#include <vector>

namespace digits {

/// Random numbers that are the same with every standard library: its distributions are not specified, its engines are.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// Uniform in [0, 1).
  float uniform() { return static_cast<float>(engine_() >> 40U) * 0x1p-24F; }

  /// 0 … count − 1 in random order (Fisher and Yates).
  std::vector<Eigen::Index> permutation(Eigen::Index count) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[engine_() % i]);
    return order;
  }

  /// Its state as text.
  friend std::ostream& operator<<(std::ostream& stream, const Random& random) { return stream << random.engine_; }
  friend std::istream& operator>>(std::istream& stream, Random& random) { return stream >> random.engine_; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace digits
