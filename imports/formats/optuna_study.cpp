#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/formats/detail/optuna_study.hpp>
#include <hyperego/imports/table/column_names.hpp>
#include <hyperego/imports/table/table_builder.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

using Kind = OptunaDistribution::Kind;

constexpr double most_steps = 1000;

/// What all trials' distributions of one parameter allow.
class Union {
 public:
  void add(const OptunaDistribution& distribution, const std::string& where) {
    if (is_empty_) {
      all_ = distribution;
      is_empty_ = false;
      return;
    }
    if (distribution.kind != all_.kind)
      throw InvalidInput(where, "is categorical in some trials and a number in others; leave it out with --ignore");
    for (const Value& choice : distribution.choices) {
      const bool is_known = std::any_of(all_.choices.begin(), all_.choices.end(),
                                        [&](const Value& known) { return same_value(known, choice); });
      if (!is_known) all_.choices.push_back(choice);
      has_changed_ = has_changed_ || !is_known;
    }
    has_changed_ = has_changed_ || distribution.low != all_.low || distribution.high != all_.high;
    const bool keeps_grid = distribution.step == all_.step && distribution.low == all_.low;
    if (!keeps_grid) all_.step.reset();
    all_.low = std::min(all_.low, distribution.low);
    all_.high = std::max(all_.high, distribution.high);
    all_.log = all_.log && distribution.log;
  }

  [[nodiscard]] bool has_changed() const { return has_changed_; }

  [[nodiscard]] Hyperparameter domain(const std::string& name) const {
    if (all_.kind == Kind::categorical) {
      return all_.choices.size() == 1 ? make_constant(name, all_.choices.front())
                                      : make_categorical(name, all_.choices);
    }
    if (all_.low == all_.high) return make_constant(name, number(all_.low));
    if (all_.step) {
      if (const double steps = std::floor((all_.high - all_.low) / *all_.step + 1e-8); steps >= 1 && steps < most_steps)
        return grid(name, steps);
    }
    const bool log = all_.log && all_.low > 0;
    if (all_.kind == Kind::real) return make_float(name, all_.low, all_.high, log);
    return make_integer(name, std::llround(all_.low), std::llround(all_.high), log);
  }

 private:
  [[nodiscard]] Value number(double value) const {
    return all_.kind == Kind::whole ? Value(static_cast<std::int64_t>(std::llround(value))) : Value(value);
  }

  [[nodiscard]] Hyperparameter grid(const std::string& name, double steps) const {
    std::vector<Value> sequence;
    // 0.15, not 0.15000000000000002: to twelve decimals of the range, as far as these can be told apart.
    const double size = std::max(std::abs(all_.low), std::abs(all_.high));
    const double decimals = std::pow(10, 12 - std::floor(std::log10(size)));
    for (double k = 0; k <= steps; ++k) {
      const double exact = all_.low + k * *all_.step;
      sequence.push_back(number(std::isnormal(decimals) ? std::round(exact * decimals) / decimals : exact));
    }
    return make_ordinal(name, std::move(sequence));
  }

  OptunaDistribution all_;
  bool is_empty_ = true;
  bool has_changed_ = false;
};

std::string objective_label(const OptunaStudy& study, std::size_t k) {
  return study.directions.size() == 1 ? "value" : "values_" + std::to_string(k);
}

void add_optuna_trial(TableBuilder& table, const OptunaTrial& trial, const OptunaStudy& study, std::size_t number) {
  SourceRow& row = table.add_row(", trial " + std::to_string(number));
  row.status = status_named(trial.state);
  if (!row.status) throw InvalidInput(table.trials().place(row), "state \"" + trial.state + "\" is not known");
  if (row.status == TrialStatus::failed) row.message = "state " + trial.state;
  row.ended_at = trial.ended;
  if (trial.began && trial.ended) row.seconds = *trial.ended - *trial.began;
  for (std::size_t k = 0; k < study.directions.size(); ++k) {
    if (const auto value = trial.values.find(k); value != trial.values.end()) table.set(k, Value(value->second));
  }
  for (const OptunaTrial::Parameter& parameter : trial.parameters) {
    const std::string place = table.trials().place(table.row()) + ", " + parameter.name;
    table.set("params_" + parameter.name, parameter.name, ColumnRole::hyperparameter,
              parameter.distribution->value_of(parameter.internal, place));
  }
}

}  // namespace

SourceTrials trials_of_optuna(const OptunaStudy& study, const std::string& where) {
  TableBuilder table("an Optuna study", where);
  table.trials().name = study.name;
  if (study.directions.empty()) throw InvalidInput(where, "study \"" + study.name + "\" has no objective");
  for (std::size_t k = 0; k < study.directions.size(); ++k) {
    const std::string label = objective_label(study, k);
    const std::string name = k < study.metrics.size() ? study.metrics[k] : label;
    table[table.column(label, name, ColumnRole::objective)].objective =
        Objective{.name = name, .direction = study.directions[k]};
  }
  std::map<std::string, Union> unions;
  for (std::size_t i = 0; i < study.trials.size(); ++i) {
    add_optuna_trial(table, study.trials[i], study, i);
    for (const OptunaTrial::Parameter& parameter : study.trials[i].parameters) {
      unions[parameter.name].add(*parameter.distribution, where + ", " + parameter.name);
    }
  }
  for (const auto& [name, all] : unions) {
    table[table.column("params_" + name, name, ColumnRole::hyperparameter)].domain = all.domain(name);
    if (all.has_changed()) {
      table.trials().notes.push_back("the range of \"" + name +
                                     "\" changed in the course of the study; it is now that of all trials together");
    }
  }
  if (study.has_constraints) table.trials().notes.emplace_back("the study has constraints, which are not taken over");
  return table.take();
}

std::size_t choose_study(const std::vector<std::string>& names, const std::string& wanted, const std::string& where) {
  if (names.empty()) throw InvalidInput(where, "holds no study");
  if (wanted.empty() && names.size() == 1) return 0;
  for (std::size_t i = 0; i < names.size() && !wanted.empty(); ++i) {
    if (names[i] == wanted) return i;
  }
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < 12; ++i) list += (i > 0 ? ", \"" : "\"") + names[i] + "\"";
  if (names.size() > 12) list += " and " + std::to_string(names.size() - 12) + " more";
  if (wanted.empty()) throw InvalidInput(where, "holds several studies; name one with --study: " + list);
  throw InvalidInput(where, "has no study \"" + wanted + "\"; it holds " + list);
}

}  // namespace hyperego
