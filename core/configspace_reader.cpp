#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace hyperego {
namespace {

/// The hyperparameters read so far, by name.
class Names {
 public:
  explicit Names(const std::vector<Hyperparameter>& hyperparameters) : hyperparameters_(hyperparameters) {}

  [[nodiscard]] std::size_t index_at(const JsonReader& reader) const {
    const std::string& name = reader.string();
    std::vector<std::string_view> known;
    for (std::size_t i = 0; i < hyperparameters_.size(); ++i) {
      if (hyperparameters_[i].name == name) return i;
      known.emplace_back(hyperparameters_[i].name);
    }
    reader.fail("\"" + name + "\" is no hyperparameter of the space" + expected_name(name, known));
  }

  [[nodiscard]] double code_at(const JsonReader& reader, std::size_t i) const {
    const Hyperparameter& hyperparameter = hyperparameters_[i];
    const std::optional<double> code = hyperparameter.code_of(value_from_json(reader.json(), reader.where()));
    if (!code) {
      reader.fail(reader.json().dump() + " is outside the domain of \"" + hyperparameter.name + "\"; give " +
                  hyperparameter.describe());
    }
    return *code;
  }

  [[nodiscard]] std::vector<double> codes_at(const JsonReader& reader, std::size_t i) const {
    std::vector<double> codes;
    for (const JsonReader& element : reader.elements()) codes.push_back(code_at(element, i));
    if (codes.empty()) reader.fail("is empty; give at least one value of \"" + hyperparameters_[i].name + "\"");
    return codes;
  }

