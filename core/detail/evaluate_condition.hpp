#pragma once

#include <hyperego/core/condition.hpp>

#include <algorithm>
#include <cmath>
#include <variant>

namespace hyperego::detail {

// Conditions and clauses over anything that knows codes: code_of(i) is the code of hyperparameter i, NaN where it is
// unset. Blends use this to judge a mixture of configurations without building it.

[[nodiscard]] inline bool is_one_of(double code, const std::vector<double>& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();  // NaN equals nothing
}

template <typename CodeOf>
[[nodiscard]] bool holds(const Comparison& comparison, const CodeOf& code_of) {
  const double code = code_of(comparison.parent);
  if (std::isnan(code)) return false;
  switch (comparison.relation) {
    case Comparison::Relation::equals:
    case Comparison::Relation::in:
      return is_one_of(code, comparison.codes);
    case Comparison::Relation::not_equals:
      return !is_one_of(code, comparison.codes);
    case Comparison::Relation::less:
      return code < comparison.codes.front();
    case Comparison::Relation::greater:
      return code > comparison.codes.front();
  }
  return false;
}

template <typename CodeOf>
[[nodiscard]] bool holds(const Condition& condition, const CodeOf& code_of) {
  const auto term_holds = [&](const Condition& term) { return holds(term, code_of); };
  if (const auto* comparison = std::get_if<Comparison>(&condition)) return holds(*comparison, code_of);
  if (const auto* all = std::get_if<Conjunction>(&condition)) {
    return std::all_of(all->terms.begin(), all->terms.end(), term_holds);
  }
  const auto& any = std::get<Disjunction>(condition);
  return std::any_of(any.terms.begin(), any.terms.end(), term_holds);
}

template <typename CodeOf>
[[nodiscard]] bool is_forbidden_by(const ForbiddenClause& clause, const CodeOf& code_of) {
  return std::all_of(clause.terms.begin(), clause.terms.end(), [&](const ForbiddenClause::Term& term) {
    return is_one_of(code_of(term.hyperparameter), term.codes);
  });
}

}  // namespace hyperego::detail
