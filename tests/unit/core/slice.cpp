#include <hyperego/core/error.hpp>
#include <hyperego/core/slice.hpp>

#include <doctest/doctest.h>

#include "core_spaces.hpp"
#include <algorithm>

using namespace hyperego;

TEST_CASE("a slice names what is wrong with its arguments") {
  const auto space = test::flat_space();
  const Configuration defaults = space->default_configuration();
  std::vector<bool> free(space->size(), true);
  CHECK_THROWS_WITH_AS(Slice(space, {true}, defaults), "free: has 1 entries for 6 hyperparameters", InvalidInput);
  CHECK_THROWS_WITH_AS(Slice(space, free, Configuration(2)), "frozen: has 2 entries for 6 hyperparameters",
                       InvalidInput);
  free[2] = false;
  CHECK_THROWS_WITH_AS(Slice(space, free, Configuration(6)),
                       "frozen: \"k\" is not free and has no value; give an integer in [1, 6]", InvalidInput);
  Configuration wrong = defaults;
  wrong.set(2, 2.5);
  CHECK_THROWS_WITH_AS(Slice(space, free, wrong),
                       "frozen: the value of \"k\" is outside its domain; give an integer in [1, 6]", InvalidInput);
  CHECK_THROWS_WITH_AS((void)Slice(space, free, defaults).with(defaults, 2, 1),
                       "k: is frozen on this slice; change a free hyperparameter", InvalidInput);
  CHECK_THROWS_AS(Slice(nullptr), InvalidInput);
  CHECK_THROWS_AS((void)Slice(space).decode(Eigen::VectorXd::Zero(2)), InvalidInput);
}

TEST_CASE("constants need no frozen value and do not make a slice smaller") {
  const auto space = test::flat_space();
  std::vector<bool> free(space->size(), true);
  free[5] = false;
  const Slice slice(space, free, Configuration(space->size()));
  CHECK(slice.is_full());
  CHECK(slice.contains(space->default_configuration()));
  free[0] = false;
  CHECK_FALSE(Slice(space, free, space->default_configuration()).is_full());
}

TEST_CASE("a frozen child is set only where its parent allows it") {
  const auto space = test::two_tree_space();
  std::vector<bool> free(space->size(), true);
  free[2] = false;
  Configuration frozen(space->size());
  frozen.set(2, 0.75);
  const Slice slice(space, free, frozen);
  const Configuration awake = space->default_configuration();
  CHECK(slice.project(awake)[2] == 0.75);
  CHECK(slice.project(awake).is_set(5));  // 0.75 > 0.4 activates the grandchild
  const Configuration asleep = slice.with(slice.project(awake), 0, 1);
  CHECK_FALSE(asleep.is_set(2));
  CHECK_FALSE(asleep.is_set(5));
  CHECK(slice.contains(asleep));
  CHECK_FALSE(slice.contains(awake));
  const Configuration awake_again = slice.with(asleep, 0, 2);
  CHECK(awake_again[2] == 0.75);
  CHECK(awake_again[5] == (*space)[5].default_code);
  Configuration outside = slice.project(awake);
  outside.set(4, 3);
  CHECK_FALSE(slice.contains(outside));
}

TEST_CASE("a slice of nothing but forbidden combinations has no sample") {
  const auto space = test::nested_space();
  std::vector<bool> free(space->size(), true);
  Configuration frozen(space->size());
  free[1] = free[7] = false;
  frozen.set(1, 1);
  frozen.set(7, 3);
  Rng rng(1);
  CHECK_FALSE(Slice(space, free, frozen).sample(rng, 20));
}

TEST_CASE("of many choices some are neighbours, of few all") {
  const auto with_choices = [](int count) {
    std::vector<Value> choices;
    for (int i = 0; i < count; ++i) choices.emplace_back(std::int64_t{i});
    return std::make_shared<const SearchSpace>(std::vector{make_categorical("kind", std::move(choices))});
  };
  Rng rng(1);
  const auto few = with_choices(100);
  CHECK(Slice(few).neighbours(few->default_configuration(), rng).size() == 99);
  const auto many = with_choices(5000);
  const std::vector<Configuration> drawn = Slice(many).neighbours(many->default_configuration(), rng);
  CHECK(drawn.size() > 90);  // of 100 draws, without repetitions
  CHECK(drawn.size() <= 100);
  CHECK(std::any_of(drawn.begin(), drawn.end(), [](const Configuration& one) { return one[0] > 2500; }));
}
