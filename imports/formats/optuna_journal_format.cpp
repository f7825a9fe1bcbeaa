// Optuna's journal file: one operation a line, replayed as Optuna does (optuna/storages/journal/_storage.py).
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/formats/detail/optuna_study.hpp>
#include <hyperego/imports/formats/detail/trial_format.hpp>
#include <hyperego/imports/table/python_json.hpp>
#include <hyperego/imports/table/timestamp.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace hyperego {
namespace {

enum Operation {
  create_study = 0,
  delete_study = 1,
  set_study_system_attr = 3,
  create_trial = 4,
  set_param = 5,
  set_state_values = 6,
  set_trial_system_attr = 9
};

bool recognizes_optuna_journal(const TrialSource& source) {
  const std::string_view beginning = trimmed(source.beginning);
  return !source.is_folder && !beginning.empty() && beginning.front() == '{' &&
         beginning.substr(0, beginning.find('\n')).find("\"op_code\"") != std::string_view::npos;
}

std::size_t index_in(const JsonReader& log, const char* name) {
  return static_cast<std::size_t>(log.member(name).integer(0, JsonReader::greatest_integer));
}

std::optional<double> moment_of(const JsonReader& log, const char* name) {
  const auto text = log.find(name);
  return text ? timestamp_of(Value(text->string())) : std::nullopt;
}

const char* state_name(const JsonReader& state) {
  constexpr std::array<const char*, 5> names{"RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING"};
  return names[static_cast<std::size_t>(state.integer(0, 4))];
}

/// The state that the operations add up to.
class Replay {
 public:
  void apply(const JsonReader& log) {
    switch (log.member("op_code").integer()) {
      case create_study:
        return create(log);
      case delete_study:
        return remove(index_in(log, "study_id"));
      case set_study_system_attr:
        return take_metrics(log);
      case create_trial:
        return create_a_trial(log);
      case set_param:
        return set_parameter(log);
      case set_state_values:
        return set_state(log);
      case set_trial_system_attr:
        return take_constraints(log);
      default:
        return;
    }
  }

  [[nodiscard]] OptunaStudy study(const std::string& wanted, const std::string& where) {
    std::vector<std::string> names;
    std::vector<std::size_t> ids;
    for (std::size_t id = 0; id < studies_.size(); ++id) {
      if (!studies_[id]) continue;
      names.push_back(studies_[id]->name);
      ids.push_back(id);
    }
    const std::size_t chosen = ids[choose_study(names, wanted, where)];
    for (Trial& trial : trials_) {
      if (trial.study == chosen) studies_[chosen]->trials.push_back(std::move(trial.trial));
    }
    return *std::move(studies_[chosen]);
  }

 private:
  struct Trial {
    std::size_t study;
    OptunaTrial trial;
  };

  void create(const JsonReader& log) {
    const std::string& name = log.member("study_name").string();
    // Of two workers that make the same study at the same time the later is refused.
    for (const auto& study : studies_) {
      if (study && study->name == name) return;
    }
    OptunaStudy study{.name = name, .directions = {}, .metrics = {}, .trials = {}};
    for (const JsonReader& direction : log.member("directions").elements()) {
      study.directions.push_back(direction.integer(0, 2) == 2 ? Direction::maximize : Direction::minimize);
    }
    studies_.emplace_back(std::move(study));
  }

  void remove(std::size_t id) {
    if (id < studies_.size()) studies_[id].reset();
  }

  [[nodiscard]] OptunaStudy* study_at(const JsonReader& log) {
    const std::size_t id = index_in(log, "study_id");
    return id < studies_.size() && studies_[id] ? &*studies_[id] : nullptr;
  }

  void take_metrics(const JsonReader& log) {
    OptunaStudy* study = study_at(log);
    const auto metrics = log.member("system_attr").find("study:metric_names");
    if (study != nullptr && metrics) study->metrics = metrics->strings();
  }

  /// A trial that was enqueued or copied has all at once.
  void create_a_trial(const JsonReader& log) {
    if (study_at(log) == nullptr) return;
    OptunaTrial trial;
    const auto state = log.find("state");
    trial.state = state ? state_name(*state) : "RUNNING";
    trial.began = moment_of(log, "datetime_start");
    trial.ended = moment_of(log, "datetime_complete");
    take_values(trial, log);
    const auto distributions = log.find("distributions");
    if (const auto parameters = log.find("params"); parameters && distributions) {
      for (const auto& [name, value] : parameters->members()) {
        const JsonReader distribution = distributions->member(name);
        trial.parameters.push_back(
            {name, value.number(), distributions_.read(distribution.string(), distribution.where())});
      }
    }
    trials_.push_back({index_in(log, "study_id"), std::move(trial)});
  }

  /// Nothing where the trial is not there or has ended, as then Optuna refused the operation.
  [[nodiscard]] OptunaTrial* open_trial(const JsonReader& log) {
    const std::size_t id = index_in(log, "trial_id");
    if (id >= trials_.size()) return nullptr;
    OptunaTrial& trial = trials_[id].trial;
    return trial.state == "RUNNING" || trial.state == "WAITING" ? &trial : nullptr;
  }

  void set_parameter(const JsonReader& log) {
    OptunaTrial* trial = open_trial(log);
    if (trial == nullptr) return;
    const std::string& name = log.member("param_name").string();
    const JsonReader distribution = log.member("distribution");
    OptunaTrial::Parameter parameter{name, log.member("param_value_internal").number(),
                                     distributions_.read(distribution.string(), distribution.where())};
    const auto known = std::find_if(trial->parameters.begin(), trial->parameters.end(),
                                    [&](const OptunaTrial::Parameter& one) { return one.name == name; });
    if (known == trial->parameters.end()) {
      trial->parameters.push_back(std::move(parameter));
    } else {
      *known = std::move(parameter);
    }
  }

  void set_state(const JsonReader& log) {
    OptunaTrial* trial = open_trial(log);
    if (trial == nullptr) return;
    trial->state = state_name(log.member("state"));
    if (const auto began = moment_of(log, "datetime_start")) trial->began = began;
    if (const auto ended = moment_of(log, "datetime_complete")) trial->ended = ended;
    take_values(*trial, log);
  }

  static void take_values(OptunaTrial& trial, const JsonReader& log) {
    const auto values = log.find("values");
    const auto value = log.find("value");
    if (value && value->is_number()) trial.values[0] = value->number();
    if (!values) return;
    std::size_t k = 0;
    for (const JsonReader& one : values->elements()) {
      if (one.is_number()) trial.values[k] = one.number();
      ++k;
    }
  }

  void take_constraints(const JsonReader& log) {
    const std::size_t id = index_in(log, "trial_id");
    if (id < trials_.size() && studies_[trials_[id].study] && log.member("system_attr").find("constraints")) {
      studies_[trials_[id].study]->has_constraints = true;
    }
  }

  std::vector<std::optional<OptunaStudy>> studies_;
  std::vector<Trial> trials_;
  OptunaDistributions distributions_;
};

SourceTrials read_optuna_journal(const TrialSource& source, const std::string& study) {
  const std::string where = source.path.string();
  Replay replay;
  for (const auto& [line, log] : parse_json_lines(read_text_file(source.path), where)) {
    replay.apply(JsonReader(log, where + ":" + std::to_string(line)));
  }
  return trials_of_optuna(replay.study(study, where), where);
}

}  // namespace

const TrialFormat optuna_journal_format{"an Optuna journal", recognizes_optuna_journal, read_optuna_journal};

}  // namespace hyperego
