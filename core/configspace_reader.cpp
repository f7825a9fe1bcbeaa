#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/detail/configspace_forbidden.hpp>
#include <hyperego/core/detail/configspace_names.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace hyperego {
namespace {

using detail::check_members;
using Names = detail::ConfigSpaceNames;
using PassedOver = std::vector<std::string>;

// ---- Hyperparameters

std::vector<Value> values_at(const JsonReader& reader) {
  std::vector<Value> values;
  for (const JsonReader& element : reader.elements()) values.push_back(any_value_from_json(element.json()));
  return values;
}

/// One of two names for the same member.
std::optional<JsonReader> either(const JsonReader& reader, std::string_view name, std::string_view synonym) {
  auto first = reader.find(name);
  auto second = reader.find(synonym);
  if (first && second) {
    second->fail("says the same as \"" + std::string(name) + "\"; remove one of them");
  }
  return first ? first : second;
}

JsonReader bound(const JsonReader& reader, std::string_view name) {
  const auto found = reader.find(name);
  if (!found) {
    reader.fail("has no \"" + std::string(name) +
                "\"; hyperego searches bounded ranges only, so add \"lower\" and \"upper\"");
  }
  return *found;
}

double positive(const JsonReader& reader) {
  const double number = reader.number();
  if (!(number > 0)) reader.fail("must be above 0");
  return number;
}

std::optional<Prior> prior_of(const JsonReader& reader, std::string_view type) {
  if (type.starts_with("normal")) {
    return Prior{Prior::Kind::normal, reader.member("mu").number(), positive(reader.member("sigma"))};
  }
  if (type.starts_with("beta")) {
    return Prior{Prior::Kind::beta, positive(reader.member("alpha")), positive(reader.member("beta"))};
  }
  return std::nullopt;
}

void check_numerical_members(const JsonReader& reader, std::string_view type, PassedOver* passed_over) {
  if (type.starts_with("normal")) {
    check_members(reader,
                  {"name", "type", "lower", "upper", "log", "default", "default_value", "q", "meta", "mu", "sigma"},
                  passed_over);
  } else if (type.starts_with("beta")) {
    check_members(reader,
                  {"name", "type", "lower", "upper", "log", "default", "default_value", "q", "meta", "alpha", "beta"},
                  passed_over);
  } else {
    check_members(reader, {"name", "type", "lower", "upper", "log", "default", "default_value", "q", "meta"},
                  passed_over);
  }
}

Domain numerical_domain(const JsonReader& reader, std::string_view type) {
  const JsonReader lower = bound(reader, "lower");
  const JsonReader upper = bound(reader, "upper");
  const bool log = reader.boolean_or("log", false);
  const auto quantum = reader.find("q");
  if (type.ends_with("_int")) {
    const IntegerDomain whole{lower.integer(), upper.integer(), log};
    if (!quantum || quantum->number() <= 1) {
      if (quantum) (void)positive(*quantum);
      return whole;
    }
    return QuantisedDomain{static_cast<double>(whole.lower), static_cast<double>(whole.upper),
                           static_cast<double>(quantum->integer()), log, true};
  }
  if (quantum) return QuantisedDomain{lower.number(), upper.number(), positive(*quantum), log, false};
  return FloatDomain{lower.number(), upper.number(), log};
}

Domain domain_of(const JsonReader& reader, std::string_view type, PassedOver* passed_over) {
  if (type == "categorical") {
    check_members(reader, {"name", "type", "choices", "weights", "probabilities", "default", "default_value", "meta"},
                  passed_over);
    const auto weights = either(reader, "weights", "probabilities");
    return CategoricalDomain{values_at(reader.member("choices")), weights ? weights->numbers() : std::vector<double>{}};
  }
  if (type == "ordinal") {
    check_members(reader, {"name", "type", "sequence", "default", "default_value", "meta"}, passed_over);
    return OrdinalDomain{values_at(reader.member("sequence"))};
  }
  if (type == "constant" || type == "unparametrized") {
    check_members(reader, {"name", "type", "value", "default", "default_value", "meta"}, passed_over);
    return ConstantDomain{any_value_from_json(reader.member("value").json())};
  }
  check_numerical_members(reader, type, passed_over);
  return numerical_domain(reader, type);
}

/// The default that a maker of core/hyperparameter.hpp would choose.
double usual_default(const Hyperparameter& hyperparameter) {
  const auto* categorical = std::get_if<CategoricalDomain>(&hyperparameter.domain);
  if (categorical == nullptr) return hyperparameter.from_unit(0.5);
  return make_categorical(hyperparameter.name, categorical->choices, std::nullopt, categorical->weights).default_code;
}

/// A default between two values of a quantised number is the nearest, as it is for ConfigSpace's default configuration.
double given_default(const JsonReader& reader, const Hyperparameter& hyperparameter) {
  const auto* quantised = std::get_if<QuantisedDomain>(&hyperparameter.domain);
  if (quantised != nullptr && reader.is_number() && reader.number() >= quantised->lower &&
      reader.number() <= quantised->upper) {
    return quantised->nearest(reader.number());
  }
  const std::optional<double> code = hyperparameter.code_of(any_value_from_json(reader.json()));
  if (!code) detail::fail_outside_domain(reader, hyperparameter);
  return *code;
}

/// What the file gives as the default. null is one where it is a choice, and none elsewhere.
std::optional<JsonReader> default_in(const JsonReader& reader, const Hyperparameter& hyperparameter) {
  if (auto given = either(reader, "default_value", "default")) return given;
  for (const char* name : {"default_value", "default"}) {
    if (!reader.json().contains(name)) continue;
    const JsonReader null = reader.member(name);
    if (hyperparameter.code_of(any_value_from_json(null.json()))) return null;
  }
  return std::nullopt;
}

Hyperparameter read_hyperparameter(const JsonReader& reader, PassedOver* passed_over) {
  const std::string type =
      reader.member("type").word({"uniform_float", "uniform_int", "normal_float", "normal_int", "beta_float",
                                  "beta_int", "categorical", "ordinal", "constant", "unparametrized"});
  Hyperparameter hyperparameter{.name = reader.member("name").string(), .domain = domain_of(reader, type, passed_over)};
  hyperparameter.prior = prior_of(reader, type);
  if (const auto meta = reader.find("meta"))
    hyperparameter.meta = std::make_shared<nlohmann::ordered_json>(meta->json());

  validate_domain(hyperparameter, reader.where());
  const auto given = default_in(reader, hyperparameter);
  hyperparameter.default_code = given ? given_default(*given, hyperparameter) : usual_default(hyperparameter);
  return hyperparameter;
}

// ---- Conditions

Condition read_condition(const JsonReader& reader, const Names& names, std::size_t child, PassedOver* passed_over);

std::vector<Condition> read_terms(const JsonReader& reader, const Names& names, std::size_t child,
                                  PassedOver* passed_over) {
  check_members(reader, {"type", "child", "conditions"}, passed_over);
  std::vector<Condition> terms;
  for (const JsonReader& term : reader.member("conditions").elements()) {
    if (const auto inner = term.find("child"); inner && names.index_at(*inner) != child) {
      inner->fail("differs from the child of the whole condition; write one condition per child");
    }
    terms.push_back(read_condition(term, names, child, passed_over));
  }
  if (terms.empty()) reader.member("conditions").fail("is empty; give at least one condition");
  return terms;
}

Comparison read_comparison(const JsonReader& reader, const Names& names, std::string_view type,
                           PassedOver* passed_over) {
  using Relation = Comparison::Relation;
  Comparison comparison;
  comparison.parent = names.index_at(reader.member("parent"));
  if (type == "IN") {
    check_members(reader, {"type", "child", "parent", "values"}, passed_over);
    comparison.relation = Relation::in;
    comparison.codes = names.codes_at(reader.member("values"), comparison.parent);
    return comparison;
  }
  check_members(reader, {"type", "child", "parent", "value"}, passed_over);
  comparison.relation = type == "EQ"    ? Relation::equals
                        : type == "NEQ" ? Relation::not_equals
                        : type == "LT"  ? Relation::less
                                        : Relation::greater;
  const bool is_order = type == "LT" || type == "GT";
  const JsonReader value = reader.member("value");
  comparison.codes = {is_order ? names.ordered_code_at(value, comparison.parent, type == "LT")
                               : names.code_at(value, comparison.parent)};
  return comparison;
}

Condition read_condition(const JsonReader& reader, const Names& names, std::size_t child, PassedOver* passed_over) {
  const std::string type = reader.member("type").word({"EQ", "NEQ", "IN", "LT", "GT", "AND", "OR"});
  if (type == "AND") return Conjunction{read_terms(reader, names, child, passed_over)};
  if (type == "OR") return Disjunction{read_terms(reader, names, child, passed_over)};
  return read_comparison(reader, names, type, passed_over);
}

/// SearchSpace names places inside the space; this puts the file in front.
SearchSpace build(std::vector<Hyperparameter> hyperparameters, std::vector<SearchSpace::ChildCondition> conditions,
                  std::vector<ForbiddenClause> forbidden, std::string name, const std::string& where) {
  try {
    return SearchSpace(std::move(hyperparameters), std::move(conditions), std::move(forbidden), std::move(name));
  } catch (const InvalidInput& error) {
    const std::string message = error.what();
    throw InvalidInput(where + "/" + error.where(),
                       message.substr(error.where().size() + std::string_view(": ").size()));
  }
}

}  // namespace

