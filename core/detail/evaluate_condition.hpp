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

/// False where either is NaN.
[[nodiscard]] inline bool compares(double left, ForbiddenClause::Term::Relation relation, double right) {
  using Relation = ForbiddenClause::Term::Relation;
  switch (relation) {
    case Relation::less:
      return left < right;
    case Relation::less_equal:
      return left <= right;
    case Relation::one_of:
    case Relation::equal:
      return left == right;
    case Relation::greater_equal:
      return left >= right;
    case Relation::greater:
      return left > right;
  }
  return false;
}

template <typename CodeOf>
[[nodiscard]] bool holds(const ForbiddenClause::Term& term, const CodeOf& code_of) {
  const double code = code_of(term.hyperparameter);
  if (term.relation == ForbiddenClause::Term::Relation::one_of) return is_one_of(code, term.codes);
  if (!term.other) return compares(code, term.relation, term.codes.front());
  const double other = code_of(*term.other);
  if (std::isnan(code) || std::isnan(other)) return false;
  return compares(term.comparable ? term.comparable(code) : code, term.relation,
                  term.other_comparable ? term.other_comparable(other) : other);
}

template <typename CodeOf>
[[nodiscard]] bool is_forbidden_by(const ForbiddenClause& clause, const CodeOf& code_of) {
  return std::all_of(clause.terms.begin(), clause.terms.end(),
                     [&](const ForbiddenClause::Term& term) { return holds(term, code_of); });
}

}  // namespace hyperego::detail
