// The walks of blocks against building and predicting every blend, on random mixed conditional spaces: equal to the
// bit.
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

using namespace hyperego;

namespace {

Hyperparameter random_hyperparameter(Rng& rng, const std::string& name) {
  switch (rng.below(6)) {
    case 0:
      return make_float(name, 1e-3, 1, true);
    case 1:
      return make_integer(name, 1, 9);
    case 2:
      return make_ordinal(name, {Value("s"), Value("m"), Value("l")});
    case 3: {
      std::vector<Value> choices;
      const std::uint64_t count = rng.below(4) == 0 ? 70 : 2 + rng.below(4);
      for (std::uint64_t c = 0; c < count; ++c) choices.emplace_back("c" + std::to_string(c));
      return make_categorical(name, choices);
    }
    case 4:
      return make_constant(name, Value(std::int64_t{3}));
    default:
      return make_float(name, 0, 1);
  }
}

/// A relation that a good part of the parent's values satisfy.
Comparison random_comparison(Rng& rng, const Hyperparameter& parent, std::size_t index) {
  const double code = parent.from_unit(0.3 + 0.4 * rng.uniform());
  if (parent.is_categorical()) {
    const bool equals = parent.cardinality() < 4 && rng.below(2) == 0;
    return {equals ? Comparison::Relation::equals : Comparison::Relation::not_equals, index, {code}};
  }
  return {rng.below(2) == 0 ? Comparison::Relation::less : Comparison::Relation::greater, index, {code}};
}

std::shared_ptr<const SearchSpace> random_space(Rng& rng, int d, bool conditions) {
  std::vector<Hyperparameter> hyperparameters;
  std::vector<SearchSpace::ChildCondition> children;
  for (int i = 0; i < d; ++i) {
    hyperparameters.push_back(i == 0 ? make_float("h0", 0, 1) : random_hyperparameter(rng, "h" + std::to_string(i)));
    if (!conditions || i == 0 || rng.below(2) == 0) continue;
    const std::size_t parent = rng.below(static_cast<std::uint64_t>(i));
    if (std::holds_alternative<ConstantDomain>(hyperparameters[parent].domain)) continue;
    children.push_back({static_cast<std::size_t>(i), random_comparison(rng, hyperparameters[parent], parent)});
  }
  std::vector<ForbiddenClause> clauses;
  for (std::size_t i = 1; i < hyperparameters.size() && clauses.empty(); ++i) {
    if (!hyperparameters[i].is_categorical()) continue;
    const double last = static_cast<double>(hyperparameters[i].cardinality()) - 1;
    if (last != hyperparameters[i].default_code) clauses.push_back({.terms = {{.hyperparameter = i, .codes = {last}}}});
  }
  return std::make_shared<const SearchSpace>(std::move(hyperparameters), std::move(children), std::move(clauses));
}

std::vector<Configuration> some_configurations(const std::shared_ptr<const SearchSpace>& space, int n, Rng& rng) {
  const Slice slice(space);
  std::vector<Configuration> configurations;
  for (int i = 0; i < n; ++i) configurations.push_back(slice.sample(rng).value());
  return configurations;
}

Eigen::VectorXd some_targets(const SearchSpace& space, const std::vector<Configuration>& configurations, Rng& rng) {
  Eigen::VectorXd y(static_cast<Eigen::Index>(configurations.size()));
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    double sum = 5 + 0.1 * rng.normal();
    for (const std::size_t j : space.searched()) {
      if (!configurations[i].is_set(j)) continue;
      sum += std::sin(2 + 5 * space[j].to_unit(configurations[i][j]) + static_cast<double>(j));
    }
    y[static_cast<Eigen::Index>(i)] = std::exp(0.3 * sum);
  }
  return y;
}

/// Returns the number of blends that count.
int check_blends(const BlendPredictor& predictor, const Blends& blends, const std::vector<Coalition>& coalitions,
                 std::size_t first = 0) {
  const auto columns = static_cast<Eigen::Index>(blends.number_of_samples() - first);
  const auto rows = static_cast<Eigen::Index>(coalitions.size());
  Eigen::MatrixXd expected(rows, columns);
  Eigen::MatrixXd found = Eigen::MatrixXd::Constant(rows, columns, NAN);
  predictor.BlendPredictor::predict_blends(blends, first, coalitions, expected);
  predictor.predict_blends(blends, first, coalitions, found);
  CHECK(found.allFinite());
  int counted = 0;
  int wrong = 0;
  for (Eigen::Index i = 0; i < columns; ++i) {
    for (Eigen::Index j = 0; j < rows; ++j) {
      if (!blends.counts(first + static_cast<std::size_t>(i), coalitions[static_cast<std::size_t>(j)])) continue;
      ++counted;
      if (expected(j, i) != found(j, i)) ++wrong;
    }
  }
  CHECK(wrong == 0);
  return counted;
}

std::vector<Coalition> every_coalition(int players) {
  std::vector<Coalition> coalitions(std::size_t{1} << static_cast<unsigned>(players));
  std::iota(coalitions.begin(), coalitions.end(), Coalition{0});
  return coalitions;
}

}  // namespace

