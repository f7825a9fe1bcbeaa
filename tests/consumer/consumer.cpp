#include <hyperego/hyperego.hpp>

#include <cstdio>

int main() {
  const hyperego::Objective objective{.name = "gain", .direction = hyperego::Direction::maximize};
  const Eigen::VectorXd minimised = hyperego::to_minimised({objective, objective}, Eigen::Vector2d(1.0, -2.0));
  const bool well = minimised == Eigen::Vector2d(-1.0, 2.0);
  std::puts(well ? "consumer: all is well" : "consumer: wrong");
  return well ? 0 : 1;
}
