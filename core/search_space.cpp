#include <hyperego/core/detail/condition_graph.hpp>
#include <hyperego/core/detail/condition_text.hpp>
#include <hyperego/core/detail/member_index.hpp>
#include <hyperego/core/detail/relation_values.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/search_space.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace hyperego {
namespace {

std::string place(const char* list, std::size_t index) { return std::string(list) + "/" + std::to_string(index); }

void check_names(const std::vector<Hyperparameter>& hyperparameters) {
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < hyperparameters.size(); ++i) {
    const auto [first, inserted] = seen.emplace(hyperparameters[i].name, i);
    if (!inserted) {
      throw InvalidInput(place("hyperparameters", i) + "/name",
                         "\"" + hyperparameters[i].name + "\" is the name of hyperparameter " +
                             std::to_string(first->second) + " already; rename one of them");
    }
  }
}

void check_comparison(const std::vector<Hyperparameter>& hyperparameters, const Comparison& comparison,
                      const std::string& where) {
  if (comparison.parent >= hyperparameters.size()) {
    throw InvalidInput(where, "the parent has index " + std::to_string(comparison.parent) + " in a space of " +
                                  std::to_string(hyperparameters.size()) + " hyperparameters; name one of them");
  }
  const Hyperparameter& parent = hyperparameters[comparison.parent];
  using Relation = Comparison::Relation;
  const bool ordered = comparison.relation == Relation::less || comparison.relation == Relation::greater;
  if (ordered && (parent.is_categorical() || parent.is_constant())) {
    throw InvalidInput(
        where, "\"" + parent.name + "\" has no order, so nothing is less or greater; compare with EQ, NEQ or IN");
  }
  if (comparison.codes.empty() || (comparison.relation != Relation::in && comparison.codes.size() > 1)) {
    throw InvalidInput(where, "expected one value (several for IN) to compare \"" + parent.name + "\" with");
  }
  for (const double code : comparison.codes) {
    if (!parent.is_legal_code(code)) {
      throw InvalidInput(where,
                         "compares \"" + parent.name + "\" with a value outside its domain; give " + parent.describe());
    }
  }
}

void check_condition(const std::vector<Hyperparameter>& hyperparameters, const Condition& condition,
                     const std::string& where) {
  if (const auto* comparison = std::get_if<Comparison>(&condition)) {
    check_comparison(hyperparameters, *comparison, where);
    return;
  }
  const auto* all = std::get_if<Conjunction>(&condition);
  const std::vector<Condition>& terms = all != nullptr ? all->terms : std::get<Disjunction>(condition).terms;
  if (terms.empty()) throw InvalidInput(where, "has no terms; give at least one condition");
  for (std::size_t i = 0; i < terms.size(); ++i) {
    check_condition(hyperparameters, terms[i], where + "/" + place("conditions", i));
  }
}

void check_term(const std::vector<Hyperparameter>& hyperparameters, const ForbiddenClause::Term& term,
                const std::string& where) {
  const Hyperparameter& hyperparameter = hyperparameters[term.hyperparameter];
  if (term.other) {
    if (term.relation != ForbiddenClause::Term::Relation::one_of && term.codes.empty()) return;
    throw InvalidInput(where, "relates \"" + hyperparameter.name +
                                  "\" to another hyperparameter and to values; leave one of them out");
  }
  if (term.codes.empty())
    throw InvalidInput(where, "forbids no value of \"" + hyperparameter.name + "\"; give at least one");
  for (const double code : term.codes) {
    if (!hyperparameter.is_legal_code(code)) {
      throw InvalidInput(where, "forbids a value outside the domain of \"" + hyperparameter.name + "\"; give " +
                                    hyperparameter.describe());
    }
  }
  if (term.relation == ForbiddenClause::Term::Relation::one_of) return;
  if (term.codes.size() > 1 || hyperparameter.is_categorical() || hyperparameter.is_constant()) {
    throw InvalidInput(where, "compares \"" + hyperparameter.name +
                                  "\", which has no order, or with several values; forbid values with EQUALS or IN");
  }
}

