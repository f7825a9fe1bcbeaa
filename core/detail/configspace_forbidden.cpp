#include <hyperego/core/detail/configspace_forbidden.hpp>

#include <optional>
#include <string_view>
#include <utility>

namespace hyperego::detail {
namespace {

using Term = ForbiddenClause::Term;
using Relation = Term::Relation;

constexpr std::size_t most_clauses = 10000;  // of one entry, multiplied out

/// "LT", "LESS", …: what ConfigSpace's versions call the relations, and the "GREATEQUAL" that other programs write.
Relation relation_of(std::string_view word) {
  if (word == "LT" || word == "LESS") return Relation::less;
  if (word == "LE" || word == "LESSEQUAL") return Relation::less_equal;
  if (word == "EQ" || word == "EQUALS" || word == "EQUAL") return Relation::equal;
  if (word == "GE" || word == "GREATEREQUAL" || word == "GREATEQUAL") return Relation::greater_equal;
  return Relation::greater;
}

Relation relation_at(const JsonReader& reader, const std::string& type) {
  if (type != "RELATION") return relation_of(std::string_view(type).substr(std::string_view("RELATION_").size()));
  return relation_of(reader.member("lambda").word(
      {"LESS", "LESSEQUAL", "EQUALS", "GREATEREQUAL", "GREATER", "LT", "LE", "EQ", "GE", "GT", "EQUAL", "GREATEQUAL"}));
}

Term read_relation(const JsonReader& reader, const std::string& type, const ConfigSpaceNames& names,
                   std::vector<std::string>* passed_over) {
  check_members(reader, {"type", "left", "right", "lambda"}, passed_over);
  Term term;
  term.hyperparameter = names.index_at(reader.member("left"));
  term.other = names.index_at(reader.member("right"));
  term.relation = relation_at(reader, type);
  return term;
}

Term read_value_term(const JsonReader& reader, const std::string& type, const ConfigSpaceNames& names,
                     std::vector<std::string>* passed_over) {
  Term term;
  term.hyperparameter = names.index_at(reader.member("name"));
  term.written_as_in = type == "IN";
  if (term.written_as_in) {
    check_members(reader, {"type", "name", "values"}, passed_over);
    term.codes = names.codes_at(reader.member("values"), term.hyperparameter);
    return term;
  }
  check_members(reader, {"type", "name", "value"}, passed_over);
  const JsonReader value = reader.member("value");
  if (type == "EQUALS") {
    term.codes = {names.code_at(value, term.hyperparameter)};
    return term;
  }
  const bool short_name = type.starts_with("CLAUSE_");
  term.relation = relation_of(short_name ? std::string_view(type).substr(std::string_view("CLAUSE_").size()) : type);
  // Between two values of a quantised number "less" looks from above, "less or equal" from below.
  const bool from_above = term.relation == Relation::less || term.relation == Relation::greater_equal;
  term.codes = {names.ordered_code_at(value, term.hyperparameter, from_above)};
  return term;
}

ForbiddenClause joined(const ForbiddenClause& left, const ForbiddenClause& right) {
  ForbiddenClause both = left;
  both.terms.insert(both.terms.end(), right.terms.begin(), right.terms.end());
  both.written_as_and = true;
  return both;
}

std::vector<ForbiddenClause> read_conjunction(const JsonReader& reader, const ConfigSpaceNames& names, bool all,
                                              std::vector<std::string>* passed_over) {
  // Old writers name the first hyperparameter here as well.
  check_members(reader, {"type", "name", "clauses"}, passed_over);
  const JsonReader parts = reader.member("clauses");
  std::vector<ForbiddenClause> clauses;
  if (all) clauses.push_back({.terms = {}, .written_as_and = true});
  for (const JsonReader& part : parts.elements()) {
    const std::vector<ForbiddenClause> more = read_forbidden(part, names, passed_over);
    if (!all) {
      clauses.insert(clauses.end(), more.begin(), more.end());
      continue;
    }
    if (clauses.size() * more.size() > most_clauses) parts.fail("has more than 10000 combinations; write it shorter");
    std::vector<ForbiddenClause> product;
    for (const ForbiddenClause& left : clauses) {
      for (const ForbiddenClause& right : more) product.push_back(joined(left, right));
    }
    clauses = std::move(product);
  }
  if (parts.elements().empty()) {
    parts.fail(std::string("is empty") + (all ? " and would forbid everything" : "") + "; give at least one clause");
  }
  return clauses;
}

}  // namespace

std::vector<ForbiddenClause> read_forbidden(const JsonReader& reader, const ConfigSpaceNames& names,
                                            std::vector<std::string>* passed_over) {
  const std::string type =
      reader.member("type").word({"EQUALS", "IN", "AND", "OR", "RELATION", "RELATION_LT", "RELATION_LE", "RELATION_EQ",
                                  "RELATION_GE", "RELATION_GT", "CLAUSE_LT", "CLAUSE_LE", "CLAUSE_GE", "CLAUSE_GT",
                                  "LESS", "LESSEQUAL", "GREATEREQUAL", "GREATER"});
  if (type == "AND" || type == "OR") return read_conjunction(reader, names, type == "AND", passed_over);
  const bool between_two = type.starts_with("RELATION") || reader.find("left");
  ForbiddenClause clause;
  clause.terms.push_back(
      between_two ? read_relation(reader, type.starts_with("RELATION") ? type : "RELATION_" + type, names, passed_over)
                  : read_value_term(reader, type, names, passed_over));
  return {std::move(clause)};
}

}  // namespace hyperego::detail
