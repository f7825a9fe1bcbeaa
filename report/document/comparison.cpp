#include <hyperego/core/error.hpp>
#include <hyperego/report/document/comparison.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/hypervolume_curve.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {
namespace {

using nlohmann::ordered_json;
using namespace detail;

void require_same_objectives(std::span<const StudyRecord> records, const std::vector<std::string>& labels) {
  if (records.size() < 2) throw InvalidInput("studies", "a comparison needs at least two");
  const auto& expected = records.front().history.study().objectives;
  for (std::size_t k = 1; k < records.size(); ++k) {
    const auto& objectives = records[k].history.study().objectives;
    bool same = objectives.size() == expected.size();
    for (std::size_t j = 0; same && j < expected.size(); ++j) {
      same = objectives[j].name == expected[j].name && objectives[j].direction == expected[j].direction;
    }
    if (!same) {
      throw InvalidInput(labels[k], "its objectives are not those of " + labels.front() +
                                        ", so their fronts cannot be compared; report them one by one");
    }
  }
}

/// The worst coordinates of the studies' own reference points; empty where none has a completed trial.
Eigen::VectorXd joint_reference(std::span<const StudyRecord> records) {
  Eigen::VectorXd reference;
  for (const StudyRecord& record : records) {
    if (!record.history.reference()) continue;
    const Eigen::VectorXd& own = record.history.reference()->minimised;
    reference = reference.size() == 0 ? own : reference.cwiseMax(own).eval();
  }
  return reference;
}

std::string optimizer_name(const StudyRecord& record) {
  const auto found = record.specification->find("optimizer");
  if (found == record.specification->end() || !found->is_object()) return "default";
  return found->value("name", std::string("default"));
}

/// What is shown of the studies side by side.
struct ComparedStudies {
  ordered_json summary = empty_table({"study", "optimizer", "seed", "ended trials", "failed", "on the front",
                                      "hypervolume", "trials to 95 % of it", "running time (s)", "stopped by"});
  ordered_json curves = empty_table({"study", "ended trials", "seconds", "hypervolume"});
  ordered_json fronts;
  double best = -1;  ///< the largest hypervolume
  std::string best_label{};
};

ComparedStudies compared(std::span<const StudyRecord> records, const std::vector<std::string>& labels,
                         const Eigen::VectorXd& reference) {
  ComparedStudies all;
  std::vector<std::string> columns{"study", "trial"};
  for (const Objective& objective : records.front().history.study().objectives) columns.push_back(objective.name);
  all.fronts = empty_table(columns);
  for (std::size_t k = 0; k < records.size(); ++k) {
    const StudyHistory& history = records[k].history;
    const auto curve = reference.size() > 0 ? hypervolume_curve(records[k], reference) : std::vector<HypervolumeStep>{};
    const double last = curve.empty() ? 0 : curve.back().hypervolume;
    const std::uint64_t almost = curve.empty() ? 0 : reached(curve, 0.95).ended;
    for (const HypervolumeStep& step : curve) {
      all.curves["rows"].push_back({labels[k], step.ended, step.elapsed_s, step.hypervolume});
    }
    if (last > all.best) {
      all.best = last;
      all.best_label = labels[k];
    }
    for (const std::uint64_t trial : history.front()) {
      ordered_json row{labels[k], trial};
      for (const double value : history.pooled_objectives(trial)) row.push_back(value);
      all.fronts["rows"].push_back(std::move(row));
    }
    all.summary["rows"].push_back({labels[k], optimizer_name(records[k]), history.study().seed, history.ended(),
                                   history.failures(), history.archive().size(), last, almost, history.elapsed_s(),
                                   history.stopped() ? history.stopped()->reason : std::string{}});
  }
  return all;
}

ordered_json outcome_of(const ComparedStudies& all, const std::vector<Objective>& objectives,
                        const Eigen::VectorXd& reference) {
  ordered_json outcome = empty_section("outcome", "Outcome");
  std::vector<std::string> point;
  for (std::size_t j = 0; j < objectives.size() && reference.size() > 0; ++j) {
    point.push_back(objectives[j].name + " = " +
                    in_words(from_minimised(objectives[j], reference[static_cast<Eigen::Index>(j)])));
  }
  outcome["text"].push_back(
      std::to_string(all.summary.at("rows").size()) + " studies of the same objectives, side by side. " +
      (all.best > 0 ? "The largest hypervolume, " + in_words(all.best) + ", is that of " + all.best_label + "."
                    : std::string("None has a hypervolume yet.")));
  if (!point.empty()) {
    outcome["text"].push_back(
        "All hypervolumes are relative to the same reference point, the worst of the studies' "
        "own: " +
        listed(point) + ".");
  }
  outcome["text"].push_back(
      "One run of each says little about which optimizer is better in general; that takes repetitions with several "
      "seeds and tasks.");
  add_table(outcome, "summary", "The studies", all.summary);
  return outcome;
}

}  // namespace

ordered_json comparison_document(std::span<const StudyRecord> records, const std::vector<std::string>& labels) {
  require_same_objectives(records, labels);
  const auto& objectives = records.front().history.study().objectives;
  const Eigen::VectorXd reference = joint_reference(records);
  const ComparedStudies all = compared(records, labels, reference);
  ordered_json progress = empty_section("progress", "Progress");
  add_figure(progress, "curves-trials", "Hypervolume by trials", "Larger is better.",
             {{"kind", "curves"}, {"x", 1}, {"y", 3}, {"studies", labels}}, all.curves);
  add_figure(progress, "curves-time", "Hypervolume by running time", "Running time of each study in seconds.",
             {{"kind", "curves"}, {"x", 2}, {"y", 3}, {"studies", labels}}, all.curves);
  ordered_json front = empty_section("front", "Fronts");
  ordered_json names = ordered_json::array();
  for (const Objective& objective : objectives) names.push_back(objective.name);
  add_figure(front, "fronts", "The fronts", "Every study's own front.",
             {{"kind", "fronts"}, {"studies", labels}, {"objectives", names}}, all.fronts);
  ordered_json document{{"kind", "comparison"},
                        {"title", "Comparison of " + std::to_string(records.size()) + " studies"},
                        {"refreshing", false},
                        {"time", ordered_json::object()},
                        {"shared", ordered_json::object()}};
  document["sections"] = {outcome_of(all, objectives, reference), std::move(progress), std::move(front)};
  return document;
}

}  // namespace hyperego