/// Checks a clause, and gives its relations what they compare by.
void check_forbidden(const std::vector<Hyperparameter>& hyperparameters, ForbiddenClause& clause,
                     const std::string& where) {
  if (clause.terms.empty()) throw InvalidInput(where, "has no terms and would forbid everything; give at least one");
  for (const std::size_t i : hyperparameters_of(clause)) {
    if (i >= hyperparameters.size()) {
      throw InvalidInput(where, "names hyperparameter " + std::to_string(i) + " in a space of " +
                                    std::to_string(hyperparameters.size()) + "; name one of them");
    }
  }
  for (ForbiddenClause::Term& term : clause.terms) {
    check_term(hyperparameters, term, where);
    if (term.other) detail::resolve_relation(term, hyperparameters, where);
  }
}

void check_children(const std::vector<Hyperparameter>& hyperparameters,
                    const std::vector<SearchSpace::ChildCondition>& conditions) {
  for (std::size_t k = 0; k < conditions.size(); ++k) {
    if (conditions[k].child >= hyperparameters.size()) {
      throw InvalidInput(place("conditions", k) + "/child",
                         "has index " + std::to_string(conditions[k].child) + " in a space of " +
                             std::to_string(hyperparameters.size()) + " hyperparameters; name one of them");
    }
    check_condition(hyperparameters, conditions[k].condition, place("conditions", k));
  }
}

}  // namespace

std::string_view to_string(Legality::Verdict verdict) {
  switch (verdict) {
    case Legality::Verdict::legal:
      return "legal";
    case Legality::Verdict::illegal_value:
      return "illegal_value";
    case Legality::Verdict::active_not_set:
      return "active_not_set";
    case Legality::Verdict::inactive_set:
      return "inactive_set";
    case Legality::Verdict::forbidden:
      return "forbidden";
  }
  return "legal";
}

SearchSpace::SearchSpace(std::vector<Hyperparameter> hyperparameters, std::vector<ChildCondition> conditions,
                         std::vector<ForbiddenClause> forbidden, std::string name)
    : name_(std::move(name)),
      hyperparameters_(std::move(hyperparameters)),
      conditions_(std::move(conditions)),
      forbidden_(std::move(forbidden)),
      conditions_of_(hyperparameters_.size()),
      parents_(hyperparameters_.size()) {
  for (std::size_t i = 0; i < size(); ++i) validate(hyperparameters_[i], place("hyperparameters", i));
  check_names(hyperparameters_);
  check_children(hyperparameters_, conditions_);
  for (std::size_t k = 0; k < forbidden_.size(); ++k) {
    check_forbidden(hyperparameters_, forbidden_[k], place("forbiddens", k));
  }

  for (std::size_t k = 0; k < conditions_.size(); ++k) {
    const std::size_t child = conditions_[k].child;
    conditions_of_[child].push_back(k);
    const std::vector<std::size_t> more = parents_of(conditions_[k].condition);
    parents_[child].insert(parents_[child].end(), more.begin(), more.end());
  }
  for (std::vector<std::size_t>& parents : parents_) {
    std::sort(parents.begin(), parents.end());
    parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
  }
  topological_order_ = detail::topological_order(parents_);
  if (topological_order_.size() < size()) {
    const std::vector<std::size_t> cycle = detail::find_cycle(parents_);
    std::string path;
    for (const std::size_t i : cycle) path += "\"" + hyperparameters_[i].name + "\" depends on ";
    throw InvalidInput(place("conditions", conditions_of_[cycle.front()].front()),
                       path + "\"" + hyperparameters_[cycle.front()].name + "\"; remove one of these conditions");
  }
  component_ = detail::connected_components(parents_);
  for (std::size_t i = 0; i < size(); ++i) {
    if (!hyperparameters_[i].is_constant()) searched_.push_back(i);
  }

  const Configuration defaults = default_configuration();
  for (std::size_t k = 0; k < forbidden_.size(); ++k) {
    if (is_forbidden_by(forbidden_[k], defaults)) {
      throw InvalidInput(place("forbiddens", k), "forbids the default configuration (" +
                                                     detail::text_of(forbidden_[k], hyperparameters_) +
                                                     "); change the clause or one of these defaults");
    }
  }
}

