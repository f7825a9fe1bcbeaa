#include "study.hpp"

#include <hyperego/core/error.hpp>
#include <hyperego/study/outcome_json.hpp>
#include <hyperego/study/run_files.hpp>
#include <hyperego/study/schedule.hpp>
#include <hyperego/study/status_json.hpp>

#include <nlohmann/json.hpp>

#include "bindings.hpp"
#include "json.hpp"
#include <filesystem>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace nb = nanobind;

namespace hyperego::python {
namespace {

using nlohmann::ordered_json;

ordered_json limit_json(const std::optional<RunSummary>& limit) {
  if (!limit) return nullptr;
  return {{"reason", std::string(to_string(limit->reason))}, {"message", limit->message}};
}

void open_study(BoundStudy* bound, nb::handle specification, const std::string& where, const std::string& folder,
                const std::optional<std::string>& directory) {
  const ordered_json json = json_from_python(specification, where);
  std::unique_ptr<Study> study;
  {
    const Unlocked unlocked;
    const StudySpecification read = study_from_json(json, where, folder);
    study = directory ? std::make_unique<Study>(read, *directory, OpenMode::resume) : std::make_unique<Study>(read);
    study->write_front();
  }
  new (bound) BoundStudy(std::move(study));
}

/// A run directory as it is there.
std::unique_ptr<BoundStudy> load_study(const std::string& directory) {
  const Unlocked unlocked;
  return std::make_unique<BoundStudy>(
      std::make_unique<Study>(RunDirectory::read_specification(directory), directory, OpenMode::resume));
}

nb::object ask(const BoundStudy& bound, std::size_t count) {
  return json_to_python(bound.use([&](Study& study, double elapsed_s) -> ordered_json {
    const AskedTrials asked = ask_within_limits(study, count, elapsed_s);
    return {{"trials", bound.trials_json(asked.trials)}, {"limit", limit_json(asked.limit)}};
  }));
}

nb::object pending(const BoundStudy& bound) {
  return json_to_python(bound.use([&](Study& study, double) { return bound.trials_json(study.pending()); }));
}

/// Once a limit is reached that is written down, as the program does.
ordered_json after_telling(const BoundStudy& bound, Study& study, std::uint64_t trial, double elapsed_s) {
  const auto limit = reached_limit(study.history(), elapsed_s);
  bound.told(elapsed_s, limit.has_value());
  if (limit) study.stop({std::string(to_string(limit->reason)), limit->message});
  const Outcome& outcome = *study.history().records()[trial].outcome;
  return {{"trial", trial},
          {"status", std::string(to_string(outcome.status))},
          {"message", outcome.message},
          {"limit", limit_json(limit)}};
}

nb::object tell(const BoundStudy& bound, std::uint64_t trial, nb::handle result, double seconds) {
  const std::string where = "trial " + std::to_string(trial);
  const ordered_json json = json_from_python(result, where);
  return json_to_python(bound.use([&](Study& study, double elapsed_s) {
    Outcome outcome = outcome_from_json(json, study.specification(), where);
    outcome.seconds = seconds;
    (void)study.tell(trial, std::move(outcome), elapsed_s);
    return after_telling(bound, study, trial, elapsed_s);
  }));
}

/// {"continue", "reason"}.
nb::object report(const BoundStudy& bound, std::uint64_t trial, nb::handle values) {
  const std::string where = "trial " + std::to_string(trial);
  const ordered_json json = json_from_python(values, where);
  return json_to_python(bound.use([&](Study& study, double elapsed_s) -> ordered_json {
    const Continuation continuation =
        study.report(trial, report_from_json(json, study.specification(), where), elapsed_s);
    return {{"continue", continuation.goes_on}, {"reason", continuation.reason}};
  }));
}

Configuration configuration_of(const Study& study, const ordered_json& json) {
  return study.specification().space->legal_configuration_from_json(json, "config");
}

nb::object add(const BoundStudy& bound, nb::handle configuration, nb::handle result, double seconds) {
  const ordered_json json = json_from_python(configuration, "config");
  const ordered_json values = json_from_python(result, "values");
  return json_to_python(bound.use([&](Study& study, double elapsed_s) {
    Outcome outcome = outcome_from_json(values, study.specification(), "values");
    outcome.seconds = seconds;
    return after_telling(bound, study, study.add(configuration_of(study, json), std::move(outcome)), elapsed_s);
  }));
}

void enqueue(const BoundStudy& bound, nb::handle configuration) {
  const ordered_json json = json_from_python(configuration, "config");
  bound.use([&](Study& study, double) { study.enqueue(configuration_of(study, json)); });
}

std::uint64_t replay(const BoundStudy& bound, nb::handle configuration, nb::handle state) {
  const ordered_json json = json_from_python(configuration, "config");
  const ordered_json remembered = json_from_python(state, "state");
  return bound.use([&](Study& study, double) { return study.replay(configuration_of(study, json), remembered); });
}

ordered_json values_json(const Eigen::VectorXd& values) {
  ordered_json json = ordered_json::array();
  for (const double value : values) json.push_back(value);
  return json;
}

/// {"trial", "seed", "status", "configuration", "objectives", "constraints", "seconds", "message"}.
ordered_json record_json(const Study& study, std::uint64_t trial) {
  const StudyHistory::Record& record = study.history().records()[trial];
  const Outcome outcome = record.outcome.value_or(Outcome{.status = TrialStatus::waiting});
  ordered_json json{{"trial", trial},
                    {"seed", trial_seed(study.specification(), trial)},
                    {"status", std::string(to_string(outcome.status))},
                    {"configuration", study.specification().space->to_json(record.configuration)},
                    {"objectives", values_json(outcome.objectives)},
                    {"constraints", values_json(outcome.constraints)},
                    {"seconds", record.outcome ? ordered_json(outcome.seconds) : ordered_json(nullptr)},
                    {"message", outcome.message}};
  if (study.specification().fidelity) {
    json["fidelity"] = record.fidelity.value_or(study.specification().fidelity->full);
    json["cost"] = outcome.cost ? ordered_json(*outcome.cost) : ordered_json(nullptr);
  }
  return json;
}

nb::object record(const BoundStudy& bound, std::uint64_t trial) {
  return json_to_python(bound.use([&](Study& study, double) {
    if (trial >= study.history().records().size()) {
      throw InvalidInput("trial " + std::to_string(trial), "has not been asked for");
    }
    return record_json(study, trial);
  }));
}

nb::object records(const BoundStudy& bound) {
  return json_to_python(bound.use([&](Study& study, double) {
    ordered_json json = ordered_json::array();
    for (std::size_t i = 0; i < study.history().records().size(); ++i) json.push_back(record_json(study, i));
    return json;
  }));
}

nb::object status(const BoundStudy& bound) {
  return json_to_python(bound.use([&](Study& study, double) {
    ordered_json json = status_json(study.history(), false);
    if (study.directory() != nullptr) json["directory"] = study.directory()->path().string();
    return json;
  }));
}

/// The few numbers that a progress bar shows, without the whole of status().
nb::object progress(const BoundStudy& bound) {
  return json_to_python(bound.use([&](Study& study, double) -> ordered_json {
    const StudyHistory& history = study.history();
    const auto volume = history.hypervolume();
    return {
        {"ended", history.ended()},          {"trials", history.study().limits.trials},
        {"asked", history.records().size()}, {"hypervolume", volume ? ordered_json(*volume) : ordered_json(nullptr)},
        {"front", history.archive().size()}, {"failed", history.failures()}};
  }));
}

nb::object specification(const BoundStudy& bound) {
  return json_to_python(bound.use([](Study& study, double) { return to_json(study.specification()); }));
}

/// What is to be told to people once: what was read past, taken over from earlier studies and repaired.
std::vector<std::string> remarks(const BoundStudy& bound) {
  return bound.use([](Study& study, double) {
    std::vector<std::string> all = study.specification().remarks;
    for (std::string& remark : study.warm_start_remarks()) all.push_back(std::move(remark));
    if (study.directory() != nullptr) {
      all.insert(all.end(), study.directory()->repairs().begin(), study.directory()->repairs().end());
    }
    return all;
  });
}

}  // namespace

void bind_study(nb::module_& module) {
  module.def(
      "is_run_directory", [](const std::string& folder) { return is_run_directory(folder); }, nb::arg("folder"));
  nb::class_<BoundStudy>(module, "Study", "A study in progress; threads may share it.")
      .def("__init__", &open_study, nb::arg("specification"), nb::arg("where"), nb::arg("folder"),
           nb::arg("directory").none())
      .def_static("load", &load_study, nb::arg("directory"))
      .def("ask", &ask, nb::arg("count"), nb::sig("def ask(self, count: int) -> dict[str, typing.Any]"))
      .def("pending", &pending, nb::sig("def pending(self) -> list[dict[str, typing.Any]]"))
      .def("tell", &tell, nb::arg("trial"), nb::arg("result"), nb::arg("seconds"),
           nb::sig("def tell(self, trial: int, result: object, seconds: float) -> dict[str, typing.Any]"))
      .def("report", &report, nb::arg("trial"), nb::arg("values"),
           nb::sig("def report(self, trial: int, values: object) -> dict[str, typing.Any]"))
      .def("add", &add, nb::arg("configuration"), nb::arg("result"), nb::arg("seconds"),
           nb::sig("def add(self, configuration: object, result: object, seconds: float) -> dict[str, typing.Any]"))
      .def("enqueue", &enqueue, nb::arg("configuration"))
      .def("replay", &replay, nb::arg("configuration"), nb::arg("state").none())
      .def("record", &record, nb::arg("trial"), nb::sig("def record(self, trial: int) -> dict[str, typing.Any]"))
      .def("records", &records, nb::sig("def records(self) -> list[dict[str, typing.Any]]"))
      .def(
          "decisions",
          [](const BoundStudy& bound) {
            return json_to_python(bound.use([&](Study&, double) { return bound.decisions_json(); }));
          },
          nb::sig("def decisions(self) -> list[dict[str, typing.Any]]"))
      .def("status", &status, nb::sig("def status(self) -> dict[str, typing.Any]"))
      .def("progress", &progress, nb::sig("def progress(self) -> dict[str, typing.Any]"))
      .def("specification", &specification, nb::sig("def specification(self) -> dict[str, typing.Any]"))
      .def("remarks", &remarks)
      .def("flush", [](const BoundStudy& bound) {
        bound.use([](Study& study, double) {
          study.flush();
          study.write_front();
        });
      });
}

}  // namespace hyperego::python
