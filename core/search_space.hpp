#pragma once

#include <hyperego/core/condition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/detail/evaluate_condition.hpp>
#include <hyperego/core/hyperparameter.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hyperego {

/// What is wrong with a configuration, if anything.
struct Legality {
  enum class Verdict { legal, illegal_value, active_not_set, inactive_set, forbidden } verdict = Verdict::legal;
  std::string reason;  ///< one sentence that names the hyperparameter; empty when legal

  explicit operator bool() const { return verdict == Verdict::legal; }
};

[[nodiscard]] std::string_view to_string(Legality::Verdict verdict);

/// Hyperparameters with conditions and forbidden clauses. Immutable, so it can be shared between threads.
///
/// Several conditions on one child are joined by `and`. d = size() counts constants as well; `searched()` leaves them
/// out.
class SearchSpace {
 public:
  struct ChildCondition {
    std::size_t child = 0;
    Condition condition;
  };

  SearchSpace() = default;
  /// @throws InvalidInput naming the place as "hyperparameters/2/lower", "conditions/0" or "forbiddens/1" for repeated
  /// names, domains, conditions or clauses that make no sense, a child that is its own ancestor, or a forbidden default
  /// configuration.
  explicit SearchSpace(std::vector<Hyperparameter> hyperparameters, std::vector<ChildCondition> conditions = {},
                       std::vector<ForbiddenClause> forbidden = {}, std::string name = {});

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::size_t size() const { return hyperparameters_.size(); }
  [[nodiscard]] const Hyperparameter& operator[](std::size_t i) const { return hyperparameters_[i]; }
  [[nodiscard]] const std::vector<Hyperparameter>& hyperparameters() const { return hyperparameters_; }
  [[nodiscard]] const std::vector<ChildCondition>& conditions() const { return conditions_; }
  [[nodiscard]] const std::vector<ForbiddenClause>& forbidden_clauses() const { return forbidden_; }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  /// @throws InvalidInput naming `name` and the nearest known one.
  [[nodiscard]] std::size_t index_of(std::string_view name) const;

  /// Indices of the hyperparameters that can vary, ascending: the players of every game.
  [[nodiscard]] const std::vector<std::size_t>& searched() const { return searched_; }
  [[nodiscard]] bool is_conditional(std::size_t i) const { return !conditions_of_[i].empty(); }
  [[nodiscard]] bool has_conditions() const { return !conditions_.empty(); }
  [[nodiscard]] const std::vector<std::size_t>& parents(std::size_t i) const { return parents_[i]; }
  /// Parents before children; file order among equals.
  [[nodiscard]] const std::vector<std::size_t>& topological_order() const { return topological_order_; }
  /// component()[i]: number of the connected component of the condition graph that holds hyperparameter i, numbered
  /// from 0 in the order of their first members. Activity never depends on another component.
  [[nodiscard]] const std::vector<std::size_t>& component() const { return component_; }

  /// Whether hyperparameter i is active, given the values of its parents in `configuration`.
  [[nodiscard]] bool is_active(std::size_t i, const Configuration& configuration) const;
  /// The same over any code_of(parent), NaN where unset.
  template <typename CodeOf>
  requires std::is_invocable_r_v<double, const CodeOf&, std::size_t>
  [[nodiscard]] bool is_active(std::size_t i, const CodeOf& code_of) const {
    for (const std::size_t k : conditions_of_[i]) {
      if (!detail::holds(conditions_[k].condition, code_of)) return false;
    }
    return true;
  }
  [[nodiscard]] bool is_forbidden(const Configuration& configuration) const;
  [[nodiscard]] Legality check(const Configuration& configuration) const;

  [[nodiscard]] Configuration default_configuration() const;

  /// Builds a configuration parents first: every hyperparameter that is active takes choose(i), the others stay unset.
  /// Legal unless a forbidden clause holds (or choose returns an illegal code).
  template <typename Choose>
  [[nodiscard]] Configuration build(Choose&& choose) const {
    Configuration configuration(size());
    for (const std::size_t i : topological_order_) {
      if (is_active(i, configuration)) configuration.set(i, choose(i));
    }
    return configuration;
  }

  /// Unit coordinates, length d; those of unset hyperparameters are their defaults'. decode(encode(c)) == c for legal c
  /// (floats to within rounding of the scale). @throws InvalidInput where the length is not d.
  [[nodiscard]] Eigen::VectorXd encode(const Configuration& configuration) const;
  /// The configuration at a point of the unit cube, length d; inactive coordinates are ignored. Legal unless forbidden.
  [[nodiscard]] Configuration decode(const Eigen::Ref<const Eigen::VectorXd>& unit) const;

  /// ConfigSpace's own vector form: floats and integers scaled so that the bounds are 0 and 1, the index of the choice
  /// for categoricals and ordinals, 1 for constants, nothing where unset.
  [[nodiscard]] std::vector<std::optional<double>> configspace_vector(const Configuration& configuration) const;

  /// {"name": value, …} of the set hyperparameters, in the space's order.
  [[nodiscard]] nlohmann::ordered_json to_json(const Configuration& configuration) const;
  /// Reads {"name": value, …}. Legality across hyperparameters is not judged here.
  /// @throws InvalidInput naming `where` and the hyperparameter for unknown names, illegal values or a wrong type.
  [[nodiscard]] Configuration configuration_from_json(const nlohmann::ordered_json& json,
                                                      const std::string& where) const;
  /// The same, and @throws InvalidInput with the reason where the configuration is not legal.
  [[nodiscard]] Configuration legal_configuration_from_json(const nlohmann::ordered_json& json,
                                                            const std::string& where) const;

 private:
  std::string name_;
  std::vector<Hyperparameter> hyperparameters_;
  std::vector<ChildCondition> conditions_;
  std::vector<ForbiddenClause> forbidden_;
  std::vector<std::vector<std::size_t>> conditions_of_;  // indices into conditions_
  std::vector<std::vector<std::size_t>> parents_;
  std::vector<std::size_t> topological_order_;
  std::vector<std::size_t> component_;
  std::vector<std::size_t> searched_;
};

}  // namespace hyperego