std::optional<std::size_t> SearchSpace::find(std::string_view name) const {
  const auto found = std::find_if(hyperparameters_.begin(), hyperparameters_.end(),
                                  [&](const Hyperparameter& hyperparameter) { return hyperparameter.name == name; });
  if (found == hyperparameters_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - hyperparameters_.begin());
}

std::size_t SearchSpace::index_of(std::string_view name) const {
  if (const std::optional<std::size_t> i = find(name)) return *i;
  std::vector<std::string_view> names;
  for (const Hyperparameter& hyperparameter : hyperparameters_) names.emplace_back(hyperparameter.name);
  throw InvalidInput(std::string(name), "is no hyperparameter of the space" + expected_name(name, names));
}

bool SearchSpace::is_active(std::size_t i, const Configuration& configuration) const {
  return std::all_of(conditions_of_[i].begin(), conditions_of_[i].end(),
                     [&](std::size_t k) { return holds(conditions_[k].condition, configuration); });
}

bool SearchSpace::is_forbidden(const Configuration& configuration) const {
  return std::any_of(forbidden_.begin(), forbidden_.end(),
                     [&](const ForbiddenClause& clause) { return is_forbidden_by(clause, configuration); });
}

Legality SearchSpace::check(const Configuration& configuration) const {
  using Verdict = Legality::Verdict;
  if (configuration.size() != size()) {
    return {Verdict::illegal_value, "has " + std::to_string(configuration.size()) + " entries in a space of " +
                                        std::to_string(size()) + " hyperparameters"};
  }
  for (std::size_t i = 0; i < size(); ++i) {
    if (configuration.is_set(i) && !hyperparameters_[i].is_legal_code(configuration[i])) {
      return {Verdict::illegal_value,
              "\"" + hyperparameters_[i].name + "\" is outside its domain; give " + hyperparameters_[i].describe()};
    }
  }
  for (const std::size_t i : topological_order_) {
    const bool active = is_active(i, configuration);
    if (active == configuration.is_set(i)) continue;
    const std::string& its_name = hyperparameters_[i].name;
    if (active) {
      return {Verdict::active_not_set,
              "\"" + its_name + "\" is active but not set; give " + hyperparameters_[i].describe()};
    }
    std::string unmet;
    for (const std::size_t k : conditions_of_[i]) {
      if (!holds(conditions_[k].condition, configuration))
        unmet = detail::text_of(conditions_[k].condition, hyperparameters_);
    }
    return {Verdict::inactive_set,
            "\"" + its_name + "\" is set but inactive, because this does not hold: " + unmet + "; leave it out"};
  }
  for (const ForbiddenClause& clause : forbidden_) {
    if (is_forbidden_by(clause, configuration)) {
      return {Verdict::forbidden, "the combination is forbidden: " + detail::text_of(clause, hyperparameters_)};
    }
  }
  return {};
}

Configuration SearchSpace::default_configuration() const {
  return build([&](std::size_t i) { return hyperparameters_[i].default_code; });
}

Eigen::VectorXd SearchSpace::encode(const Configuration& configuration) const {
  if (configuration.size() != size()) {
    throw InvalidInput("configuration", "has " + std::to_string(configuration.size()) + " entries in a space of " +
                                            std::to_string(size()) + " hyperparameters");
  }
  Eigen::VectorXd unit(static_cast<Eigen::Index>(size()));
  for (std::size_t i = 0; i < size(); ++i) {
    const Hyperparameter& hyperparameter = hyperparameters_[i];
    const double code = configuration.is_set(i) ? configuration[i] : hyperparameter.default_code;
    unit(static_cast<Eigen::Index>(i)) = hyperparameter.to_unit(code);
  }
  return unit;
}

