// Optuna's relational storage in an SQLite file (optuna/storages/_rdb/models.py), from Optuna 2.4 on. The only file
// that knows SQLite.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/formats/detail/optuna_study.hpp>
#include <hyperego/imports/formats/detail/trial_format.hpp>
#include <hyperego/imports/table/delimited_text.hpp>
#include <hyperego/imports/table/python_json.hpp>
#include <hyperego/imports/table/timestamp.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <sqlite3.h>

namespace hyperego {
namespace {

bool recognizes_optuna_sqlite(const TrialSource& source) { return source.beginning.rfind("SQLite format 3", 0) == 0; }

/// Opened for reading only.
class Database {
 public:
  explicit Database(std::string where) : where_(std::move(where)) {
    const bool is_open = sqlite3_open_v2(where_.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK;
    if (is_open) {
      // A file from elsewhere is not to be trusted: no views or triggers with functions, and damage is found out.
      sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
      sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
      sqlite3_busy_timeout(handle_, 10000);
      return;
    }
    const std::string reason = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
    sqlite3_close(handle_);
    throw InvalidInput(where_, "cannot be opened: " + reason);
  }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  [[nodiscard]] sqlite3* handle() const { return handle_; }
  [[nodiscard]] const std::string& where() const { return where_; }
  [[noreturn]] void fail() const {
    throw InvalidInput(where_, std::string("cannot be read as an Optuna storage (SQLite says: ") +
                                   sqlite3_errmsg(handle_) +
                                   "); if it is one, bring it up to date with `optuna storage upgrade`");
  }

 private:
  std::string where_;
  sqlite3* handle_ = nullptr;
};

/// A query, row by row.
class Query {
 public:
  Query(const Database& database, const char* text, std::int64_t parameter = 0) : database_(database) {
    if (sqlite3_prepare_v2(database.handle(), text, -1, &statement_, nullptr) != SQLITE_OK) database.fail();
    if (sqlite3_bind_parameter_count(statement_) > 0) sqlite3_bind_int64(statement_, 1, parameter);
  }
  ~Query() { sqlite3_finalize(statement_); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  [[nodiscard]] bool next() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) database_.fail();
    return code == SQLITE_ROW;
  }
  [[nodiscard]] std::int64_t whole(int column) const { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] std::optional<double> number(int column) const {
    const int type = sqlite3_column_type(statement_, column);
    if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) return std::nullopt;
    return sqlite3_column_double(statement_, column);
  }
  [[nodiscard]] std::string text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    std::string result = bytes == nullptr ? std::string{} : std::string(bytes, size);
    require_utf8(result, database_.where());
    return result;
  }

 private:
  const Database& database_;
  sqlite3_stmt* statement_ = nullptr;
};

std::vector<Direction> directions_of(const Database& database, std::int64_t study) {
  std::vector<Direction> directions;
  Query query(database, "SELECT direction FROM study_directions WHERE study_id = ? ORDER BY objective", study);
  while (query.next()) directions.push_back(query.text(0) == "MAXIMIZE" ? Direction::maximize : Direction::minimize);
  return directions;
}

std::vector<std::string> metrics_of(const Database& database, std::int64_t study) {
  Query query(database,
              "SELECT value_json FROM study_system_attributes WHERE study_id = ? AND \"key\" = 'study:metric_names'",
              study);
  if (!query.next()) return {};
  const std::string where = database.where() + ", study:metric_names";
  const nlohmann::ordered_json json = parse_python_json(query.text(0), where);
  return JsonReader(json, where).strings();
}

/// Trials by their ids, in the order of their numbers.
std::map<std::int64_t, std::size_t> read_trials_of(const Database& database, std::int64_t study, OptunaStudy& result) {
  std::map<std::int64_t, std::size_t> place;
  Query query(
      database,
      "SELECT trial_id, state, datetime_start, datetime_complete FROM trials WHERE study_id = ? ORDER BY trial_id",
      study);
  while (query.next()) {
    OptunaTrial trial;
    trial.state = query.text(1);
    trial.began = timestamp_of(Value(query.text(2)));
    trial.ended = timestamp_of(Value(query.text(3)));
    place[query.whole(0)] = result.trials.size();
    result.trials.push_back(std::move(trial));
  }
  return place;
}

/// A storage whose parts contradict each other is damaged.
OptunaTrial& trial_of(OptunaStudy& study, const std::map<std::int64_t, std::size_t>& place, std::int64_t id,
                      const Database& database) {
  const auto found = place.find(id);
  if (found == place.end())
    throw InvalidInput(database.where(), "has no trial " + std::to_string(id) + ", of which it has values");
  return study.trials[found->second];
}

void read_parameters(const Database& database, std::int64_t study, const std::map<std::int64_t, std::size_t>& place,
                     OptunaStudy& result) {
  OptunaDistributions distributions;
  Query query(database,
              "SELECT p.trial_id, p.param_name, p.param_value, p.distribution_json FROM trial_params p "
              "JOIN trials t ON t.trial_id = p.trial_id WHERE t.study_id = ? ORDER BY p.param_id",
              study);
  while (query.next()) {
    OptunaTrial& trial = trial_of(result, place, query.whole(0), database);
    const std::string name = query.text(1);
    const std::string where = database.where() + ", trial_id " + std::to_string(query.whole(0)) + ", " + name;
    const auto value = query.number(2);
    if (!value || !std::isfinite(*value)) throw InvalidInput(where, "has no value");
    trial.parameters.push_back({name, *value, distributions.read(query.text(3), where)});
  }
}

void read_values(const Database& database, std::int64_t study, const std::map<std::int64_t, std::size_t>& place,
                 OptunaStudy& result) {
  Query query(database,
              "SELECT v.trial_id, v.objective, v.value FROM trial_values v JOIN trials t ON t.trial_id = v.trial_id "
              "WHERE t.study_id = ?",
              study);
  while (query.next()) {
    const auto value = query.number(2);
    if (value && query.whole(1) >= 0)
      trial_of(result, place, query.whole(0), database).values[static_cast<std::size_t>(query.whole(1))] = *value;
  }
}

bool has_constraints(const Database& database, std::int64_t study) {
  Query query(database,
              "SELECT 1 FROM trial_system_attributes a JOIN trials t ON t.trial_id = a.trial_id "
              "WHERE t.study_id = ? AND a.\"key\" = 'constraints' LIMIT 1",
              study);
  return query.next();
}

SourceTrials read_optuna_sqlite(const TrialSource& source, const std::string& wanted) {
  const Database database(source.path.string());
  Query transaction(database, "BEGIN");  // all queries see the same state, whoever is at work on it
  (void)transaction.next();
  std::vector<std::string> names;
  std::vector<std::int64_t> ids;
  Query studies(database, "SELECT study_id, study_name FROM studies ORDER BY study_id");
  while (studies.next()) {
    ids.push_back(studies.whole(0));
    names.push_back(studies.text(1));
  }
  const std::size_t chosen = choose_study(names, wanted, database.where());
  const std::int64_t id = ids[chosen];
  OptunaStudy study{.name = names[chosen],
                    .directions = directions_of(database, id),
                    .metrics = metrics_of(database, id),
                    .trials = {},
                    .has_constraints = has_constraints(database, id)};
  const auto place = read_trials_of(database, id, study);
  read_parameters(database, id, place, study);
  read_values(database, id, place, study);
  return trials_of_optuna(study, database.where());
}

}  // namespace

const TrialFormat optuna_sqlite_format{"an Optuna study in SQLite", recognizes_optuna_sqlite, read_optuna_sqlite};

}  // namespace hyperego
