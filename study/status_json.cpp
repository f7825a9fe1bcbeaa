#include <hyperego/study/status_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

ordered_json values_of(const std::vector<Objective>& objectives, const Eigen::VectorXd& raw) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < objectives.size(); ++i) json[objectives[i].name] = raw[static_cast<Eigen::Index>(i)];
  return json;
}

ordered_json counts(const StudyHistory& history, bool running) {
  const std::size_t pending = history.pending().size();
  ordered_json json{{"limit", history.study().limits.trials},
                    {"suggested", history.records().size()},
                    {"ended", history.ended()},
                    {"waiting", running ? 0 : pending},
                    {"running", running ? pending : 0}};
  for (const TrialStatus status : {TrialStatus::completed, TrialStatus::infeasible, TrialStatus::failed,
                                   TrialStatus::timed_out, TrialStatus::lost}) {
    json[std::string(to_string(status))] = history.count(status);
  }
  if (const std::uint64_t stopped = history.count(TrialStatus::stopped); stopped > 0) json["stopped"] = stopped;
  return json;
}

/// Trials and cost by fidelity, and what was saved by stopping.
ordered_json fidelity_status(const StudyHistory& history) {
  const Fidelity& fidelity = *history.study().fidelity;
  std::map<double, std::pair<std::uint64_t, double>> values;
  for (const StudyHistory::Record& record : history.records()) {
    if (!record.outcome) continue;
    auto& [trials, cost] = values[record.fidelity.value_or(fidelity.full)];
    ++trials;
    cost += record.outcome->cost.value_or(0);
  }
  ordered_json json{
      {"name", fidelity.name}, {"full", fidelity.full}, {"completed_in_full", history.completed_in_full()}};
  json["trials"] = ordered_json::array();
  for (const auto& [value, sums] : values) {
    json["trials"].push_back({{fidelity.name, value}, {"trials", sums.first}, {"cost", sums.second}});
  }
  json["cost"] = {{"spent", history.cost()}, {"pending", history.pending_cost()}, {"saved", history.saved_cost()}};
  json["cost"]["limit"] =
      history.study().limits.cost ? ordered_json(*history.study().limits.cost) : ordered_json(nullptr);
  return json;
}

ordered_json reference_json(const StudyHistory& history) {
  if (!history.reference()) return nullptr;
  const auto& objectives = history.study().objectives;
  ordered_json point = ordered_json::object();
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    point[objectives[i].name] =
        from_minimised(objectives[i], history.reference()->minimised[static_cast<Eigen::Index>(i)]);
  }
  return {{"point", point}, {"source", history.reference()->source(objectives)}};
}

ordered_json last_failure(const StudyHistory& history) {
  const auto& records = history.records();
  const auto failed = std::find_if(records.rbegin(), records.rend(), [](const StudyHistory::Record& record) {
    return record.outcome &&
           (record.outcome->status == TrialStatus::failed || record.outcome->status == TrialStatus::timed_out ||
            record.outcome->status == TrialStatus::lost);
  });
  return failed == records.rend() ? ordered_json(nullptr) : ordered_json(failed->outcome->message);
}

}  // namespace

ordered_json status_json(const StudyHistory& history, bool running) {
  const StudySpecification& study = history.study();
  ordered_json json{{"name", study.name}, {"seed", study.seed}, {"trials", counts(history, running)}};
  json["front"] = ordered_json::array();
  for (const std::uint64_t trial : history.front()) {
    const StudyHistory::Record& record = history.records()[trial];
    json["front"].push_back({{"trial", trial},
                             {"configuration", study.space->to_json(record.configuration)},
                             {"objectives", values_of(study.objectives, history.pooled_objectives(trial))}});
  }
  if (study.fidelity) json["fidelity"] = fidelity_status(history);
  if (const auto& [scheduled, frozen] = history.freezing(); scheduled > 0) {
    json["freezing"] = {{"scheduled", scheduled}, {"frozen", frozen}, {"off", 5 * frozen < scheduled}};
  }
  const auto volume = history.hypervolume();
  json["hypervolume"] = volume ? ordered_json(*volume) : ordered_json(nullptr);
  if (const auto left_out = history.beyond_measure(); !left_out.empty()) json["hypervolume_leaves_out"] = left_out;
  json["reference"] = reference_json(history);
  json["stopped"] = nullptr;
  if (history.stopped())
    json["stopped"] = {{"reason", history.stopped()->reason}, {"message", history.stopped()->message}};
  json["last_failure"] = last_failure(history);
  if (!history.enqueued().empty()) json["enqueued"] = history.enqueued().size();
  for (const StudyHistory::CommandChange& change : history.command_changes()) {
    json["command_changes"].push_back(
        {{"from_trial", change.before_trial}, {"command", change.event.command}, {"previous", change.event.previous}});
  }
  return json;
}

}  // namespace hyperego
