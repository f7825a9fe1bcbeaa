// The common case in one call: a function of this program, four evaluations at the same time, the best trade-offs.
#include <hyperego/hyperego.hpp>

#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

using namespace hyperego;

int main() {
  const auto space =
      std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("rate", 1e-4, 1, true)});
  const auto function = [](const Configuration& c) -> std::vector<double> {
    const double loss = 1 + 4 * std::abs(std::log10(c[1]) + 2);
    return {c[0], loss * (1 - std::sqrt(c[0] / loss))};
  };
  const Minimized found = minimize(space, {{.name = "f1"}, {.name = "f2"}}, function,
                                   {.trials = 40, .workers = 4, .optimizer = {.freezing = {.schedule = {0, 0.8, 0}}}});

  std::printf("trials: %zu\n", found.trials.size());
  std::printf("more than five on the front: %s\n", found.front.size() > 5 ? "yes" : "no");
  return 0;
}
