#include <hyperego/core/condition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/detail/evaluate_condition.hpp>

#include <algorithm>

namespace hyperego {
namespace {

void collect_parents(const Condition& condition, std::vector<std::size_t>& parents) {
  if (const auto* comparison = std::get_if<Comparison>(&condition)) {
    parents.push_back(comparison->parent);
    return;
  }
  const auto* all = std::get_if<Conjunction>(&condition);
  for (const Condition& term : all != nullptr ? all->terms : std::get<Disjunction>(condition).terms) {
    collect_parents(term, parents);
  }
}

}  // namespace

bool holds(const Condition& condition, const Configuration& configuration) {
  return detail::holds(condition, [&](std::size_t i) { return configuration[i]; });
}

std::vector<std::size_t> parents_of(const Condition& condition) {
  std::vector<std::size_t> parents;
  collect_parents(condition, parents);
  std::sort(parents.begin(), parents.end());
  parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
  return parents;
}

std::vector<std::size_t> hyperparameters_of(const ForbiddenClause& clause) {
  std::vector<std::size_t> all;
  for (const ForbiddenClause::Term& term : clause.terms) {
    all.push_back(term.hyperparameter);
    if (term.other) all.push_back(*term.other);
  }
  return all;
}

bool is_forbidden_by(const ForbiddenClause& clause, const Configuration& configuration) {
  return detail::is_forbidden_by(clause, [&](std::size_t i) { return configuration[i]; });
}

}  // namespace hyperego
