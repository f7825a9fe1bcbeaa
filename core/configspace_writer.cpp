#include <hyperego/core/configspace_json.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

ordered_json values_json(const std::vector<Value>& values) {
  ordered_json json = ordered_json::array();
  for (const Value& value : values) json.push_back(to_json(value));
  return json;
}

ordered_json values_json(const Hyperparameter& hyperparameter, const std::vector<double>& codes) {
  ordered_json json = ordered_json::array();
  for (const double code : codes) json.push_back(to_json(hyperparameter.value_of(code)));
  return json;
}

void write_range(ordered_json& json, const Hyperparameter& hyperparameter, const auto& range, const char* suffix) {
  std::string type = "uniform";
  if (hyperparameter.prior) type = hyperparameter.prior->kind == Prior::Kind::normal ? "normal" : "beta";
  json["type"] = type + suffix;
  json["name"] = hyperparameter.name;
  if (hyperparameter.prior) {
    const bool normal = hyperparameter.prior->kind == Prior::Kind::normal;
    json[normal ? "mu" : "alpha"] = hyperparameter.prior->first;
    json[normal ? "sigma" : "beta"] = hyperparameter.prior->second;
  }
  json["lower"] = range.lower;
  json["upper"] = range.upper;
  json["log"] = range.log;
}

void write_quantised(ordered_json& json, const Hyperparameter& hyperparameter, const QuantisedDomain& domain) {
  if (domain.whole) {
    const auto whole = [](double x) { return static_cast<std::int64_t>(x); };
    write_range(json, hyperparameter, IntegerDomain{whole(domain.lower), whole(domain.upper), domain.log}, "_int");
    json["q"] = whole(domain.q);
  } else {
    write_range(json, hyperparameter, FloatDomain{domain.lower, domain.upper, domain.log}, "_float");
    json["q"] = domain.q;
  }
}

void write_domain(ordered_json& json, const Hyperparameter& hyperparameter) {
  if (const auto* real = std::get_if<FloatDomain>(&hyperparameter.domain)) {
    write_range(json, hyperparameter, *real, "_float");
  } else if (const auto* integer = std::get_if<IntegerDomain>(&hyperparameter.domain)) {
    write_range(json, hyperparameter, *integer, "_int");
  } else if (const auto* quantised = std::get_if<QuantisedDomain>(&hyperparameter.domain)) {
    write_quantised(json, hyperparameter, *quantised);
  } else if (const auto* ordinal = std::get_if<OrdinalDomain>(&hyperparameter.domain)) {
    json["type"] = "ordinal";
    json["name"] = hyperparameter.name;
    json["sequence"] = values_json(ordinal->sequence);
  } else if (const auto* categorical = std::get_if<CategoricalDomain>(&hyperparameter.domain)) {
    json["type"] = "categorical";
    json["name"] = hyperparameter.name;
    json["choices"] = values_json(categorical->choices);
    json["weights"] = categorical->weights.empty() ? ordered_json(nullptr) : ordered_json(categorical->weights);
  } else {
    json["type"] = "constant";
    json["name"] = hyperparameter.name;
    json["value"] = to_json(std::get<ConstantDomain>(hyperparameter.domain).value);
  }
}

ordered_json hyperparameter_json(const Hyperparameter& hyperparameter, ConfigSpaceDialect dialect) {
  const bool current = dialect == ConfigSpaceDialect::current;
  ordered_json json;
  write_domain(json, hyperparameter);
  const bool has_q = json.contains("q");
  if (!current && hyperparameter.is_numeric() && !has_q) json["q"] = nullptr;  // old readers look for it
  if (!std::holds_alternative<ConstantDomain>(hyperparameter.domain)) {
    json[current ? "default_value" : "default"] = to_json(hyperparameter.value_of(hyperparameter.default_code));
  }
  if (hyperparameter.meta) {
    json["meta"] = *hyperparameter.meta;
  } else if (current) {
    json["meta"] = nullptr;
  }
  return json;
}

const char* type_of(Comparison::Relation relation) {
  switch (relation) {
    case Comparison::Relation::equals:
      return "EQ";
    case Comparison::Relation::not_equals:
      return "NEQ";
    case Comparison::Relation::in:
      return "IN";
    case Comparison::Relation::less:
      return "LT";
    case Comparison::Relation::greater:
      return "GT";
  }
  return "EQ";
}