SearchSpace space_from_configspace_json(const nlohmann::ordered_json& json, const std::string& where,
                                        std::vector<std::string>* passed_over) {
  const JsonReader reader(json, where);
  check_members(reader,
                {"name", "hyperparameters", "conditions", "forbiddens", "python_module_version", "json_format_version",
                 "format_version"},
                passed_over);
  std::vector<Hyperparameter> hyperparameters;
  for (const JsonReader& element : reader.member("hyperparameters").elements()) {
    hyperparameters.push_back(read_hyperparameter(element, passed_over));
  }
  const Names names(hyperparameters);
  std::vector<SearchSpace::ChildCondition> conditions;
  if (const auto list = reader.find("conditions")) {
    for (const JsonReader& element : list->elements()) {
      const std::size_t child = names.index_at(element.member("child"));
      conditions.push_back({child, read_condition(element, names, child, passed_over)});
    }
  }
  std::vector<ForbiddenClause> forbidden;
  if (const auto list = reader.find("forbiddens")) {
    for (const JsonReader& element : list->elements()) {
      for (ForbiddenClause& clause : detail::read_forbidden(element, names, passed_over)) {
        forbidden.push_back(std::move(clause));
      }
    }
  }
  return build(std::move(hyperparameters), std::move(conditions), std::move(forbidden), reader.string_or("name", {}),
               where);
}

std::string remark_on(const std::vector<std::string>& passed_over) {
  std::string names;
  for (std::size_t i = 0; i < passed_over.size(); ++i) {
    names += (i == 0                        ? ""
              : i + 1 == passed_over.size() ? " and "
                                            : ", ") +
             nlohmann::ordered_json(passed_over[i]).dump();
  }
  if (names.empty()) return {};
  return names + (passed_over.size() == 1 ? " is" : " are") + " no part of a space and passed over";
}

SearchSpace read_configspace_file(const std::filesystem::path& file, std::vector<std::string>* passed_over) {
  return space_from_configspace_json(read_json_file(file), file.string(), passed_over);
}

}  // namespace hyperego
