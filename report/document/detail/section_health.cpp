#include <hyperego/core/version.hpp>
#include <hyperego/report/document/detail/constraint_record.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

/// Texts and how often each occurs, the most frequent first.
std::vector<std::pair<std::string, std::uint64_t>> by_frequency(const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

ordered_json failure_table(const StudyHistory& history) {
  std::map<std::string, std::map<std::string, std::uint64_t>> causes;
  std::map<std::pair<std::string, std::string>, std::uint64_t> example;
  for (std::uint64_t trial = 0; trial < history.records().size(); ++trial) {
    const auto& outcome = history.records()[trial].outcome;
    if (!outcome || outcome->status == TrialStatus::completed || outcome->status == TrialStatus::stopped) continue;
    const std::string status(to_string(outcome->status));
    const std::string broken = broken_in_words(history.study().constraints, *outcome);
    const std::string& cause = broken.empty() ? outcome->message : broken;
    ++causes[status][cause];
    example.emplace(std::pair(status, cause), trial);
  }
  ordered_json table = empty_table({"status", "cause", "trials", "first of them"});
  for (const auto& [status, messages] : causes) {
    for (const auto& [message, count] : by_frequency(messages)) {
      if (table.at("rows").size() < 50) table["rows"].push_back({status, message, count, example[{status, message}]});
    }
  }
  return table;
}

void add_constraints(ordered_json& section, const StudyRecord& record) {
  for (const ConstraintRecord& one : constraint_records(record.history)) {
    std::string text = one.constraint.name + " must be " + limits_in_words(one.constraint) + ": ";
    text += one.measured == 0
                ? std::string("no trial has measured it.")
                : std::to_string(one.broken()) + " of " + counted(one.measured, "trial") +
                      " broke that; values went from " + in_words(one.least) + " to " + in_words(one.greatest) + ".";
    section["text"].push_back(text);
  }
}

/// How often the search's own probability that a suggestion counts (neither fails nor breaks a constraint) came true;
/// empty where it had none.
std::string feasibility_in_words(const StudyRecord& record) {
  double expected = 0;
  std::uint64_t counting = 0;
  std::uint64_t all = 0;
  for (std::size_t trial = 0; trial < record.entries.size(); ++trial) {
    const auto probability = record.entries[trial].decision->find("feasibility");
    const auto& outcome = record.history.records()[trial].outcome;
    if (probability == record.entries[trial].decision->end() || !probability->is_number() || !outcome) continue;
    expected += probability->get<double>();
    counting += outcome->status == TrialStatus::completed ? 1 : 0;
    ++all;
  }
  if (all == 0) return {};
  const auto percent = [&](double count) {
    return in_words(std::round(100 * count / static_cast<double>(all))) + " %";
  };
  return "For " + counted(all, "suggestion") + " the search had a probability of neither failing nor breaking a " +
         "constraint, " + percent(expected) + " on average; " + percent(static_cast<double>(counting)) +
         " of them did neither.";
}

std::uint64_t duplicates(const StudyHistory& history) {
  std::unordered_map<Configuration, std::uint64_t, ConfigurationHash> seen;
  std::uint64_t count = 0;
  for (const StudyHistory::Record& record : history.records()) {
    if (seen[record.configuration]++ > 0) ++count;
  }
  return count;
}

/// Sentences of the decision records, by frequency; the objective's name stands where a record has its number.
ordered_json note_table(const StudyRecord& record) {
  std::map<std::string, std::uint64_t> counts;
  for (const StudyRecord::Entry& entry : record.entries) {
    const auto notes = entry.decision->find("notes");
    if (notes == entry.decision->end()) continue;
    for (const ordered_json& note : *notes) ++counts[note.get<std::string>()];
  }
  ordered_json table = empty_table({"note", "suggestions"});
  for (const auto& [note, count] : by_frequency(counts)) {
    if (table.at("rows").size() < 50) table["rows"].push_back({note, count});
  }
  return table;
}

/// How well the search's own models predicted left-out trials, suggestion by suggestion.
ordered_json fit_table(const StudyRecord& record) {
  ordered_json table = empty_table({"trial", "leave-one-out R²", "calibration"});
  for (std::size_t trial = 0; trial < record.entries.size(); ++trial) {
    const ordered_json& decision = *record.entries[trial].decision;
    const auto surrogate = decision.find("surrogate");
    if (surrogate == decision.end() || !surrogate->is_object() || !surrogate->contains("quality")) continue;
    const ordered_json& quality = surrogate->at("quality");
    table["rows"].push_back({trial, quality.at("leave_one_out_r2"), quality.at("calibration")});
  }
  return table;
}

/// Predicted without the trial itself against observed, in the objective's own units.
ordered_json left_out_table(const Surrogate& model, const Explanations& explanations, std::size_t j,
                            const Objective& objective) {
  const Prediction left_out = model.left_out().on_model_scale();
  const auto values = explanations.models->trials().values.col(static_cast<Eigen::Index>(j));
  ordered_json table = empty_table({"trial", "observed", "predicted", "low", "high"});
  const bool is_log = explanations.models->is_logarithmic(j);
  const auto raw = [&](double value) { return raw_value(objective, is_log, model.from_model(ModelScale(value))); };
  constexpr double normal_quantile = 1.6448536269514722;  // of 95 %
  for (Eigen::Index k = 0; k < left_out.mean.size(); ++k) {
    if (!std::isfinite(left_out.mean[k])) continue;
    const double width = normal_quantile * std::sqrt(std::max(0.0, left_out.variance[k]));
    const double a = raw(left_out.mean[k] - width);
    const double b = raw(left_out.mean[k] + width);
    table["rows"].push_back({explanations.modelled[static_cast<std::size_t>(k)], values[k],
                             number_or_null(raw(left_out.mean[k])), number_or_null(std::min(a, b)),
                             number_or_null(std::max(a, b))});
  }
  return table;
}

void add_left_out(ordered_json& section, const StudyRecord& record, const Explanations& explanations) {
  const auto& objectives = record.history.study().objectives;
  const bool is_forest = explanations.kind == ModelKind::forest;
  for (std::size_t j = 0; j < objectives.size(); ++j) {
    const TargetModel target = explanations.models->objective(j);
    const FitQuality quality = target.surrogate()->fit_quality();
    ordered_json table = left_out_table(*target.surrogate(), explanations, j, objectives[j]);
    if (table.at("rows").empty()) continue;
    std::size_t inside = 0;
    for (const ordered_json& row : table.at("rows")) {
      inside += row.at(1) >= row.at(3) && row.at(1) <= row.at(4) ? 1 : 0;
    }
    const double share = 100.0 * static_cast<double>(inside) / static_cast<double>(table.at("rows").size());
    section["text"].push_back("The model of " + objectives[j].name + " has " +
                              (is_forest ? "an out-of-bag" : "a leave-one-out") + " R² of " +
                              in_words(quality.leave_one_out_r2) + ", and " + in_words(share) +
                              " % of the trials lie in their 90 % interval (mean squared standardised error " +
                              in_words(quality.calibration) + ", ideally 1).");
    add_figure(section, "left-out-" + std::to_string(j + 1),
               objectives[j].name + ": predicted without the trial itself",
               std::string(is_forest ? "Each trial against what the trees that have not seen it say of it"
                                     : "Each trial against what the model of all others says of it") +
                   ", with 90 % intervals; on the line the prediction is exact.",
               {{"kind", "left-out"}, {"value", objectives[j].name}, {"log", explanations.models->is_logarithmic(j)}},
               std::move(table));
  }
}

std::string optimizer_in_words(const ordered_json& specification) {
  const auto found = specification.find("optimizer");
  return found == specification.end() || found->empty() ? std::string("default") : found->dump();
}

ordered_json reproduction_table(const StudyRecord& record, const Explanations& explanations) {
  const StudySpecification& study = record.history.study();
  ordered_json table = empty_table({"what", "value"});
  const auto row = [&](const char* what, const ordered_json& value) { table["rows"].push_back({what, value}); };
  row("study", study.name);
  row("seed", std::to_string(study.seed));
  row("optimizer", optimizer_in_words(*record.specification));
  row("evaluator", record.specification->contains("evaluator") ? record.specification->at("evaluator").dump()
                                                               : std::string("external"));
  row("workers", std::to_string(study.workers));
  row("synchronous", study.synchronous ? "yes" : "no");
  row("hyperego that ran the study", record.version);
  row("instruction set that it used", record.instruction_set);
  row("hyperego that made this report", std::string(version()));
  if (explanations.models)
    row("models of this report", explanations.kind == ModelKind::gp ? "Gaussian processes" : "random forests");
  row("identity of the study", identity(study));
  row("last event", time_in_words(record.last_event));
  return table;
}

}  // namespace