ordered_json condition_json(const SearchSpace& space, std::size_t child, const Condition& condition) {
  ordered_json json;
  if (const auto* comparison = std::get_if<Comparison>(&condition)) {
    const Hyperparameter& parent = space[comparison->parent];
    json["type"] = type_of(comparison->relation);
    json["child"] = space[child].name;
    json["parent"] = parent.name;
    if (comparison->relation == Comparison::Relation::in) {
      json["values"] = values_json(parent, comparison->codes);
    } else {
      json["value"] = to_json(parent.value_of(comparison->codes.front()));
    }
    return json;
  }
  const auto* all = std::get_if<Conjunction>(&condition);
  json["type"] = all != nullptr ? "AND" : "OR";
  json["child"] = space[child].name;
  ordered_json& terms = json["conditions"] = ordered_json::array();
  for (const Condition& term : all != nullptr ? all->terms : std::get<Disjunction>(condition).terms) {
    terms.push_back(condition_json(space, child, term));
  }
  return json;
}

const char* type_of(ForbiddenClause::Term::Relation relation, bool between_two) {
  using Relation = ForbiddenClause::Term::Relation;
  switch (relation) {
    case Relation::less:
      return between_two ? "RELATION_LT" : "CLAUSE_LT";
    case Relation::less_equal:
      return between_two ? "RELATION_LE" : "CLAUSE_LE";
    case Relation::greater_equal:
      return between_two ? "RELATION_GE" : "CLAUSE_GE";
    case Relation::greater:
      return between_two ? "RELATION_GT" : "CLAUSE_GT";
    case Relation::one_of:
    case Relation::equal:
      break;
  }
  return between_two ? "RELATION_EQ" : "EQUALS";
}

const char* legacy_lambda(ForbiddenClause::Term::Relation relation) {
  using Relation = ForbiddenClause::Term::Relation;
  switch (relation) {
    case Relation::less:
      return "LESS";
    case Relation::less_equal:
      return "LESSEQUAL";
    case Relation::greater_equal:
      return "GREATEREQUAL";
    case Relation::greater:
      return "GREATER";
    case Relation::one_of:
    case Relation::equal:
      break;
  }
  return "EQUALS";
}

ordered_json relation_json(const SearchSpace& space, const ForbiddenClause::Term& term, ConfigSpaceDialect dialect) {
  const bool legacy = dialect == ConfigSpaceDialect::legacy;
  ordered_json json;
  json["type"] = legacy ? "RELATION" : type_of(term.relation, true);
  json["left"] = space[term.hyperparameter].name;
  json["right"] = space[*term.other].name;
  if (legacy) json["lambda"] = legacy_lambda(term.relation);
  return json;
}

ordered_json term_json(const SearchSpace& space, const ForbiddenClause::Term& term, ConfigSpaceDialect dialect) {
  if (term.other) return relation_json(space, term, dialect);
  const Hyperparameter& hyperparameter = space[term.hyperparameter];
  const bool as_in = term.written_as_in || term.codes.size() > 1;
  ordered_json json;
  json["type"] = as_in ? "IN" : type_of(term.relation, false);
  json["name"] = hyperparameter.name;
  if (as_in) {
    json["values"] = values_json(hyperparameter, term.codes);
  } else {
    json["value"] = to_json(hyperparameter.value_of(term.codes.front()));
  }
  return json;
}

ordered_json clause_json(const SearchSpace& space, const ForbiddenClause& clause, ConfigSpaceDialect dialect) {
  if (clause.terms.size() == 1 && !clause.written_as_and) return term_json(space, clause.terms.front(), dialect);
  ordered_json json;
  json["type"] = "AND";
  if (dialect == ConfigSpaceDialect::legacy) json["name"] = space[clause.terms.front().hyperparameter].name;
  ordered_json& terms = json["clauses"] = ordered_json::array();
  for (const ForbiddenClause::Term& term : clause.terms) terms.push_back(term_json(space, term, dialect));
  return json;
}

}  // namespace

nlohmann::ordered_json to_configspace_json(const SearchSpace& space, ConfigSpaceDialect dialect) {
  ordered_json json;
  if (!space.name().empty()) json["name"] = space.name();
  ordered_json& hyperparameters = json["hyperparameters"] = ordered_json::array();
  for (const Hyperparameter& hyperparameter : space.hyperparameters()) {
    hyperparameters.push_back(hyperparameter_json(hyperparameter, dialect));
  }
  ordered_json& conditions = json["conditions"] = ordered_json::array();
  for (const auto& [child, condition] : space.conditions())
    conditions.push_back(condition_json(space, child, condition));
  ordered_json& forbiddens = json["forbiddens"] = ordered_json::array();
  for (const ForbiddenClause& clause : space.forbidden_clauses())
    forbiddens.push_back(clause_json(space, clause, dialect));
  constexpr double format = 0.4;
  json[dialect == ConfigSpaceDialect::current ? "format_version" : "json_format_version"] = format;
  return json;
}

}  // namespace hyperego
