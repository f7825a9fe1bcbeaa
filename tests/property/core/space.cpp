// What must hold for every configuration of every space and every slice of it.
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>

#include <doctest/doctest.h>

#include "core_spaces.hpp"

using namespace hyperego;

namespace {

std::vector<std::shared_ptr<const SearchSpace>> spaces() {
  return {test::flat_space(), test::nested_space(), test::conditional_space(), test::two_tree_space()};
}

/// A slice that freezes each hyperparameter with probability ½, at random legal codes.
Slice random_slice(const std::shared_ptr<const SearchSpace>& space, Rng& rng) {
  std::vector<bool> free(space->size());
  Configuration frozen(space->size());
  for (std::size_t i = 0; i < space->size(); ++i) {
    free[i] = rng.uniform() < 0.5;
    if (!free[i]) frozen.set(i, (*space)[i].from_unit(rng.uniform()));
  }
  return {space, free, frozen};
}

void require_legal(const SearchSpace& space, const Configuration& configuration) {
  const Legality legality = space.check(configuration);
  CAPTURE(legality.reason);
  REQUIRE(legality);
}

void require_on(const Slice& slice, const Configuration& configuration) {
  REQUIRE(slice.contains(configuration));
  REQUIRE(slice.project(configuration) == configuration);
  for (std::size_t i = 0; i < slice.space().size(); ++i) {
    if (!slice.is_free(i) && configuration.is_set(i)) REQUIRE(configuration[i] == slice.frozen_code(i));
  }
}

}  // namespace

TEST_CASE("decode undoes encode, and encode stays in the unit cube") {
  for (const auto& space : spaces()) {
    const Slice full(space);
    Rng rng(1, "encode");
    for (int repeat = 0; repeat < 300; ++repeat) {
      const Configuration configuration = full.sample(rng).value();
      const Eigen::VectorXd unit = space->encode(configuration);
      REQUIRE(unit.minCoeff() >= 0);
      REQUIRE(unit.maxCoeff() <= 1);
      const Configuration again = space->decode(unit);
      for (std::size_t i = 0; i < space->size(); ++i) {
        REQUIRE(again.is_set(i) == configuration.is_set(i));
        if (!again.is_set(i)) continue;
        if ((*space)[i].is_discrete()) REQUIRE(again[i] == configuration[i]);
        REQUIRE(again[i] == doctest::Approx(configuration[i]).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("samples are legal and lie on their slice") {
  Rng rng(2, "sample");
  for (const auto& space : spaces()) {
    for (int repeat = 0; repeat < 200; ++repeat) {
      const Slice slice = repeat == 0 ? Slice(space) : random_slice(space, rng);
      const auto configuration = slice.sample(rng, 50);
      if (!configuration) continue;  // a forbidden combination was frozen
      require_legal(*space, *configuration);
      require_on(slice, *configuration);
    }
  }
}

TEST_CASE("samples of the full space reach every corner of it") {
  const auto space = test::conditional_space();
  const Slice full(space);
  Rng rng(3, "corners");
  std::vector<int> set(space->size());
  for (int repeat = 0; repeat < 3000; ++repeat) {
    const Configuration configuration = full.sample(rng).value();
    for (std::size_t i = 0; i < space->size(); ++i) set[i] += configuration.is_set(i) ? 1 : 0;
  }
  // Shares by hand: a third, all, a third, a third, two thirds, a sixth of log-uniform rates below ½; five standard
  // errors.
  const auto near = [&](std::size_t i, double share) {
    CHECK(std::abs(set[i] / 3000.0 - share) < 5 * std::sqrt(share * (1 - share) / 3000) + 1e-12);
  };
  near(1, 1);
  near(2, 1.0 / 3);
  near(0, 0.6 / 3);
  near(3, 1.0 / 3);
  near(4, 2.0 / 3);
  near(5, std::log(0.5 / 1e-4) / std::log(1 / 1e-4) / 6);
  near(6, 1.0 / 6 + 0.75 - 0.75 / 6);
}

TEST_CASE("projection lands on the slice, keeps what is free and is idempotent") {
  Rng rng(4, "project");
  for (const auto& space : spaces()) {
    const Slice full(space);
    for (int repeat = 0; repeat < 200; ++repeat) {
      const Slice slice = random_slice(space, rng);
      const Configuration configuration = full.sample(rng).value();
      const Configuration projected = slice.project(configuration);
      require_on(slice, projected);
      REQUIRE(slice.project(projected) == projected);
      REQUIRE(full.project(configuration) == configuration);
      for (std::size_t i = 0; i < space->size(); ++i) {
        if (slice.is_free(i) && projected.is_set(i) && configuration.is_set(i))
          REQUIRE(projected[i] == configuration[i]);
      }
    }
  }
}

TEST_CASE("neighbours are legal, differ in one place and stay on the slice") {
  Rng rng(5, "neighbours");
  std::size_t total = 0;
  for (const auto& space : spaces()) {
    for (int repeat = 0; repeat < 100; ++repeat) {
      const Slice slice = repeat == 0 ? Slice(space) : random_slice(space, rng);
      const auto start = slice.sample(rng, 50);
      if (!start) continue;
      for (const Configuration& neighbour : slice.neighbours(*start, rng)) {
        ++total;
        require_legal(*space, neighbour);
        require_on(slice, neighbour);
        int changed = 0;
        for (std::size_t i = 0; i < space->size(); ++i) {
          if (neighbour.is_set(i) && start->is_set(i) && neighbour[i] != (*start)[i]) ++changed;
        }
        REQUIRE(changed == 1);
      }
    }
  }
  CHECK(total > 1000);
}

TEST_CASE("neighbours offer every choice, both ranks and whole steps") {
  const auto space = test::flat_space();
  const Slice full(space);
  Rng rng(6, "neighbours");
  const Configuration start = space->default_configuration();
  std::vector<int> moves(space->size());
  const auto neighbours = full.neighbours(start, rng, 3);
  for (const Configuration& neighbour : neighbours) {
    for (std::size_t i = 0; i < space->size(); ++i) moves[i] += neighbour[i] != start[i] ? 1 : 0;
  }
  CHECK(moves[0] == 3);
  CHECK(moves[1] == 3);
  CHECK(moves[2] >= 1);
  CHECK(moves[2] <= 3);
  CHECK(moves[3] == 2);
  CHECK(moves[4] == 2);
  CHECK(moves[5] == 0);
  // A spread so small that it rounds to nothing still moves an integer by one.
  for (const Configuration& neighbour : full.neighbours(start, rng, 2, 1e-12)) {
    if (neighbour[2] != start[2]) CHECK(std::abs(neighbour[2] - start[2]) == 1);
  }
}

TEST_CASE("freezing leaves the random draws of the other coordinates alone") {
  const auto space = test::flat_space();
  std::vector<bool> free(space->size(), true);
  free[1] = false;
  const Slice slice(space, free, space->default_configuration());
  Rng a(7, "draws");
  Rng b(7, "draws");
  const Configuration on_slice = slice.sample(a).value();
  const Configuration anywhere = Slice(space).sample(b).value();
  CHECK(on_slice[0] == anywhere[0]);
  CHECK(on_slice[2] == anywhere[2]);
  CHECK(on_slice[1] == space->default_configuration()[1]);
}