 private:
  const std::vector<Hyperparameter>& hyperparameters_;
};

// ---- Hyperparameters

std::vector<Value> values_at(const JsonReader& reader) {
  std::vector<Value> values;
  for (const JsonReader& element : reader.elements())
    values.push_back(value_from_json(element.json(), element.where()));
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

void allow_numerical_members(const JsonReader& reader, std::string_view type) {
  if (type.starts_with("normal")) {
    reader.allow_members(
        {"name", "type", "lower", "upper", "log", "default", "default_value", "q", "meta", "mu", "sigma"});
  } else if (type.starts_with("beta")) {
    reader.allow_members(
        {"name", "type", "lower", "upper", "log", "default", "default_value", "q", "meta", "alpha", "beta"});
  } else {
    reader.allow_members({"name", "type", "lower", "upper", "log", "default", "default_value", "q", "meta"});
  }
  if (const auto quantum = reader.find("q")) {
    quantum->fail("quantised hyperparameters are not supported; use an integer or an ordinal, or remove \"q\"");
  }
}

Domain numerical_domain(const JsonReader& reader, std::string_view type) {
  allow_numerical_members(reader, type);
  const JsonReader lower = bound(reader, "lower");
  const JsonReader upper = bound(reader, "upper");
  const bool log = reader.boolean_or("log", false);
  if (type.ends_with("_int")) return IntegerDomain{lower.integer(), upper.integer(), log};
  return FloatDomain{lower.number(), upper.number(), log};
}

Domain domain_of(const JsonReader& reader, std::string_view type) {
  if (type == "categorical") {
    reader.allow_members({"name", "type", "choices", "weights", "probabilities", "default", "default_value", "meta"});
    const auto weights = either(reader, "weights", "probabilities");
    return CategoricalDomain{values_at(reader.member("choices")), weights ? weights->numbers() : std::vector<double>{}};
  }
  if (type == "ordinal") {
    reader.allow_members({"name", "type", "sequence", "default", "default_value", "meta"});
    return OrdinalDomain{values_at(reader.member("sequence"))};
  }
  if (type == "constant" || type == "unparametrized") {
    reader.allow_members({"name", "type", "value", "meta"});
    const JsonReader value = reader.member("value");
    return ConstantDomain{value_from_json(value.json(), value.where())};
  }
  return numerical_domain(reader, type);
}

/// The default that a maker of core/hyperparameter.hpp would choose.
double usual_default(const Hyperparameter& hyperparameter) {
  const auto* categorical = std::get_if<CategoricalDomain>(&hyperparameter.domain);
  if (categorical == nullptr) return hyperparameter.from_unit(0.5);
  return make_categorical(hyperparameter.name, categorical->choices, std::nullopt, categorical->weights).default_code;
}

Hyperparameter read_hyperparameter(const JsonReader& reader) {
  const std::string type =
      reader.member("type").word({"uniform_float", "uniform_int", "normal_float", "normal_int", "beta_float",
                                  "beta_int", "categorical", "ordinal", "constant", "unparametrized"});
  Hyperparameter hyperparameter{.name = reader.member("name").string(), .domain = domain_of(reader, type)};
  hyperparameter.prior = prior_of(reader, type);
  if (const auto meta = reader.find("meta"))
    hyperparameter.meta = std::make_shared<nlohmann::ordered_json>(meta->json());

  validate_domain(hyperparameter, reader.where());
  const auto given = either(reader, "default_value", "default");
  hyperparameter.default_code = given ? Names({hyperparameter}).code_at(*given, 0) : usual_default(hyperparameter);
  return hyperparameter;
}

// ---- Conditions

Condition read_condition(const JsonReader& reader, const Names& names, std::size_t child);

std::vector<Condition> read_terms(const JsonReader& reader, const Names& names, std::size_t child) {
  reader.allow_members({"type", "child", "conditions"});
  std::vector<Condition> terms;
  for (const JsonReader& term : reader.member("conditions").elements()) {
    if (const auto inner = term.find("child"); inner && names.index_at(*inner) != child) {
      inner->fail("differs from the child of the whole condition; write one condition per child");
    }
    terms.push_back(read_condition(term, names, child));
  }
  if (terms.empty()) reader.member("conditions").fail("is empty; give at least one condition");
  return terms;
}

Comparison read_comparison(const JsonReader& reader, const Names& names, std::string_view type) {
  using Relation = Comparison::Relation;
  Comparison comparison;
  comparison.parent = names.index_at(reader.member("parent"));
  if (type == "IN") {
    reader.allow_members({"type", "child", "parent", "values"});
    comparison.relation = Relation::in;
    comparison.codes = names.codes_at(reader.member("values"), comparison.parent);
    return comparison;
  }
  reader.allow_members({"type", "child", "parent", "value"});
  comparison.relation = type == "EQ"    ? Relation::equals
                        : type == "NEQ" ? Relation::not_equals
                        : type == "LT"  ? Relation::less
                                        : Relation::greater;
  comparison.codes = {names.code_at(reader.member("value"), comparison.parent)};
  return comparison;
}

Condition read_condition(const JsonReader& reader, const Names& names, std::size_t child) {
  const std::string type = reader.member("type").word({"EQ", "NEQ", "IN", "LT", "GT", "AND", "OR"});
  if (type == "AND") return Conjunction{read_terms(reader, names, child)};
  if (type == "OR") return Disjunction{read_terms(reader, names, child)};
  return read_comparison(reader, names, type);
}

// ---- Forbidden clauses

void add_terms(const JsonReader& reader, const Names& names, ForbiddenClause& clause) {
  const std::string type = reader.member("type").string();
  if (type.starts_with("RELATION") || type == "LESS" || type == "GREATER") {
    reader.fail(
        "forbidden relations between two hyperparameters are not supported; forbid values with EQUALS, IN and AND "
        "instead");
  }
  (void)reader.member("type").word({"EQUALS", "IN", "AND"});
  if (type == "AND") {
    reader.allow_members({"type", "name", "clauses"});  // old writers name the first hyperparameter here as well
    clause.written_as_and = true;
    const JsonReader clauses = reader.member("clauses");
    for (const JsonReader& term : clauses.elements()) add_terms(term, names, clause);
    if (clause.terms.empty()) clauses.fail("is empty and would forbid everything; give at least one clause");
    return;
  }
  ForbiddenClause::Term term;
  term.hyperparameter = names.index_at(reader.member("name"));
  term.written_as_in = type == "IN";
  if (term.written_as_in) {
    reader.allow_members({"type", "name", "values"});
    term.codes = names.codes_at(reader.member("values"), term.hyperparameter);
  } else {
    reader.allow_members({"type", "name", "value"});
    term.codes = {names.code_at(reader.member("value"), term.hyperparameter)};
  }
  clause.terms.push_back(std::move(term));
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

SearchSpace space_from_configspace_json(const nlohmann::ordered_json& json, const std::string& where) {
  const JsonReader reader(json, where);
  reader.allow_members({"name", "hyperparameters", "conditions", "forbiddens", "python_module_version",
                        "json_format_version", "format_version"});
  std::vector<Hyperparameter> hyperparameters;
  for (const JsonReader& element : reader.member("hyperparameters").elements()) {
    hyperparameters.push_back(read_hyperparameter(element));
  }
  const Names names(hyperparameters);
  std::vector<SearchSpace::ChildCondition> conditions;
  if (const auto list = reader.find("conditions")) {
    for (const JsonReader& element : list->elements()) {
      const std::size_t child = names.index_at(element.member("child"));
      conditions.push_back({child, read_condition(element, names, child)});
    }
  }
  std::vector<ForbiddenClause> forbidden;
  if (const auto list = reader.find("forbiddens")) {
    for (const JsonReader& element : list->elements()) add_terms(element, names, forbidden.emplace_back());
  }
  return build(std::move(hyperparameters), std::move(conditions), std::move(forbidden), reader.string_or("name", {}),
               where);
}

SearchSpace read_configspace_file(const std::filesystem::path& file) {
  return space_from_configspace_json(read_json_file(file), file.string());
}

}  // namespace hyperego
