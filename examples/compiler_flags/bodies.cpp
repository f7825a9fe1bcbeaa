// The program whose flags are tuned: bodies under gravity, and how long they took.
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>

struct Body {
  std::array<double, 3> position, velocity;
  double mass;
};

static double step(std::array<Body, 8>& bodies, double dt) {
  double potential = 0;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    for (std::size_t j = i + 1; j < bodies.size(); ++j) {
      std::array<double, 3> d{};
      double square = 1e-3;
      for (std::size_t k = 0; k < 3; ++k) {
        d[k] = bodies[i].position[k] - bodies[j].position[k];
        square += d[k] * d[k];
      }
      const double inverse = 1 / std::sqrt(square);
      potential -= bodies[i].mass * bodies[j].mass * inverse;
      for (std::size_t k = 0; k < 3; ++k) {
        const double pull = d[k] * inverse * inverse * inverse * dt;
        bodies[i].velocity[k] -= pull * bodies[j].mass;
        bodies[j].velocity[k] += pull * bodies[i].mass;
      }
    }
  }
  for (Body& body : bodies) {
    for (std::size_t k = 0; k < 3; ++k) body.position[k] += body.velocity[k] * dt;
  }
  return potential;
}

int main() {
  std::array<Body, 8> bodies{};
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const auto angle = static_cast<double>(i);
    bodies[i] = {{std::cos(angle), std::sin(angle), 0.1 * angle}, {-std::sin(angle), std::cos(angle), 0}, 0.1};
  }
  const auto begin = std::chrono::steady_clock::now();
  double potential = 0;
  for (int i = 0; i < 50000; ++i) potential = step(bodies, 1e-5);
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  std::printf("%.3f %.9g\n", taken.count(), potential);
}
