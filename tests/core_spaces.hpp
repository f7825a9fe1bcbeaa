// Small spaces that between them have every construct, for the tests of several rooms.
#pragma once

#include <hyperego/core/search_space.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hyperego::test {

inline Comparison compare(Comparison::Relation relation, std::size_t parent, std::vector<double> codes) {
  return {.relation = relation, .parent = parent, .codes = std::move(codes)};
}
inline Comparison equals(std::size_t parent, double code) {
  return compare(Comparison::Relation::equals, parent, {code});
}

inline std::vector<Value> words(std::initializer_list<const char*> texts) {
  std::vector<Value> values;
  for (const char* text : texts) values.emplace_back(std::string(text));
  return values;
}

inline std::shared_ptr<const SearchSpace> flat_space() {
  return std::make_shared<const SearchSpace>(
      std::vector{make_float("x", 0, 1), make_float("y", 1e-4, 10, true), make_integer("k", 1, 6),
                  make_categorical("c", words({"u", "v", "w"})), make_ordinal("o", words({"low", "mid", "high"})),
                  make_constant("seed", Value(std::int64_t{3}))});
}

/// Two branches below `algorithm`, the deeper one three levels deep; a constant on one of them; children before parents
/// in the file; a clause that forbids a corner.
inline std::shared_ptr<const SearchSpace> nested_space() {
  enum : std::size_t { leaf, algorithm, depth, mode, rate, iterations, shrink, free };
  std::vector<Hyperparameter> h{
      make_float("leaf", 0.01, 0.5),        make_categorical("algorithm", words({"tree", "svm", "none"})),
      make_integer("depth", 1, 10),         make_categorical("mode", words({"s", "t"})),
      make_float("rate", 1e-4, 1, true),    make_integer("iterations", 10, 1000, true),
      make_constant("shrink", Value(true)), make_ordinal("free", words({"a", "b", "c", "d"}))};
  using Relation = Comparison::Relation;
  std::vector<SearchSpace::ChildCondition> conditions{
      {leaf, Conjunction{{equals(algorithm, 0), compare(Relation::greater, depth, {4})}}},
      {depth, equals(algorithm, 0)},
      {mode, equals(algorithm, 1)},
      {rate, compare(Relation::in, algorithm, {1, 2})},
      {iterations, equals(mode, 1)},
      {iterations, compare(Relation::less, rate, {0.5})},
      {shrink, Disjunction{{equals(mode, 0), compare(Relation::not_equals, free, {0})}}}};
  std::vector<ForbiddenClause> forbidden{{.terms = {{algorithm, {1}}, {free, {2, 3}, true}}, .written_as_and = true},
                                         {.terms = {{depth, {2}}}}};
  return std::make_shared<const SearchSpace>(std::move(h), std::move(conditions), std::move(forbidden), "nested");
}

/// nested_space() without its clauses.
inline std::shared_ptr<const SearchSpace> conditional_space() {
  const auto nested = nested_space();
  return std::make_shared<const SearchSpace>(nested->hyperparameters(), nested->conditions());
}

/// Two trees that know nothing of each other, their members interleaved, and a hyperparameter on its own.
inline std::shared_ptr<const SearchSpace> two_tree_space() {
  std::vector<Hyperparameter> h{make_categorical("a", words({"p", "q", "r"})),
                                make_categorical("b", words({"p", "q"})),
                                make_float("a_child", 0, 1),
                                make_integer("b_child", 1, 9),
                                make_float("alone", -1, 1),
                                make_integer("a_grandchild", 1, 4),
                                make_constant("b_constant", Value(1.5))};
  using Relation = Comparison::Relation;
  std::vector<SearchSpace::ChildCondition> conditions{{2, compare(Relation::not_equals, 0, {1})},
                                                      {3, equals(1, 1)},
                                                      {5, compare(Relation::greater, 2, {0.4})},
                                                      {6, compare(Relation::less, 3, {6})}};
  return std::make_shared<const SearchSpace>(std::move(h), std::move(conditions));
}

}  // namespace hyperego::test
