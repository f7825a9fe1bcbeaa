#pragma once

#include <cstddef>
#include <functional>
#include <optional>
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
  /// A hyperparameter has one of some values, compares with one value, or compares with another hyperparameter.
  struct Term {
    enum class Relation { one_of, less, less_equal, equal, greater_equal, greater };

    std::size_t hyperparameter = 0;
    std::vector<double> codes = {};  ///< for one_of; one for the other relations with a value (ordinals by rank)
    bool written_as_in = false;      ///< IN in the file, for round trips
    Relation relation = Relation::one_of;
    std::optional<std::size_t> other = std::nullopt;  ///< the right side, where it is a hyperparameter
    /// What values of both sides compare by, from their codes; empty: the code. SearchSpace fills them in.
    std::function<double(double)> comparable = nullptr, other_comparable = nullptr;
  };
  std::vector<Term> terms = {};
  bool written_as_and = false;
};

/// The hyperparameters of all terms, in their order, with repetitions.
[[nodiscard]] std::vector<std::size_t> hyperparameters_of(const ForbiddenClause& clause);

[[nodiscard]] bool is_forbidden_by(const ForbiddenClause& clause, const Configuration& configuration);

}  // namespace hyperego
