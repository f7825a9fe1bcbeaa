#include <hyperego/core/error.hpp>
#include <hyperego/imports/table/cell_codes.hpp>
#include <hyperego/imports/trials/detail/objective_columns.hpp>
#include <hyperego/imports/trials/detail/space_inference.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace hyperego {
namespace {

constexpr std::size_t most_parent_values = 32;

/// Presence of hyperparameters in trials that did not fail, and their codes there.
class Presence {
 public:
  Presence(const SourceTrials& trials, const std::vector<Hyperparameter>& hyperparameters,
           const std::vector<std::size_t>& columns)
      : hyperparameters_(hyperparameters) {
    const std::vector<CellCodes> codes(hyperparameters.begin(), hyperparameters.end());
    for (const SourceRow& row : trials.rows) {
      if (row.status && *row.status != TrialStatus::completed) continue;
      std::vector<std::optional<double>> row_codes;
      for (std::size_t h = 0; h < columns.size(); ++h) row_codes.push_back(codes[h].code_of(row.cells[columns[h]]));
      rows_.push_back(std::move(row_codes));
    }
  }

  [[nodiscard]] bool is_always_there(std::size_t h) const {
    return std::all_of(rows_.begin(), rows_.end(), [h](const auto& row) { return row[h].has_value(); });
  }

  /// When `child` is there, told by `parent`; nothing where it does not tell.
  [[nodiscard]] std::optional<Comparison> condition(std::size_t child, std::size_t parent) const {
    std::set<double> with;
    std::set<double> without;
    for (const auto& row : rows_) {
      if (row[parent]) {
        (row[child] ? with : without).insert(*row[parent]);
      } else if (row[child]) {
        return std::nullopt;
      }
      if (with.size() + without.size() > most_parent_values) return std::nullopt;
    }
    if (with.empty() || without.empty()) return std::nullopt;
    const bool overlap = std::any_of(with.begin(), with.end(), [&](double code) { return without.count(code) > 0; });
    if (overlap) return std::nullopt;
    return comparison(parent, with, without);
  }

 private:
  [[nodiscard]] std::optional<Comparison> comparison(std::size_t parent, const std::set<double>& with,
                                                     const std::set<double>& without) const {
    using Relation = Comparison::Relation;
    const bool is_ordered = std::holds_alternative<IntegerDomain>(hyperparameters_[parent].domain) ||
                            std::holds_alternative<OrdinalDomain>(hyperparameters_[parent].domain);
    if (is_ordered && *with.begin() > *without.rbegin()) {
      return Comparison{.relation = Relation::greater, .parent = parent, .codes = {*without.rbegin()}};
    }
    if (is_ordered && *with.rbegin() < *without.begin()) {
      return Comparison{.relation = Relation::less, .parent = parent, .codes = {*without.begin()}};
    }
    if (std::holds_alternative<IntegerDomain>(hyperparameters_[parent].domain)) return std::nullopt;
    return Comparison{.relation = with.size() == 1 ? Relation::equals : Relation::in,
                      .parent = parent,
                      .codes = {with.begin(), with.end()}};
  }

  const std::vector<Hyperparameter>& hyperparameters_;
  std::vector<std::vector<std::optional<double>>> rows_;
};

/// Categorical parents first, as conditions on them are the rule, those that are always there before others.
std::vector<std::size_t> parents_in_order(const std::vector<Hyperparameter>& hyperparameters,
                                          const Presence& presence) {
  std::vector<std::size_t> parents;
  for (std::size_t h = 0; h < hyperparameters.size(); ++h) {
    if (hyperparameters[h].is_discrete() && !hyperparameters[h].is_constant()) parents.push_back(h);
  }
  const auto rank = [&](std::size_t h) {
    return (hyperparameters[h].is_categorical() ? 0 : 1) + (presence.is_always_there(h) ? 0 : 2);
  };
  std::stable_sort(parents.begin(), parents.end(), [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); });
  return parents;
}

