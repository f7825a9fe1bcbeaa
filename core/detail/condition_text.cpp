#include <hyperego/core/detail/condition_text.hpp>

#include <nlohmann/json.hpp>

namespace hyperego::detail {
namespace {

std::string text_of(const Hyperparameter& hyperparameter, const std::vector<double>& codes, bool as_list) {
  std::string text;
  for (const double code : codes) text += (text.empty() ? "" : ", ") + to_json(hyperparameter.value_of(code)).dump();
  return as_list ? "{" + text + "}" : text;
}

const char* sign_of(Comparison::Relation relation) {
  switch (relation) {
    case Comparison::Relation::equals:
      return " == ";
    case Comparison::Relation::not_equals:
      return " != ";
    case Comparison::Relation::in:
      return " in ";
    case Comparison::Relation::less:
      return " < ";
    case Comparison::Relation::greater:
      return " > ";
  }
  return " ? ";
}

const char* sign_of(ForbiddenClause::Term::Relation relation) {
  using Relation = ForbiddenClause::Term::Relation;
  switch (relation) {
    case Relation::one_of:
      return " in ";
    case Relation::less:
      return " < ";
    case Relation::less_equal:
      return " <= ";
    case Relation::equal:
      return " == ";
    case Relation::greater_equal:
      return " >= ";
    case Relation::greater:
      return " > ";
  }
  return " ? ";
}

std::string text_of(const ForbiddenClause::Term& term, const std::vector<Hyperparameter>& hyperparameters) {
  const Hyperparameter& hyperparameter = hyperparameters[term.hyperparameter];
  if (term.relation == ForbiddenClause::Term::Relation::one_of) {
    const bool as_list = term.written_as_in || term.codes.size() > 1;
    return hyperparameter.name + (as_list ? " in " : " == ") + text_of(hyperparameter, term.codes, as_list);
  }
  return hyperparameter.name + sign_of(term.relation) +
         (term.other ? hyperparameters[*term.other].name : text_of(hyperparameter, term.codes, false));
}

}  // namespace

std::string text_of(const Condition& condition, const std::vector<Hyperparameter>& hyperparameters) {
  if (const auto* comparison = std::get_if<Comparison>(&condition)) {
    const Hyperparameter& parent = hyperparameters[comparison->parent];
    return parent.name + sign_of(comparison->relation) +
           text_of(parent, comparison->codes, comparison->relation == Comparison::Relation::in);
  }
  const auto* all = std::get_if<Conjunction>(&condition);
  std::string text;
  for (const Condition& term : all != nullptr ? all->terms : std::get<Disjunction>(condition).terms) {
    const std::string part = text_of(term, hyperparameters);
    text += (text.empty()     ? ""
             : all != nullptr ? " and "
                              : " or ") +
            (std::holds_alternative<Comparison>(term) ? part : "(" + part + ")");
  }
  return text;
}

std::string text_of(const ForbiddenClause& clause, const std::vector<Hyperparameter>& hyperparameters) {
  std::string text;
  for (const ForbiddenClause::Term& term : clause.terms) {
    text += (text.empty() ? "" : " and ") + text_of(term, hyperparameters);
  }
  return text;
}

}  // namespace hyperego::detail
