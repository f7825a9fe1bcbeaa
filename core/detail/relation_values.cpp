#include <hyperego/core/detail/relation_values.hpp>
#include <hyperego/core/error.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace hyperego::detail {
namespace {

using Comparable = std::function<double(double)>;

/// The values of a domain that lists them; nothing for numbers.
std::optional<std::vector<Value>> listed_values(const Hyperparameter& hyperparameter) {
  if (const auto* ordinal = std::get_if<OrdinalDomain>(&hyperparameter.domain)) return ordinal->sequence;
  if (const auto* categorical = std::get_if<CategoricalDomain>(&hyperparameter.domain)) return categorical->choices;
  if (const auto* constant = std::get_if<ConstantDomain>(&hyperparameter.domain)) return std::vector{constant->value};
  return std::nullopt;
}

std::optional<double> number_of(const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? 1.0 : 0.0;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

bool all_numbers(const std::optional<std::vector<Value>>& values) {
  return !values ||
         std::all_of(values->begin(), values->end(), [](const Value& v) { return number_of(v).has_value(); });
}

bool all_text(const std::optional<std::vector<Value>>& values) {
  return values && std::all_of(values->begin(), values->end(),
                               [](const Value& v) { return std::holds_alternative<std::string>(v); });
}

Comparable looked_up(std::vector<double> table) {
  return [table = std::make_shared<const std::vector<double>>(std::move(table))](double code) {
    return (*table)[static_cast<std::size_t>(code)];
  };
}

/// Numbers of a domain that lists none: the value itself.
Comparable number_at(const Hyperparameter& hyperparameter) {
  if (const auto* quantised = std::get_if<QuantisedDomain>(&hyperparameter.domain)) {
    return [domain = *quantised](double index) { return domain.value(index); };
  }
  return nullptr;
}

/// Text by its rank among the text of both sides, numbers by themselves; what nothing equals is NaN.
Comparable by_value(const Hyperparameter& hyperparameter, const std::optional<std::vector<Value>>& values,
                    const std::map<std::string, double>& ranks) {
  if (!values) return number_at(hyperparameter);
  std::vector<double> table;
  for (const Value& value : *values) {
    const auto number = number_of(value);
    const auto rank = ranks.find(to_string(value));
    table.push_back(number ? *number : rank != ranks.end() ? rank->second : std::numeric_limits<double>::quiet_NaN());
  }
  return looked_up(std::move(table));
}

/// Ranks of the text that both sides may hold. Ranks lie beyond all numbers, so that no text equals a number.
std::map<std::string, double> ranks_of(const std::optional<std::vector<Value>>& left,
                                       const std::optional<std::vector<Value>>& right) {
  std::map<std::string, double> ranks;
  for (const auto* values : {&left, &right}) {
    if (!*values) continue;
    for (const Value& value : **values) {
      if (!number_of(value)) ranks.emplace(to_string(value), 0);
    }
  }
  constexpr double beyond_numbers = 0x1.0p1000;
  double rank = 0;
  for (auto& entry : ranks) entry.second = beyond_numbers * (1 + 0x1.0p-40 * rank++);
  return ranks;
}

}  // namespace

void resolve_relation(ForbiddenClause::Term& term, const std::vector<Hyperparameter>& hyperparameters,
                      const std::string& where) {
  const Hyperparameter& left = hyperparameters[term.hyperparameter];
  const Hyperparameter& right = hyperparameters[*term.other];
  const auto left_values = listed_values(left);
  const auto right_values = listed_values(right);
  const bool ordered =
      (all_numbers(left_values) && all_numbers(right_values)) || (all_text(left_values) && all_text(right_values));
  if (!ordered && term.relation != ForbiddenClause::Term::Relation::equal) {
    throw InvalidInput(where, "values of \"" + left.name + "\" and \"" + right.name +
                                  "\" have no common order; relate numbers with numbers, text with text, or forbid "
                                  "that they are equal");
  }
  const std::map<std::string, double> ranks = ranks_of(left_values, right_values);
  term.comparable = by_value(left, left_values, ranks);
  term.other_comparable = by_value(right, right_values, ranks);
}

}  // namespace hyperego::detail