std::string words_of(const Comparison& condition, const Hyperparameter& parent) {
  std::string values;
  for (const double code : condition.codes) values += (values.empty() ? "" : " or ") + to_string(parent.value_of(code));
  const char* relation = condition.relation == Comparison::Relation::greater ? " > "
                         : condition.relation == Comparison::Relation::less  ? " < "
                                                                             : " = ";
  return "\"" + parent.name + "\"" + relation + values;
}

struct Domains {
  std::vector<Hyperparameter> hyperparameters;
  std::vector<std::size_t> columns;
};

std::vector<Cell> cells_of(const SourceTrials& trials, std::size_t column) {
  std::vector<Cell> cells;
  for (const SourceRow& row : trials.rows) cells.push_back(row.cells[column]);
  return cells;
}

Domains domains_of(const SourceTrials& trials, const std::vector<std::size_t>& settings,
                   std::vector<std::string>& notes) {
  Domains domains;
  std::vector<std::string> skipped;
  for (const std::size_t j : settings) {
    const SourceColumn& column = trials.columns[j];
    auto domain = column.domain ? column.domain : infer_domain(column.name, cells_of(trials, j));
    if (!domain) {
      skipped.push_back(column.label);
      continue;
    }
    domains.hyperparameters.push_back(*std::move(domain));
    domains.columns.push_back(j);
  }
  if (!skipped.empty()) {
    notes.push_back(quoted_list(skipped) + (skipped.size() == 1 ? " is" : " are") +
                    " no hyperparameter: empty, or texts that hardly ever come back");
  }
  if (domains.columns.empty()) {
    throw InvalidInput(trials.where,
                       "there is no column left that could be a hyperparameter; describe them with --space");
  }
  return domains;
}

/// A text column whose empty cells nothing explains has them as one more choice: "class_weight" is balanced or None.
/// Last, so that the other choices keep their codes.
void make_none_a_choice(Hyperparameter& hyperparameter, std::vector<std::string>& notes) {
  std::vector<Value> choices;
  if (const auto* categorical = std::get_if<CategoricalDomain>(&hyperparameter.domain)) choices = categorical->choices;
  if (const auto* constant = std::get_if<ConstantDomain>(&hyperparameter.domain)) choices = {constant->value};
  const bool is_text = std::any_of(choices.begin(), choices.end(), [](const Value& choice) {
    return std::holds_alternative<std::string>(choice) || std::holds_alternative<bool>(choice);
  });
  if (!is_text) return;
  choices.emplace_back(std::string("None"));
  hyperparameter = make_categorical(hyperparameter.name, std::move(choices));
  notes.push_back("empty cells of \"" + hyperparameter.name +
                  "\" are taken as a choice \"None\", as no other column says when there is none");
}

}  // namespace

InferredSpace infer_space(const SourceTrials& trials, const std::vector<std::size_t>& settings,
                          std::vector<std::string>& notes) {
  Domains domains = domains_of(trials, settings, notes);
  std::vector<Hyperparameter>& hyperparameters = domains.hyperparameters;
  std::vector<SearchSpace::ChildCondition> conditions;
  const Presence presence(trials, hyperparameters, domains.columns);
  const std::vector<std::size_t> parents = parents_in_order(hyperparameters, presence);
  for (std::size_t h = 0; h < hyperparameters.size(); ++h) {
    if (presence.is_always_there(h)) continue;
    std::optional<Comparison> found;
    for (std::size_t p = 0; p < parents.size() && !found; ++p) {
      if (parents[p] != h) found = presence.condition(h, parents[p]);
    }
    if (found) {
      notes.push_back("\"" + hyperparameters[h].name + "\" is active where " +
                      words_of(*found, hyperparameters[found->parent]) + ", as presence in the trials says");
      conditions.push_back({h, *std::move(found)});
    } else if (!trials.columns[domains.columns[h]].domain) {
      make_none_a_choice(hyperparameters[h], notes);
    }
  }
  return {SearchSpace(std::move(hyperparameters), std::move(conditions)), std::move(domains.columns)};
}

}  // namespace hyperego