Configuration SearchSpace::decode(const Eigen::Ref<const Eigen::VectorXd>& unit) const {
  if (static_cast<std::size_t>(unit.size()) != size()) {
    throw InvalidInput("unit", "has " + std::to_string(unit.size()) + " coordinates in a space of " +
                                   std::to_string(size()) + " hyperparameters");
  }
  return build([&](std::size_t i) { return hyperparameters_[i].from_unit(unit(static_cast<Eigen::Index>(i))); });
}

std::vector<std::optional<double>> SearchSpace::configspace_vector(const Configuration& configuration) const {
  const auto scaled = [](double x, double lower, double upper, bool log) {
    return log ? (std::log(x) - std::log(lower)) / (std::log(upper) - std::log(lower)) : (x - lower) / (upper - lower);
  };
  std::vector<std::optional<double>> vector(size());
  for (std::size_t i = 0; i < size(); ++i) {
    if (!configuration.is_set(i)) continue;
    const double code = configuration[i];
    const Domain& domain = hyperparameters_[i].domain;
    if (const auto* real = std::get_if<FloatDomain>(&domain)) {
      vector[i] = scaled(code, real->lower, real->upper, real->log);
    } else if (const auto* integer = std::get_if<IntegerDomain>(&domain)) {
      vector[i] = scaled(code, static_cast<double>(integer->lower), static_cast<double>(integer->upper), integer->log);
    } else if (const auto* quantised = std::get_if<QuantisedDomain>(&domain)) {
      vector[i] = scaled(quantised->value(code), quantised->lower, quantised->upper, quantised->log);
    } else {
      vector[i] = std::holds_alternative<ConstantDomain>(domain) ? 1 : code;
    }
  }
  return vector;
}

nlohmann::ordered_json SearchSpace::to_json(const Configuration& configuration) const {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  // Names are known to differ, so the linear search of ordered_json's operator[] is skipped.
  auto& members = json.get_ref<nlohmann::ordered_json::object_t&>();
  for (std::size_t i = 0; i < size(); ++i) {
    if (configuration.is_set(i)) {
      members.push_back({hyperparameters_[i].name, hyperego::to_json(hyperparameters_[i].value_of(configuration[i]))});
    }
  }
  return json;
}

Configuration SearchSpace::configuration_from_json(const nlohmann::ordered_json& json, const std::string& where) const {
  if (!json.is_object()) {
    throw InvalidInput(where, std::string("expected an object {\"name\": value, …}, found ") + json.type_name());
  }
  Configuration configuration(size());
  detail::MemberIndex index(hyperparameters_);
  for (const auto& [key, member] : json.items()) {
    const std::string its_place = where + "/" + key;
    const std::optional<std::size_t> i = index.find(key);
    if (!i) {
      std::vector<std::string_view> names;
      for (const Hyperparameter& hyperparameter : hyperparameters_) names.emplace_back(hyperparameter.name);
      throw InvalidInput(its_place, "is no hyperparameter of the space" + expected_name(key, names));
    }
    const std::optional<double> code = hyperparameters_[*i].code_of(any_value_from_json(member));
    if (!code && member.is_null()) throw InvalidInput(its_place, "is null; leave inactive hyperparameters out");
    if (!code) {
      throw InvalidInput(its_place, member.dump() + " is outside the domain; give " + hyperparameters_[*i].describe());
    }
    configuration.set(*i, *code);
  }
  return configuration;
}

Configuration SearchSpace::legal_configuration_from_json(const nlohmann::ordered_json& json,
                                                         const std::string& where) const {
  Configuration configuration = configuration_from_json(json, where);
  const Legality legality = check(configuration);
  if (!legality) throw InvalidInput(where, legality.reason);
  return configuration;
}

}  // namespace hyperego