TEST_CASE("walked blends equal predicted blends to the bit, on random spaces under every treatment") {
  std::vector<int> counted(3, 0);
  int conditional = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Rng rng(seed, "random spaces");
    const auto space = random_space(rng, 2 + static_cast<int>(rng.below(7)), seed % 4 != 0);
    conditional += space->has_conditions() ? 1 : 0;
    const auto data = some_configurations(space, 60, rng);
    const auto forest = RandomForestSurrogate::fit(space, data, some_targets(*space, data, rng),
                                                   {.trees = 12, .log_targets = seed % 3 == 0, .seed = seed});
    const auto samples = some_configurations(space, 70, rng);
    std::optional<Configuration> completion;
    if (seed % 2 == 0) {
      completion = samples[1];
      for (std::size_t i = 0; i < space->size(); ++i) {
        if (!completion->is_set(i)) completion->set(i, (*space)[i].from_unit(0.83));
      }
    }
    const auto plausible = forest.plausible_functions(1, seed);
    for (const auto treatment : {BlendTreatment::drop, BlendTreatment::repair, BlendTreatment::ignore}) {
      CAPTURE(seed);
      CAPTURE(to_string(treatment));
      const Blends blends(space, samples[0], samples, treatment, completion);
      const int players = blends.number_of_players();
      auto list = every_coalition(players);
      counted[static_cast<std::size_t>(treatment)] += check_blends(forest, blends, list, 1);
      for (std::size_t k = list.size(); k > 1; --k) std::swap(list[k - 1], list[rng.below(k)]);
      list.resize(1 + list.size() / 3);
      list.push_back(list.front());
      check_blends(forest, blends, list);
      check_blends(*plausible[0], blends, list);
      check_blends(forest, blends, {grand_coalition(players)});
    }
  }
  CHECK(conditional > 20);
  for (const int count : counted) CHECK(count > 10'000);
}

TEST_CASE("lists over more players than a walk tells apart") {
  std::vector<Hyperparameter> hyperparameters;
  for (int i = 0; i < 40; ++i) hyperparameters.push_back(make_float("h" + std::to_string(i), 0, 1));
  const auto space = std::make_shared<const SearchSpace>(std::move(hyperparameters));
  Rng rng(3, "many players");
  const auto data = some_configurations(space, 80, rng);
  const auto forest = RandomForestSurrogate::fit(space, data, some_targets(*space, data, rng), {.trees = 10});
  const auto samples = some_configurations(space, 9, rng);
  const Blends blends(space, samples[0], samples);
  std::vector<Coalition> coalitions{0, grand_coalition(40), 5};
  for (int k = 0; k < 60; ++k) coalitions.push_back(rng() & grand_coalition(40));
  CHECK(check_blends(forest, blends, coalitions) == 9 * 63);
}

TEST_CASE("a profile says what predicting every code says, and its representatives are all there is") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Rng rng(seed, "profiles");
    const auto space = random_space(rng, 6, seed % 2 == 0);
    const auto data = some_configurations(space, 50, rng);
    const auto forest =
        RandomForestSurrogate::fit(space, data, some_targets(*space, data, rng), {.trees = 8, .seed = seed});
    for (const Configuration& configuration : some_configurations(space, 5, rng)) {
      for (const std::size_t i : space->searched()) {
        if (!configuration.is_set(i)) continue;
        const auto codes = forest.representatives(i);
        REQUIRE(!codes.empty());
        Eigen::VectorXd expected(static_cast<Eigen::Index>(codes.size()));
        Eigen::VectorXd found(static_cast<Eigen::Index>(codes.size()));
        forest.BlendPredictor::profile(configuration, i, codes, expected);
        forest.profile(configuration, i, codes, found);
        CHECK(expected == found);
        // Stretches: the first code of every run of equal values is there, and between them nothing changes.
        const Stretches stretches = forest.stretches(configuration, i);
        REQUIRE(stretches.codes.size() == stretches.values.size());
        REQUIRE(!stretches.codes.empty());
        REQUIRE(stretches.codes.front() == codes.front());
        std::size_t at = 0;
        for (std::size_t k = 0; k < codes.size(); ++k) {
          if (at + 1 < stretches.codes.size() && stretches.codes[at + 1] == codes[k]) ++at;
          CHECK(stretches.values[at] == found(static_cast<Eigen::Index>(k)));
        }
        CHECK(at + 1 == stretches.codes.size());
        const std::vector<double> others{(*space)[i].from_unit(rng.uniform()), (*space)[i].from_unit(rng.uniform())};
        Eigen::VectorXd at_others(2);
        forest.profile(configuration, i, others, at_others);
        for (const double value : at_others) CHECK((found.array() == value).any());
      }
    }
  }
}

TEST_CASE("tiles that do not fit, and another space, are refused") {
  Rng rng(1, "misfits");
  const auto space = random_space(rng, 5, false);
  const auto data = some_configurations(space, 20, rng);
  const auto forest = RandomForestSurrogate::fit(space, data, some_targets(*space, data, rng), {.trees = 3});
  const Blends blends(space, data[0], data);
  Eigen::MatrixXd tile(2, 20);
  const std::vector<Coalition> two{0, 1};
  CHECK_THROWS_AS(forest.predict_blends(blends, 1, two, tile), InvalidInput);
  const auto other = random_space(rng, 3, false);
  const auto foreign = some_configurations(other, 20, rng);
  CHECK_THROWS_AS(forest.predict_blends(Blends(other, foreign[0], foreign), 0, two, tile), InvalidInput);
}
