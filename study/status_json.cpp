#include <hyperego/study/status_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

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
