#include <hyperego/core/progress.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

using namespace hyperego;

namespace {

using Told = std::vector<std::tuple<std::string, std::uint64_t, std::uint64_t>>;

ProgressHook into(Told& told) {
  return [&told](const ProgressStep& step) {
    told.emplace_back(step.phase, step.done, step.total);
    return true;
  };
}

}  // namespace

TEST_CASE("parts of work are told as shares of the whole, under its name") {
  Told told;
  const ProgressHook part = part_of(into(told), "games", 2, 5, 10);
  tell(part, {"tiles", 0, 4});
  tell(part, {"tiles", 2, 4});
  tell(part, {"tiles", 4, 4});
  tell(part, {"unknown", 3, 0});
  CHECK(told == Told{{"games", 8, 40}, {"games", 14, 40}, {"games", 20, 40}, {"games", 2, 10}});
}

TEST_CASE("a title goes in front of the phases") {
  Told told;
  tell(titled(part_of(into(told), "all", 1, 2, 2), "unheard"), {"game", 1, 2});
  tell(titled(into(told), "error"), {"game", 1, 2});
  CHECK(told == Told{{"all", 3, 4}, {"error: game", 1, 2}});
}

TEST_CASE("where there is no hook there are no parts, and nothing is told") {
  CHECK_FALSE(static_cast<bool>(part_of({}, "games", 0, 1, 2)));
  CHECK_FALSE(static_cast<bool>(titled({}, "error")));
  const ProgressHook nobody;
  tell(nobody, {"game", 1, 2});
  StepCounter(nobody, "game", 2).advance();
}

TEST_CASE("steps are counted, and a hook that has enough ends the work") {
  Told told;
  const ProgressHook hook = into(told);
  StepCounter counter(hook, "game", 5);
  counter.advance();
  counter.advance(4);
  CHECK(told == Told{{"game", 1, 5}, {"game", 5, 5}});
  const ProgressHook enough = [](const ProgressStep& step) { return step.done < 2; };
  StepCounter other(enough, "game", 5);
  other.advance();
  CHECK_THROWS_AS(other.advance(), Stopped);
}