ordered_json health_section(const StudyRecord& record, const Explanations& explanations) {
  ordered_json section = empty_section("health", "Health");
  const StudyHistory& history = record.history;
  std::string failed = history.failures() == 0 ? "No trial failed" : counted(history.failures(), "trial") + " failed";
  if (const std::uint64_t infeasible = history.count(TrialStatus::infeasible); infeasible > 0) {
    failed += ", " + counted(infeasible, "trial") + " broke a constraint";
  }
  section["text"].push_back(failed + ".");
  for (const std::string& note : record.notes) section["text"].push_back("On reading: " + note + ".");
  add_constraints(section, record);
  if (std::string text = feasibility_in_words(record); !text.empty()) section["text"].push_back(std::move(text));
  const std::uint64_t repeated = duplicates(history);
  section["text"].push_back(repeated == 0 ? "No configuration was suggested twice."
                                          : counted(repeated, "suggestion") + " repeated an earlier configuration.");
  if (explanations.models) add_left_out(section, record, explanations);
  if (ordered_json fits = fit_table(record); !fits.at("rows").empty()) {
    add_figure(section, "fit", "Fit of the search's models",
               "Leave-one-out R² (1 is perfect, 0 as good as the mean) and calibration (mean squared standardised "
               "error, 1 where the model's uncertainty is right, above where it is too sure) when each suggestion was "
               "made. The target changes from trial to trial with the weights.",
               {{"kind", "fit"}}, std::move(fits));
  }
  if (const ordered_json failures = failure_table(history); !failures.at("rows").empty()) {
    add_table(section, "failures", "Failures and broken constraints by cause", failures);
  }
  if (const ordered_json notes = note_table(record); !notes.at("rows").empty()) {
    add_table(section, "notes", "Notes of the search: fallbacks and the like", notes);
  }
  add_table(section, "reproduction", "What it takes to reproduce the study", reproduction_table(record, explanations));
  return section;
}

}  // namespace hyperego::detail
