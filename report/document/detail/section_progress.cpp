#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/hypervolume_curve.hpp>
#include <hyperego/report/document/detail/sections.hpp>
#include <hyperego/report/document/detail/worker_timeline.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

/// Runs of trials of one phase: [{"from", "to", "name"}], by trial number.
ordered_json phases(const StudyRecord& record) {
  ordered_json result = ordered_json::array();
  for (std::size_t trial = 0; trial < record.entries.size(); ++trial) {
    const std::string phase = record.entries[trial].decision->value("phase", "");
    if (result.empty() || result.back().at("name") != phase) {
      result.push_back({{"from", trial}, {"to", trial}, {"name", phase}});
    }
    result.back()["to"] = trial + 1;
  }
  return result;
}

/// The same on the clock: a phase lasts until its last trial has ended.
ordered_json phases_by_clock(const StudyRecord& record) {
  ordered_json result = ordered_json::array();
  double latest = 0;
  for (const std::uint64_t trial : record.ended) {
    const std::string phase = record.entries[trial].decision->value("phase", "");
    const double from = latest;
    latest = std::max(latest, record.entries[trial].elapsed_s);
    if (result.empty() || result.back().at("name") != phase) {
      result.push_back({{"from", from}, {"to", latest}, {"name", phase}});
    }
    result.back()["to"] = latest;
  }
  return result;
}

std::string growth(const std::vector<HypervolumeStep>& curve, std::uint64_t ended) {
  if (curve.empty() || !(curve.back().hypervolume > 0)) return "The hypervolume has not grown yet.";
  const HypervolumeStep* grown = &curve.front();
  for (std::size_t k = 1; k < curve.size(); ++k) {
    if (curve[k].hypervolume > curve[k - 1].hypervolume) grown = &curve[k];
  }
  return "95 % of the final hypervolume was there after " + counted(reached(curve, 0.95).ended, "trial") +
         ", the last improvement came with trial " + std::to_string(grown->trial) + " (" +
         counted(ended - grown->ended, "trial") + " ended after it).";
}

/// Bars thinner than a pixel show nothing.
constexpr std::size_t most_trials_of_workers = 2000;

void add_workers(ordered_json& section, const StudyRecord& record) {
  const std::vector<WorkedTrial> trials = worker_timeline(record);
  if (trials.empty()) return;
  std::size_t workers = 0;
  double busy = 0;
  double end = 0;
  for (const WorkedTrial& one : trials) {
    workers = std::max(workers, one.worker + 1);
    busy += one.end_s - one.start_s;
    end = std::max(end, one.end_s);
  }
  section["text"].push_back("Evaluations kept " + counted(workers, "worker") + " busy for " +
                            in_words(std::round(100 * std::min(1.0, busy / (static_cast<double>(workers) * end)))) +
                            " % of the running time.");
  if (trials.size() > most_trials_of_workers) return;
  ordered_json table = empty_table({"trial", "worker", "start", "end", "status"});
  for (const WorkedTrial& one : trials) {
    table["rows"].push_back({one.trial, one.worker + 1, one.start_s, one.end_s,
                             std::string(to_string(record.history.records()[one.trial].outcome->status))});
  }
  add_figure(section, "workers", "Timeline of workers",
             "When each trial ran, in seconds of running time. The journal does not name workers: a trial stands in a "
             "row that was free.",
             {{"kind", "workers"}, {"workers", workers}}, std::move(table));
}

}  // namespace

const HypervolumeStep& reached(const std::vector<HypervolumeStep>& curve, double share) {
  std::size_t k = curve.size() - 1;
  while (k > 0 && curve[k - 1].hypervolume >= share * curve.back().hypervolume) --k;
  return curve[k];
}

std::vector<HypervolumeStep> hypervolume_curve(const StudyRecord& record, const Eigen::VectorXd& reference,
                                               std::size_t most) {
  const StudySpecification& study = record.history.study();
  PooledFront front(study.objectives);
  std::vector<HypervolumeStep> curve;
  // Hypervolumes of many objectives are dear: where too many trials enter the front, some steps are joined.
  const std::size_t stride = std::max<std::size_t>(1, record.ended.size() / most);
  double volume = 0;
  bool stale = false;
  for (std::size_t k = 0; k < record.ended.size(); ++k) {
    const std::uint64_t trial = record.ended[k];
    const StudyHistory::Record& ended = record.history.records()[trial];
    if (ended.completed_in_full() &&
        !beyond_measure(to_minimised(study.objectives, ended.outcome->objectives), reference)) {
      stale = front.add(trial, ended.configuration, ended.outcome->objectives) || stale;
    }
    const bool last = k + 1 == record.ended.size();
    bool changed = false;
    if (stale && (last || k % stride == 0)) {
      const double now = hypervolume(front.archive().front_points(), reference);
      changed = now != volume;
      volume = now;
      stale = false;
    }
    if (changed || last || k == 0) curve.push_back({k + 1, trial, record.entries[trial].elapsed_s, volume});
  }
  return curve;
}

ordered_json progress_section(const StudyRecord& record) {
  ordered_json section = empty_section("progress", "Progress");
  const StudyHistory& history = record.history;
  if (!history.reference()) {
    section["text"].push_back("No trial has completed yet.");
    return section;
  }
  const std::vector<HypervolumeStep> curve = hypervolume_curve(record, history.reference()->minimised);
  section["text"].push_back(growth(curve, history.ended()));
  section["text"].push_back(
      "The shaded phases are those of the search: the initial design, the full space, slices in which the "
      "hyperparameters without influence on the trade-off were frozen, and hypervolume improvement at the end.");
  ordered_json table = empty_table({"ended trials", "seconds", "hypervolume", "trial"});
  for (const HypervolumeStep& step : curve) {
    table["rows"].push_back({step.ended, step.elapsed_s, step.hypervolume, step.trial});
  }
  add_figure(section, "hypervolume-trials", "Hypervolume by trials",
             "Larger is better; it falls only where a repeated trial shows that a configuration was lucky.",
             {{"kind", "steps"}, {"x", 0}, {"y", 2}, {"phases", phases(record)}}, table);
  if (history.elapsed_s() > 0) {
    add_figure(section, "hypervolume-time", "Hypervolume by running time",
               "Running time of the study in seconds, summed over resumed runs.",
               {{"kind", "steps"}, {"x", 1}, {"y", 2}, {"phases", phases_by_clock(record)}}, table);
  }
  add_workers(section, record);
  return section;
}

}  // namespace hyperego::detail
