// Notes on where the trials are: given where they ought to be, and hardly ever to uniform trials.
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/report/explanation/detail/support.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

using namespace hyperego;

namespace {

std::shared_ptr<const SearchSpace> space() {
  return std::make_shared<const SearchSpace>(
      std::vector<Hyperparameter>{make_float("x", 0, 1), make_float("rate", 1e-4, 1, true), make_integer("n", 1, 9),
                                  make_categorical("kind", {std::string("p"), std::string("q"), std::string("r")})});
}

std::vector<Configuration> uniform(const std::shared_ptr<const SearchSpace>& space, std::size_t count,
                                   std::uint64_t seed) {
  std::vector<Configuration> trials;
  for (std::size_t k = 0; k < count; ++k) {
    Rng rng(seed, "support-test", k);
    trials.push_back(Slice(space).sample(rng).value());
  }
  return trials;
}

bool mentions(const std::vector<std::string>& notes, const char* part) {
  for (const std::string& note : notes) {
    if (note.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("uniform trials are given hardly any note") {
  const auto whole = space();
  int noted = 0;
  int dependent = 0;
  for (const std::size_t n : {10U, 30U, 120U}) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      const auto trials = uniform(whole, n, seed);
      noted += detail::support_notes(*whole, trials, whole->default_configuration()).empty() ? 0 : 1;
      dependent += detail::dependent_players(*whole, trials).empty() ? 0 : 1;
    }
  }
  CHECK(noted <= 6);  // of 300; two per cent at the most are promised
  CHECK(dependent <= 3);
}

TEST_CASE("values far outside of all others are noted, at either end, and a long tail hardly ever is") {
  std::vector<double> values;
  Rng rng(3, "bulk");
  for (int k = 0; k < 40; ++k) values.push_back(rng.uniform());
  CHECK(detail::outlier_note(values).empty());
  values[7] = 100;
  CHECK(detail::outlier_note(values).find("1 of 40 values lie far outside of all others (100 beside 0") == 0);
  values[9] = 120;
  CHECK(detail::outlier_note(values).find("2 of 40 values lie far outside of all others (100 to 120 beside") == 0);
  values[7] = values[9] = -50;
  CHECK(detail::outlier_note(values).find("2 of 40") == 0);
  for (int k = 0; k < 12; ++k) values[static_cast<std::size_t>(k)] = 100;  // too many to be outside
  CHECK(detail::outlier_note(values).empty());
  CHECK(detail::outlier_note(std::vector<double>(30, 2.0)).empty());
  CHECK(detail::outlier_note(std::vector<double>{1, 5}).empty());
  int noted = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Rng draw(seed, "tail");
    std::vector<double> tail;
    for (int k = 0; k < 60; ++k) tail.push_back(std::exp(draw.normal()));
    noted += detail::outlier_note(tail).empty() ? 0 : 1;
  }
  CHECK(noted <= 10);
}

TEST_CASE("a place outside of the trials is told from one among them") {
  const auto whole = space();
  auto trials = uniform(whole, 40, 5);
  for (Configuration& trial : trials) trial.set(0, 0.5 * trial[0]);
  Configuration place = whole->default_configuration();
  place.set(0, 0.95);
  CHECK(detail::lonely_values(*whole, trials, place) == std::vector<std::string>{"x"});
  place.set(0, 0.3);
  CHECK(detail::lonely_values(*whole, trials, place).empty());
  CHECK(detail::name_list({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("trials around one place are concentrated, and a baseline elsewhere is alone") {
  const auto whole = space();
  auto trials = uniform(whole, 40, 1);
  for (Configuration& trial : trials) {
    trial.set(0, 0.85 + 0.1 * trial[0]);
    trial.set(3, 2);
  }
  trials.front().set(3, 0);
  const auto notes = detail::support_notes(*whole, trials, whole->default_configuration());
  CHECK(mentions(notes, "the trials are concentrated in x and kind"));
  CHECK(mentions(notes, "the baseline lies outside of the trials in x"));
  CHECK_FALSE(mentions(notes, " rate"));
}

TEST_CASE("values that go together are found, whatever their kind") {
  const auto whole = space();
  auto trials = uniform(whole, 60, 2);
  SUBCASE("two numbers, in any monotone way") {
    for (Configuration& trial : trials) trial.set(1, 1e-4 + 0.9 * trial[0] * trial[0]);
    const auto pairs = detail::dependent_players(*whole, trials);
    REQUIRE(pairs.size() == 1);
    CHECK(pairs[0].first == 0);
    CHECK(pairs[0].second == 1);
    CHECK(pairs[0].association == doctest::Approx(1));
  }
  SUBCASE("a number and a choice") {
    for (Configuration& trial : trials) trial.set(2, 2 + 3 * trial[3]);
    const auto pairs = detail::dependent_players(*whole, trials);
    REQUIRE(pairs.size() == 1);
    CHECK(pairs[0].first == 2);
    CHECK(pairs[0].second == 3);
  }
}
