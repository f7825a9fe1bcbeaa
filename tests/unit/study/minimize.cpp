// The front door: a function of this program, minimised in one call.
#include <hyperego/core/error.hpp>
#include <hyperego/study/minimize.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

using namespace hyperego;

namespace minimize_test {
namespace {

std::shared_ptr<const SearchSpace> square() {
  return std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1)});
}

std::vector<Objective> trade_off() { return {{.name = "f"}, {.name = "g", .direction = Direction::maximize}}; }

/// f small and g large, of which y takes from both.
std::vector<double> values(const Configuration& c) { return {c[0] + c[1], c[0] - c[1]}; }

MinimizeOptions quick(std::uint64_t trials, std::size_t workers) {
  MinimizeOptions options{.trials = trials, .workers = workers};
  options.optimizer.parego.maximizer = {.random_candidates = 100, .starts = 2};
  return options;
}

}  // namespace

TEST_CASE("the front of what was evaluated, whatever the order in which workers finish") {
  std::atomic<int> calls = 0;
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  const auto slow = [&](const Configuration& c) {
    const int running = ++at_once;
    for (int seen = most; running > seen && !most.compare_exchange_weak(seen, running);) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(++calls % 3 == 0 ? 20 : 5));
    --at_once;
    return values(c);
  };
  const Minimized first = minimize(square(), trade_off(), slow, quick(22, 4));
  const Minimized again = minimize(square(), trade_off(), values, quick(22, 4));
  CHECK(calls == 22);
  CHECK(most > 1);
  CHECK(most <= 4);
  REQUIRE(first.trials.size() == 22);
  for (std::size_t i = 0; i < 22; ++i) {
    CHECK(first.trials[i].number == i);
    CHECK(first.trials[i].configuration == again.trials[i].configuration);
  }
  CHECK(first.front == again.front);
  REQUIRE_FALSE(first.front.empty());
  for (std::size_t i = 0; i < 22; ++i) {
    const Eigen::VectorXd& own = first.trials[i].outcome.objectives;
    bool dominated = false;
    for (const Trial& other : first.trials) {
      const Eigen::VectorXd& o = other.outcome.objectives;
      dominated = dominated || (o[0] <= own[0] && o[1] >= own[1] && o != own);
    }
    CHECK((std::find(first.front.begin(), first.front.end(), i) != first.front.end()) != dominated);
  }
}

TEST_CASE("what a function throws is a failed trial, and a small space ends the search") {
  const auto twelve = std::make_shared<const SearchSpace>(
      std::vector{make_integer("a", 1, 4), make_categorical("b", {Value("u"), Value("v"), Value("w")})});
  const auto function = [](const Configuration& c) -> std::vector<double> {
    if (c[1] == 2) throw std::runtime_error("no w");
    return {c[0]};
  };
  const Minimized found = minimize(twelve, {{.name = "f"}}, function, quick(40, 3));
  REQUIRE(found.trials.size() == 12);
  int failed = 0;
  for (const Trial& trial : found.trials) {
    CHECK((trial.outcome.status == TrialStatus::failed) == (trial.configuration[1] == 2));
    if (trial.outcome.status != TrialStatus::failed) continue;
    ++failed;
    CHECK(trial.outcome.message == "no w");
  }
  CHECK(failed == 4);
  REQUIRE(found.front.size() == 2);
  for (const std::size_t i : found.front) CHECK(found.trials[i].configuration[0] == 1);
}

TEST_CASE("options of the front door are checked") {
  CHECK_THROWS_WITH_AS((void)minimize(square(), trade_off(), values, {.trials = 0}), doctest::Contains("trials"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS((void)minimize(square(), trade_off(), values, {.workers = 0}), doctest::Contains("workers"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS((void)minimize(square(), {}, values), doctest::Contains("objectives"), InvalidInput);
  CHECK_THROWS_WITH_AS(
      (void)minimize(square(), trade_off(), values, {.optimizer = {.freezing = {.schedule = {0, 1.5}}}}),
      doctest::Contains("schedule"), InvalidInput);
}

}  // namespace minimize_test
