#pragma once

#include <cstddef>
#include <variant>
#include <vector>

namespace hyperego {

class Configuration;

// Hyperparameters are named here by their index in the space and values by their codes, so that evaluation is
// arithmetic only.

/// The parent is active and its value stands in the given relation. For ordinals less / greater compare ranks.
struct Comparison {
  enum class Relation { equals, not_equals, in, less, greater } relation = Relation::equals;
  std::size_t parent = 0;
  std::vector<double> codes = {};  ///< one code, or several for `in`
};

struct Conjunction;
struct Disjunction;

/// When a hyperparameter is active.
using Condition = std::variant<Comparison, Conjunction, Disjunction>;

struct Conjunction {
  std::vector<Condition> terms;
};
struct Disjunction {
  std::vector<Condition> terms;
};

/// False wherever a parent in a comparison is unset (also for not_equals: an inactive parent activates nobody).
[[nodiscard]] bool holds(const Condition& condition, const Configuration& configuration);

/// Indices of all parents, ascending, without repetition.
[[nodiscard]] std::vector<std::size_t> parents_of(const Condition& condition);

/// A configuration that satisfies every term is illegal. An unset hyperparameter satisfies nothing.
struct ForbiddenClause {
  struct Term {
    std::size_t hyperparameter = 0;
    std::vector<double> codes = {};  ///< equal to one of these
    bool written_as_in = false;      ///< IN in the file, for round trips
  };
  std::vector<Term> terms = {};
  bool written_as_and = false;
};

[[nodiscard]] bool is_forbidden_by(const ForbiddenClause& clause, const Configuration& configuration);

}  // namespace hyperego
