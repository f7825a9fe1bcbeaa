#include <hyperego/core/error.hpp>
#include <hyperego/imports/table/column_names.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string>
#include <vector>

namespace hyperego {
namespace {

using Words = std::set<std::string, std::less<>>;

const Words& bookkeeping_names() {
  static const Words names{
      // rows and runs
      "", "index", "unnamed: 0", "row.names", "rownames", "trial", "number", "trial_id", "trial_number", "trial_index",
      "trial id", "trial number", "run", "run_id", "run id", "run_uuid", "id", "uuid", "uhash", "name", "run name",
      "config_id", "batch_nr", "experiment_id", "experiment id", "experiment_tag", "seed", "random_seed",
      "random_state", "worker_id", "instance",
      // when
      "datetime", "datetime_start", "datetime_complete", "timestamp", "date", "created", "created_at", "start_time",
      "start time", "end_time", "end time", "starttime", "endtime", "start", "end", "started", "ended",
      // where and by whom
      "notes", "user", "tags", "sweep", "hostname", "pid", "node_ip", "logdir", "artifact_uri", "source name",
      "source type", "version", "group", "job type", "done", "checkpoint_dir_name", "iterations_since_restore",
      "training_iteration", "errors", "warnings", "exception", "traceback"};
  return names;
}

const Words& timing_names() {
  static const Words names{
      "duration",           "runtime",         "run_time",  "time",     "seconds",      "elapsed",
      "elapsed_s",          "walltime",        "wall_time", "cpu_time", "time_total_s", "time_this_iter_s",
      "time_since_restore", "runtime_learners"};
  return names;
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

constexpr std::array<std::string_view, 9> setting_prefixes{
    "params_", "params.", "params/", "config/", "config.", "config:", "param_", "hyperparameters.", "hyperparameters/"};
constexpr std::array<std::string_view, 4> result_prefixes{"metrics.", "metrics/", "metric:", "metric."};
constexpr std::array<std::string_view, 6> bookkeeping_prefixes{"user_attrs_", "system_attrs_", "tags.",
                                                               "_",           "unnamed: ",     "intermediate_values_"};

template <typename Prefixes>
std::string_view prefix_of(std::string_view name, const Prefixes& prefixes) {
  for (const std::string_view prefix : prefixes) {
    if (name.size() > prefix.size() && starts_with(name, prefix)) return prefix;
  }
  return {};
}

/// Which prefixes a table uses.
struct Habits {
  bool settings = false;
  bool results = false;
  bool optuna = false;  // params_ beside value or values_…
};

Habits habits_of(const std::vector<SourceColumn>& columns) {
  Habits habits;
  bool has_params = false;
  bool has_value = false;
  for (const SourceColumn& column : columns) {
    habits.settings = habits.settings || column.role == ColumnRole::hyperparameter ||
                      !prefix_of(column.name, setting_prefixes).empty();
    habits.results = habits.results || !prefix_of(column.name, result_prefixes).empty();
    has_params = has_params || starts_with(column.name, "params_");
    has_value = has_value || column.name == "value" || starts_with(column.name, "values_");
  }
  habits.optuna = has_params && has_value;
  return habits;
}

bool is_value_of_optuna(const std::string& name) {
  return name == "value" || (starts_with(name, "values_") && name.size() > 7);
}

bool is_bookkeeping_name(const std::string& name) {
  return bookkeeping_names().count(name) > 0 || !prefix_of(name, bookkeeping_prefixes).empty();
}

void name_column(SourceColumn& column, const Habits& habits, const SearchSpace* space) {
  if (column.role != ColumnRole::unknown) return;
  const std::string_view setting = prefix_of(column.name, setting_prefixes);
  if (space != nullptr && space->find(column.name)) {
    column.role = ColumnRole::hyperparameter;
  } else if (!setting.empty()) {
    column.role = ColumnRole::hyperparameter;
    column.name.erase(0, setting.size());
  } else if (const std::string_view result = prefix_of(column.name, result_prefixes); !result.empty()) {
    column.role = ColumnRole::candidate;
    column.name.erase(0, result.size());
  } else if (habits.optuna && is_value_of_optuna(column.name)) {
    column.role = ColumnRole::objective;
    // values_accuracy is the metric "accuracy"; values_0 has no better name.
    if (column.name.size() > 7 && std::isdigit(static_cast<unsigned char>(column.name[7])) == 0)
      column.name.erase(0, 7);
  } else if (const std::string name = lower_case(column.name);
             timing_names().count(name) > 0 && !is_bookkeeping_name(name)) {
    column.role = ColumnRole::timing;
  } else if (is_bookkeeping_name(name) || habits.results || habits.optuna) {
    column.role = ColumnRole::bookkeeping;  // where results are marked, what is not is none
  } else if (habits.settings || space != nullptr) {
    column.role = ColumnRole::candidate;
  }
}

bool is_state(const SourceColumn& column) {
  const std::string name = lower_case(column.name);
  return column.role == ColumnRole::unknown && (name == "state" || name == "status" || name == "trial_status");
}

void take_states(SourceTrials& trials, std::size_t column) {
  for (SourceRow& row : trials.rows) {
    if (row.status || is_missing(row.cells[column])) continue;
    const std::string word = to_string(*row.cells[column]);
    row.status = status_named(word);
    const std::string& label = trials.columns[column].label;
    if (!row.status) {
      throw InvalidInput(trials.place(row) + ", " + label,
                         "\"" + word +
                             "\" is no state that is known (complete, failed, …); leave the column out with --ignore " +
                             label);
    }
    if (*row.status != TrialStatus::completed && row.message.empty()) row.message = label + " " + word;
  }
}

}  // namespace

std::optional<TrialStatus> status_named(std::string_view word) {
  static const Words completed{
      "complete",   "completed",          "finished",           "success", "succeeded", "ok", "done",
      "terminated", "statustype.success", "trialstate.complete"};
  static const Words failed{"fail",
                            "failed",
                            "crashed",
                            "crash",
                            "error",
                            "errored",
                            "killed",
                            "aborted",
                            "abort",
                            "pruned",
                            "memout",
                            "memoryout",
                            "capped",
                            "stopped",
                            "cancelled",
                            "canceled",
                            "abandoned",
                            "failure",
                            "preempted",
                            "statustype.crashed",
                            "statustype.abort",
                            "statustype.memout",
                            "statustype.memoryout",
                            "statustype.capped",
                            "statustype.stop",
                            "statustype.donotadvance",
                            "trialstate.fail",
                            "trialstate.pruned"};
  static const Words timed_out{"timeout", "timed_out", "timed out", "statustype.timeout"};
  static const Words unfinished{"running",   "waiting", "scheduled",          "pending",
                                "queued",    "paused",  "statustype.running", "trialstate.running",
                                "candidate", "staged",  "trialstate.waiting"};
  const std::string known = lower_case(trimmed(word));
  if (completed.count(known) > 0) return TrialStatus::completed;
  if (failed.count(known) > 0) return TrialStatus::failed;
  if (timed_out.count(known) > 0) return TrialStatus::timed_out;
  if (unfinished.count(known) > 0) return TrialStatus::running;
  if (known == "infeasible") return TrialStatus::infeasible;
  if (known == "lost") return TrialStatus::lost;
  return std::nullopt;
}

bool sounds_like_result(std::string_view name) {
  static const Words words{"acc",    "accuracy", "auc",     "auroc",     "bleu",       "err",        "error",
                           "f1",     "fitness",  "latency", "logloss",   "loss",       "mae",        "mape",
                           "metric", "mse",      "nll",     "objective", "perplexity", "ppl",        "precision",
                           "r2",     "recall",   "reward",  "rmse",      "score",      "throughput", "value"};
  static const Words stages{"best", "dev", "eval", "final", "mean", "test", "train", "val", "valid", "validation"};
  std::vector<std::string> parts{""};
  for (const char c : lower_case(name)) {
    if (std::string_view("_-./: ").find(c) != std::string_view::npos) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  const auto is_word = [&](const std::string& part) { return words.count(part) > 0; };
  return is_word(parts.back()) || (stages.count(parts.front()) > 0 && std::any_of(parts.begin(), parts.end(), is_word));
}

void name_columns(SourceTrials& trials, const SearchSpace* space) {
  const Habits habits = habits_of(trials.columns);
  for (std::size_t j = 0; j < trials.columns.size(); ++j) {
    SourceColumn& column = trials.columns[j];
    if (is_state(column) && (space == nullptr || !space->find(column.name))) {
      take_states(trials, j);
      column.role = ColumnRole::bookkeeping;
    }
    name_column(column, habits, space);
  }
}

}  // namespace hyperego
