#include "trial_source.hpp"

#include <hyperego/core/error.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/imports/formats/trial_source.hpp>
#include <hyperego/imports/table/table_builder.hpp>
#include <hyperego/imports/trials/import_trials.hpp>
#include <hyperego/study/status_json.hpp>

#include <nlohmann/json.hpp>

#include "bindings.hpp"
#include "json.hpp"
#include "space.hpp"
#include "study.hpp"
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <utility>

namespace nb = nanobind;

namespace hyperego::python {
namespace {

using nlohmann::ordered_json;

/// {"space", "objectives": [[name, direction or None]], "ignored", "study"} of a Python caller.
ImportOptions options_of(const BoundSpace* space, const ordered_json& objectives, std::vector<std::string> ignored,
                         std::string study) {
  ImportOptions options{.space = space != nullptr ? space->space : nullptr,
                        .objectives = {},
                        .ignored = std::move(ignored),
                        .study = std::move(study)};
  for (const ordered_json& pair : objectives) {
    ObjectiveChoice& choice = options.objectives.emplace_back(ObjectiveChoice{pair.at(0).get<std::string>()});
    if (pair.at(1).is_string()) {
      choice.direction = pair.at(1) == "maximize" ? Direction::maximize : Direction::minimize;
    }
  }
  return options;
}

TrialSource source_of(const ImportedTrials& imported) {
  return {.record = study_record_of(imported),
          .kind = imported.kind,
          .where = imported.where,
          .is_space_inferred = imported.is_space_inferred};
}

TrialSource read_directory(const std::string& directory) {
  const Unlocked unlocked;
  return {.record = read_study_record(directory), .kind = "a run directory", .where = directory};
}

TrialSource read_file(const std::string& path, const BoundSpace* space, nb::handle objectives,
                      std::vector<std::string> ignored, std::string study) {
  const ImportOptions options =
      options_of(space, json_from_python(objectives, "objectives"), std::move(ignored), std::move(study));
  const Unlocked unlocked;
  return source_of(import_trials(path, options));
}

/// Columns by name, each a list with a value for every row.
TrialSource read_columns(nb::handle columns, const std::string& kind, const BoundSpace* space, nb::handle objectives,
                         std::vector<std::string> ignored) {
  const ImportOptions options = options_of(space, json_from_python(objectives, "objectives"), std::move(ignored), {});
  const ordered_json json = json_from_python(columns, kind);
  const Unlocked unlocked;
  SourceTrials trials{.kind = kind, .where = kind, .name = "table", .columns = {}, .rows = {}};
  for (const auto& [name, cells] : json.items()) {
    trials.columns.push_back({.name = name, .label = name});
    trials.rows.resize(std::max(trials.rows.size(), cells.size()));
  }
  for (std::size_t i = 0; i < trials.rows.size(); ++i) {
    trials.rows[i].place = ", row " + std::to_string(i);
    for (const auto& [name, cells] : json.items()) trials.rows[i].cells.push_back(cell_of(cells.at(i)));
  }
  return source_of(understand(std::move(trials), options));
}

/// Of a study in memory; what it has in a run directory is read from there.
TrialSource read_study(const BoundStudy& bound) {
  return bound.use([&](Study& study, double) -> TrialSource {
    if (study.directory() != nullptr) {
      study.flush();
      const std::string directory = study.directory()->path().string();
      return {.record = read_study_record(directory), .kind = "a run directory", .where = directory};
    }
    const StudyHistory& history = study.history();
    StudyRecord record{.history = history,
                       .entries = {},
                       .ended = {},
                       .specification = std::make_shared<const ordered_json>(to_json(history.study())),
                       .version = {},
                       .instruction_set = {}};
    std::map<std::uint64_t, ordered_json> decisions;
    for (const ordered_json& decision : bound.decisions_json()) decisions[decision.at("trial")] = decision;
    double elapsed_s = 0;
    for (std::size_t i = 0; i < history.records().size(); ++i) {
      const auto& outcome = history.records()[i].outcome;
      const auto known = decisions.find(i);
      record.entries.push_back(
          {known != decisions.end()
               ? std::make_shared<const ordered_json>(known->second)
               : decision_of(AddedEvent{.trial = {.number = i, .configuration = history.records()[i].configuration}},
                             *history.study().space),
           std::make_shared<const ordered_json>(nullptr), 0});
      if (!outcome) continue;
      elapsed_s += outcome->seconds;
      record.entries.back().elapsed_s = elapsed_s;
      record.ended.push_back(i);
    }
    if (!record.ended.empty()) {
      record.notes.emplace_back(
          "the study lives in memory: running times are sums of the evaluations', and games of its decisions are not "
          "kept");
    }
    return {.record = std::move(record), .kind = "a study in memory", .where = {}};
  });
}

ordered_json objectives_json(const StudySpecification& study) {
  ordered_json json = ordered_json::array();
  for (const Objective& objective : study.objectives) {
    json.push_back({{"name", objective.name},
                    {"direction", objective.direction == Direction::maximize ? "maximize" : "minimize"}});
  }
  return json;
}

ordered_json values_json(const Eigen::VectorXd& values) {
  ordered_json json = ordered_json::array();
  for (const double value : values) json.push_back(value);
  return json;
}

/// As those of a Study: [{"trial", "status", "configuration", "objectives", "constraints", "seconds", "message"}].
ordered_json records_json(const TrialSource& source) {
  const StudyHistory& history = source.record.history;
  ordered_json json = ordered_json::array();
  for (std::size_t i = 0; i < history.records().size(); ++i) {
    const StudyHistory::Record& record = history.records()[i];
    const Outcome outcome = record.outcome.value_or(Outcome{.status = TrialStatus::waiting});
    json.push_back({{"trial", i},
                    {"status", std::string(to_string(outcome.status))},
                    {"configuration", history.study().space->to_json(record.configuration)},
                    {"objectives", values_json(outcome.objectives)},
                    {"constraints", values_json(outcome.constraints)},
                    {"seconds", record.outcome ? ordered_json(outcome.seconds) : ordered_json(nullptr)},
                    {"message", outcome.message}});
  }
  return json;
}

std::vector<std::string> constraints_of(const TrialSource& source) {
  std::vector<std::string> names;
  for (const Constraint& constraint : source.record.history.study().constraints) names.push_back(constraint.name);
  return names;
}

}  // namespace

void bind_trial_source(nb::module_& module) {
  nb::class_<TrialSource>(module, "TrialSource", "Trials that are to be explained or reported, whoever made them.")
      .def_static("of_directory", &read_directory, nb::arg("directory"))
      .def_static("of_file", &read_file, nb::arg("path"), nb::arg("space").none(), nb::arg("objectives"),
                  nb::arg("ignored"), nb::arg("study"))
      .def_static("of_columns", &read_columns, nb::arg("columns"), nb::arg("kind"), nb::arg("space").none(),
                  nb::arg("objectives"), nb::arg("ignored"))
      .def_static("of_study", &read_study, nb::arg("study"))
      .def_prop_ro("space", [](const TrialSource& s) { return BoundSpace{s.record.history.study().space}; })
      .def_prop_ro("kind", [](const TrialSource& s) { return s.kind; })
      .def_prop_ro("where", [](const TrialSource& s) { return s.where; })
      .def_prop_ro("name", [](const TrialSource& s) { return s.record.history.study().name; })
      .def_prop_ro("is_space_inferred", [](const TrialSource& s) { return s.is_space_inferred; })
      .def_prop_ro("notes", [](const TrialSource& s) { return s.record.notes; })
      .def(
          "objectives", [](const TrialSource& s) { return json_to_python(objectives_json(s.record.history.study())); },
          nb::sig("def objectives(self) -> list[dict[str, str]]"))
      .def_prop_ro("constraints", &constraints_of)
      .def(
          "records", [](const TrialSource& s) { return json_to_python(records_json(s)); },
          nb::sig("def records(self) -> list[dict[str, Any]]"));
}

}  // namespace hyperego::python
