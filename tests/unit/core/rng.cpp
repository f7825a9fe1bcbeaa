#include <hyperego/core/rng.hpp>

#include <doctest/doctest.h>

#include <array>
#include <cmath>

using hyperego::Rng;

TEST_CASE("one key gives one stream, another key another") {
  Rng a(1, "weights", 3);
  Rng b(1, "weights", 3);
  CHECK(a() == b());
  CHECK(Rng(1, "weights", 3)() != Rng(1, "weights", 4)());
  CHECK(Rng(1, "weights", 3)() != Rng(1, "candidates", 3)());
  CHECK(Rng(1, "weights", 3)() != Rng(2, "weights", 3)());
}

TEST_CASE("moments of the distributions") {
  Rng rng(7, "moments");
  constexpr int n = 100000;
  double u = 0, z = 0, zz = 0, e = 0;
  for (int i = 0; i < n; ++i) {
    u += rng.uniform();
    const double x = rng.normal();
    z += x;
    zz += x * x;
    e += rng.exponential();
  }
  // Five standard errors each; the stream is fixed, so this cannot flicker.
  CHECK(std::abs(u / n - 0.5) < 5 * std::sqrt(1.0 / 12 / n));
  CHECK(std::abs(z / n) < 5 / std::sqrt(n));
  CHECK(std::abs(zz / n - 1) < 5 * std::sqrt(2.0 / n));
  CHECK(std::abs(e / n - 1) < 5 / std::sqrt(n));
}

TEST_CASE("below covers its range evenly") {
  Rng rng(3);
  std::array<int, 6> counts{};
  for (int i = 0; i < 60000; ++i) ++counts.at(rng.below(6));
  for (const int count : counts) CHECK(std::abs(count - 10000) < 500);
}
