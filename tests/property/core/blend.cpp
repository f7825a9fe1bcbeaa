// What must hold for every blend λ ⊕_S λ0.
#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>

#include <doctest/doctest.h>

#include "core_spaces.hpp"

using namespace hyperego;

namespace {

constexpr int number_of_samples = 12;

Blends random_blends(const std::shared_ptr<const SearchSpace>& space, BlendTreatment treatment, std::uint64_t seed) {
  const Slice full(space);
  Rng rng(seed, "blends");
  std::vector<Configuration> samples;
  for (int i = 0; i < number_of_samples; ++i) samples.push_back(full.sample(rng).value());
  return {space, full.sample(rng).value(), samples, treatment};
}

template <typename Check>
void for_all_blends(const Blends& blends, Check&& check) {
  for (std::size_t i = 0; i < blends.number_of_samples(); ++i) {
    for (Coalition s = 0; s <= grand_coalition(blends.number_of_players()); ++s) check(i, s);
  }
}

std::vector<std::shared_ptr<const SearchSpace>> spaces() {
  return {test::flat_space(), test::nested_space(), test::conditional_space(), test::two_tree_space()};
}

constexpr BlendTreatment treatments[] = {BlendTreatment::drop, BlendTreatment::repair, BlendTreatment::ignore};

}  // namespace

TEST_CASE("repaired blends are legal or forbidden, and count exactly when legal") {
  for (const auto& space : spaces()) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      const Blends blends = random_blends(space, BlendTreatment::repair, seed);
      CHECK(blends.all_count() == space->forbidden_clauses().empty());
      for_all_blends(blends, [&](std::size_t i, Coalition s) {
        const Legality legality = space->check(blends.blend(i, s));
        CAPTURE(legality.reason);
        REQUIRE((legality || legality.verdict == Legality::Verdict::forbidden));
        REQUIRE(blends.counts(i, s) == bool(legality));
      });
    }
  }
}

TEST_CASE("dropped blends count exactly when legal, ignored ones always") {
  for (const auto& space : spaces()) {
    const Blends dropped = random_blends(space, BlendTreatment::drop, 5);
    const Blends ignored = random_blends(space, BlendTreatment::ignore, 5);
    CHECK(ignored.all_count());
    CHECK(dropped.all_count() == (space->conditions().empty() && space->forbidden_clauses().empty()));
    for_all_blends(dropped, [&](std::size_t i, Coalition s) {
      REQUIRE(dropped.counts(i, s) == bool(space->check(dropped.blend(i, s))));
      REQUIRE(ignored.counts(i, s));
      REQUIRE(ignored.blend(i, s) == dropped.blend(i, s));
    });
  }
}

TEST_CASE("without repair a blend is pure blinding") {
  for (const auto& space : spaces()) {
    const Blends blends = random_blends(space, BlendTreatment::drop, 6);
    for_all_blends(blends, [&](std::size_t i, Coalition s) {
      const Configuration blend = blends.blend(i, s);
      for (int p = 0; p < blends.number_of_players(); ++p) {
        const std::size_t j = blends.players()[static_cast<std::size_t>(p)];
        const Configuration& source = contains(s, p) ? blends.sample(i) : blends.baseline();
        REQUIRE(blend.is_set(j) == source.is_set(j));
        if (blend.is_set(j)) REQUIRE(blend[j] == source[j]);
      }
    });
  }
}

TEST_CASE("the empty coalition gives the baseline, the grand one the sample") {
  for (const auto& space : spaces()) {
    for (const BlendTreatment treatment : treatments) {
      const Blends blends = random_blends(space, treatment, 7);
      for (std::size_t i = 0; i < blends.number_of_samples(); ++i) {
        REQUIRE(blends.blend(i, 0) == blends.baseline());
        REQUIRE(blends.blend(i, grand_coalition(blends.number_of_players())) == blends.sample(i));
      }
    }
  }
}

TEST_CASE("a component's sources depend only on its own members of the coalition") {
  for (const auto& space : {test::two_tree_space(), test::flat_space()}) {
    for (const BlendTreatment treatment : treatments) {
      const Blends blends = random_blends(space, treatment, 8);
      std::vector<BlendSource> whole(space->size());
      std::vector<BlendSource> part(space->size());
      for (std::size_t component = 0; component < space->size(); ++component) {
        Coalition members = 0;
        for (int p = 0; p < blends.number_of_players(); ++p) {
          if (space->component()[blends.players()[static_cast<std::size_t>(p)]] == component)
            members |= Coalition{1} << p;
        }
        for_all_blends(blends, [&](std::size_t i, Coalition s) {
          blends.sources(i, s, whole);
          blends.sources(i, s & members, part);
          for (std::size_t j = 0; j < space->size(); ++j) {
            if (space->component()[j] == component) REQUIRE(whole[j] == part[j]);
          }
        });
      }
    }
  }
}

TEST_CASE("a child that nobody sets takes its completion") {
  const auto space = test::two_tree_space();
  // Baseline a = q (no child), sample b = p (no child): giving a = r and b = q to the blend awakes children that
  // neither has.
  const Configuration baseline =
      space->build([&](std::size_t i) { return i == 0 || i == 1 ? 1.0 : (*space)[i].default_code; });
  Configuration sample = space->build([&](std::size_t i) {
    return i == 0 ? 2.0 : i == 1 ? 0.0 : i == 2 ? 0.9 : (*space)[i].default_code;
  });
  Configuration completion(std::vector<double>{0, 0, 0.25, 7, 0, 2, 0});
  const Blends blends(space, baseline, {sample}, BlendTreatment::repair, completion);
  std::vector<BlendSource> from(space->size());
  blends.sources(0, 0b1, from);  // only a: its child is active, not in S and unset in the baseline
  CHECK(from[2] == BlendSource::completion);
  CHECK(blends.blend(0, 0b1)[2] == 0.25);
  CHECK(from[5] == BlendSource::unset);  // 0.25 is not above 0.4
  blends.sources(0, 0b101, from);        // a and a_child
  CHECK(from[2] == BlendSource::sample);
  CHECK(from[5] == BlendSource::completion);
  CHECK(blends.blend(0, 0b101)[5] == 2);
}

TEST_CASE("the generic tile is the predictions of the blends") {
  const auto space = test::nested_space();
  const Blends blends = random_blends(space, BlendTreatment::repair, 9);
  const auto value = [&](const Configuration& configuration) {
    REQUIRE(space->check(configuration));  // never asked for a blend that does not count
    return space->encode(configuration).dot(Eigen::VectorXd::LinSpaced(static_cast<Eigen::Index>(space->size()), 1, 3));
  };
  const FunctionPredictor predictor(space, value);
  const std::vector<Coalition> coalitions{0, 5, 127, 64, 33, 90};
  Eigen::MatrixXd tile(6, 7);
  predictor.predict_blends(blends, 3, coalitions, tile);
  int counted = 0;
  for (Eigen::Index column = 0; column < 7; ++column) {
    for (Eigen::Index row = 0; row < 6; ++row) {
      const std::size_t i = 3 + static_cast<std::size_t>(column);
      const Coalition s = coalitions[static_cast<std::size_t>(row)];
      if (!blends.counts(i, s)) continue;
      ++counted;
      REQUIRE(tile(row, column) == value(blends.blend(i, s)));
    }
  }
  CHECK(counted > 20);
}
