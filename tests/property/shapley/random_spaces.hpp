// Random spaces with conditions and forbidden clauses, and random functions on them.
#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/search_space.hpp>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hyperego::test {

/// Floats, integers, categoricals, an ordinal and a constant; with a nested condition (kernel -> gamma -> fine) and
/// forbidden clauses where asked for. Seven players.
inline std::shared_ptr<const SearchSpace> mixed_space(bool conditions, bool forbidden) {
  const std::vector<Hyperparameter> hyperparameters{
      make_float("rate", 1e-4, 1, true),
      make_categorical("kernel", {std::string("linear"), std::string("rbf"), std::string("poly")}),
      make_integer("layers", 1, 12),
      make_constant("version", std::string("one")),
      make_float("gamma", 0, 1),
      make_float("fine", -1, 1),
      make_ordinal("bins", {std::int64_t{64}, std::int64_t{128}, std::int64_t{256}}),
      make_categorical("flag", {false, true}),
  };
  std::vector<SearchSpace::ChildCondition> children;
  if (conditions) {
    children.push_back(
        {.child = 4, .condition = Comparison{.relation = Comparison::Relation::in, .parent = 1, .codes = {1, 2}}});
    children.push_back(
        {.child = 5, .condition = Comparison{.relation = Comparison::Relation::greater, .parent = 4, .codes = {0.3}}});
  }
  std::vector<ForbiddenClause> clauses;
  if (forbidden) {
    clauses.push_back(
        {.terms = {{.hyperparameter = 1, .codes = {2}}, {.hyperparameter = 7, .codes = {1}}}, .written_as_and = true});
    clauses.push_back(
        {.terms = {{.hyperparameter = 6, .codes = {0}}, {.hyperparameter = 7, .codes = {0}}}, .written_as_and = true});
  }
  return std::make_shared<const SearchSpace>(hyperparameters, children, clauses);
}

/// A smooth random function of the unit coordinates of what is set, with interactions; hyperparameter `ignored` plays
/// no part.
class RandomFunction {
 public:
  RandomFunction(std::shared_ptr<const SearchSpace> space, std::uint64_t seed, std::size_t ignored = 1000)
      : space_(std::move(space)), ignored_(ignored) {
    Rng rng(seed, "random function");
    for (std::size_t i = 0; i < space_->size(); ++i) {
      for (std::size_t j = 0; j < space_->size(); ++j) weights_.push_back(rng.normal());
      phases_.push_back(6 * rng.uniform());
      when_unset_.push_back(rng.normal());
    }
  }

  double operator()(const Configuration& configuration) const {
    const std::size_t d = space_->size();
    double value = 0;
    for (std::size_t i = 0; i < d; ++i) {
      if (i == ignored_) continue;
      if (!configuration.is_set(i)) {
        value += 0.3 * when_unset_[i];
        continue;
      }
      const double u = (*space_)[i].to_unit(configuration[i]);
      value += std::sin(5 * u + phases_[i]);
      for (std::size_t j = 0; j < i; ++j) {
        if (j == ignored_ || !configuration.is_set(j)) continue;
        value += weights_[i * d + j] * (u - 0.5) * ((*space_)[j].to_unit(configuration[j]) - 0.4);
      }
    }
    return value;
  }

 private:
  std::shared_ptr<const SearchSpace> space_;
  std::size_t ignored_;
  std::vector<double> weights_;
  std::vector<double> phases_;
  std::vector<double> when_unset_;
};

/// φ_i from the definition, Σ_S |S|! (n − |S| − 1)! / n! (v(S ∪ i) − v(S)).
inline std::vector<double> shapley_by_definition(const std::vector<double>& values) {
  int n = 0;
  while ((std::size_t{1} << n) < values.size()) ++n;
  std::vector<double> phi(static_cast<std::size_t>(n), 0);
  for (std::size_t s = 0; s < values.size(); ++s) {
    const int size = std::popcount(s);
    const double weight = std::exp(std::lgamma(size + 1) + std::lgamma(n - size) - std::lgamma(n + 1));
    for (int i = 0; i < n; ++i) {
      const std::size_t bit = std::size_t{1} << i;
      if ((s & bit) == 0) phi[static_cast<std::size_t>(i)] += weight * (values[s | bit] - values[s]);
    }
  }
  return phi;
}

}  // namespace hyperego::test
