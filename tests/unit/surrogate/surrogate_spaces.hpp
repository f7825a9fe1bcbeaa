// Search spaces for the surrogate tests.
#pragma once

#include <hyperego/core/rng.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/slice.hpp>

#include <memory>
#include <vector>

namespace hyperego::test {

/// Every kind of hyperparameter; `optimizer` activates `momentum` (and that `nesterov`) or `beta`; one forbidden pair.
inline std::shared_ptr<const SearchSpace> conditional_space(bool with_clause = true) {
  std::vector<Hyperparameter> hyperparameters{
      make_float("learning_rate", 1e-4, 1e-1, true),
      make_categorical("optimizer", {Value("sgd"), Value("adam"), Value("rprop")}),
      make_float("momentum", 0.0, 0.99),
      make_categorical("nesterov", {Value(false), Value(true)}),
      make_float("beta", 0.8, 0.999),
      make_integer("layers", 1, 5),
      make_ordinal("width", {Value(std::int64_t{16}), Value(std::int64_t{64}), Value(std::int64_t{256})}),
      make_constant("epochs", Value(std::int64_t{50}))};
  std::vector<SearchSpace::ChildCondition> conditions{{2, Comparison{Comparison::Relation::equals, 1, {0.0}}},
                                                      {3, Comparison{Comparison::Relation::greater, 2, {0.4}}},
                                                      {4, Comparison{Comparison::Relation::equals, 1, {1.0}}}};
  std::vector<ForbiddenClause> clauses;
  if (with_clause)
    clauses.push_back({.terms = {{.hyperparameter = 1, .codes = {2.0}}, {.hyperparameter = 5, .codes = {5.0}}}});
  return std::make_shared<const SearchSpace>(std::move(hyperparameters), std::move(conditions), std::move(clauses));
}

inline std::shared_ptr<const SearchSpace> flat_space(int d, bool mixed = false) {
  std::vector<Hyperparameter> hyperparameters;
  for (int i = 0; i < d; ++i) {
    if (mixed && i % 3 == 1) {
      hyperparameters.push_back(make_categorical("x" + std::to_string(i), {Value("a"), Value("b"), Value("c")}));
    } else {
      hyperparameters.push_back(make_float("x" + std::to_string(i), 0.0, 1.0));
    }
  }
  return std::make_shared<const SearchSpace>(std::move(hyperparameters));
}

inline std::vector<Configuration> sample_space(const std::shared_ptr<const SearchSpace>& space, int n,
                                               std::uint64_t seed) {
  Rng rng(seed, "test samples");
  const Slice slice(space);
  std::vector<Configuration> configurations;
  for (int i = 0; i < n; ++i) configurations.push_back(slice.sample(rng).value());
  return configurations;
}

/// A smooth target of everything that is set.
inline Eigen::VectorXd some_targets(const SearchSpace& space, const std::vector<Configuration>& configurations) {
  Eigen::VectorXd y(static_cast<Eigen::Index>(configurations.size()));
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    double sum = 3.0;
    for (const std::size_t j : space.searched()) {
      if (!configurations[i].is_set(j)) continue;
      const double u = space[j].to_unit(configurations[i][j]);
      sum += std::sin(2.0 + 3.0 * u + static_cast<double>(j)) / (1.0 + 0.3 * static_cast<double>(j));
    }
    y[static_cast<Eigen::Index>(i)] = sum;
  }
  return y;
}

}  // namespace hyperego::test
