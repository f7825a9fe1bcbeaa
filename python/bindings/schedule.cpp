#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/outcome_json.hpp>
#include <hyperego/study/resource_shortage.hpp>
#include <hyperego/study/schedule.hpp>

#include <nlohmann/json.hpp>

#include "bindings.hpp"
#include "json.hpp"
#include "study.hpp"
#include <chrono>
#include <filesystem>
#include <memory>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace nb = nanobind;

namespace hyperego::python {
namespace {

using nlohmann::ordered_json;

/// The schedule of one call of optimize(). The study outlives it (keep_alive).
struct BoundSchedule {
  const BoundStudy* study;
  std::unique_ptr<Schedule> schedule;
};

void make_schedule(BoundSchedule* bound, const BoundStudy& study, std::size_t workers, bool synchronous,
                   std::optional<std::uint64_t> new_trials) {
  auto schedule = study.use([&](Study& its, double) {
    return std::make_unique<Schedule>(
        its, ScheduleOptions{.workers = workers, .synchronous = synchronous, .new_trials = new_trials});
  });
  new (bound) BoundSchedule{&study, std::move(schedule)};
}

nb::object due(BoundSchedule& bound) {
  return json_to_python(bound.study->use(
      [&](Study&, double elapsed_s) { return bound.study->trials_json(bound.schedule->due(elapsed_s)); }));
}

std::vector<std::uint64_t> take(BoundSchedule& bound, const std::vector<EvaluationResult>& results) {
  return bound.study->use([&](Study&, double elapsed_s) { return bound.schedule->take(results, elapsed_s); });
}

nb::object finish(BoundSchedule& bound) {
  return json_to_python(bound.study->use([&](Study&, double elapsed_s) -> ordered_json {
    const RunSummary summary = bound.schedule->finish(elapsed_s);
    return {{"reason", std::string(to_string(summary.reason))},
            {"message", summary.message},
            {"by_itself", stopped_by_itself(summary.reason)}};
  }));
}

/// What a function returned. @throws InvalidInput for what is misuse, as a misspelt objective.
EvaluationResult read_result(const BoundStudy& study, std::uint64_t trial, nb::handle values, double seconds) {
  const std::string where = "trial " + std::to_string(trial);
  const ordered_json json = json_from_python(values, where);
  Outcome outcome = study.use([&](Study& its, double) { return outcome_from_json(json, its.specification(), where); });
  outcome.seconds = seconds;
  return {.trial = trial, .outcome = std::move(outcome)};
}

EvaluationResult failed_result(std::uint64_t trial, const std::string& message, double seconds) {
  return {.trial = trial, .outcome = {.status = TrialStatus::failed, .message = message, .seconds = seconds}};
}

EvaluationResult lost_result(std::uint64_t trial, const std::string& message) {
  return {.trial = trial, .outcome = {.status = TrialStatus::lost, .message = message}};
}

/// Programs that evaluate the trials of a study which itself knows nothing of them.
class Programs {
 public:
  Programs(const BoundStudy& study, const ordered_json& evaluator, const std::string& where, const std::string& folder)
      : stop_(std::make_shared<StopSignal>()) {
    study.use([&](Study& its, double) {
      ordered_json json = to_json(its.specification());
      json["evaluator"] = evaluator;
      json.erase("warm_start");
      specification_ = study_from_json(json, where, folder);
      EvaluatorContext context{.stop = stop_};
      if (its.directory() != nullptr) {
        context.logs = its.directory()->logs();
        context.jobs = its.directory()->path() / "slurm";
      }
      evaluator_ = make_evaluator(specification_, context);
    });
  }

  [[nodiscard]] EvaluationResult evaluate(std::uint64_t trial, nb::handle configuration, std::uint64_t seed) const {
    const Configuration read =
        specification_.space->legal_configuration_from_json(json_from_python(configuration, "config"), "config");
    const Unlocked unlocked;
    const auto start = std::chrono::steady_clock::now();
    EvaluationResult result{.trial = trial};
    try {
      result.outcome = evaluator_->evaluate(trial, read, seed);
    } catch (const EvaluationRefused& error) {
      result = {.trial = trial, .outcome = {.message = error.what()}, .kind = EvaluationResult::Kind::refused};
    } catch (const ResourceShortage& error) {
      result = {.trial = trial, .outcome = {.message = error.what()}, .kind = EvaluationResult::Kind::no_room};
    }
    if (result.outcome.seconds == 0) {
      result.outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    return result;
  }

  void stop() const noexcept { stop_->raise(); }

 private:
  std::shared_ptr<StopSignal> stop_;
  StudySpecification specification_;
  std::unique_ptr<Evaluator> evaluator_;
};

}  // namespace

void bind_schedule(nb::module_& module) {
  nb::class_<EvaluationResult>(module, "EvaluationResult", "What came of one evaluation.")
      .def_static("read", &read_result, nb::arg("study"), nb::arg("trial"), nb::arg("values"), nb::arg("seconds"))
      .def_static("failed", &failed_result, nb::arg("trial"), nb::arg("message"), nb::arg("seconds"))
      .def_static("lost", &lost_result, nb::arg("trial"), nb::arg("message"))
      .def_prop_ro("trial", [](const EvaluationResult& result) { return result.trial; })
      .def_prop_ro("message", [](const EvaluationResult& result) { return result.outcome.message; });
  nb::class_<BoundSchedule>(module, "Schedule", "What is evaluated next and what becomes of results.")
      .def("__init__", &make_schedule, nb::keep_alive<1, 2>(), nb::arg("study"), nb::arg("workers"),
           nb::arg("synchronous"), nb::arg("new_trials").none())
      .def("due", &due, nb::sig("def due(self) -> list[dict[str, typing.Any]]"))
      .def("take", &take, nb::arg("results"))
      .def("stop", [](BoundSchedule& bound) { bound.study->use([&](Study&, double) { bound.schedule->stop(); }); })
      .def("patience_s",
           [](const BoundSchedule& bound) {
             return bound.study->use([&](Study&, double elapsed_s) { return bound.schedule->patience_s(elapsed_s); });
           })
      .def("is_over",
           [](const BoundSchedule& bound) {
             return bound.study->use([&](Study&, double) { return bound.schedule->is_over(); });
           })
      .def("finish", &finish, nb::sig("def finish(self) -> dict[str, typing.Any]"));
  nb::class_<Programs>(module, "Programs", "Evaluates trials by programs, one process each.")
      .def(
          "__init__",
          [](Programs* programs, const BoundStudy& study, nb::handle evaluator, const std::string& where,
             const std::string& folder) {
            new (programs) Programs(study, json_from_python(evaluator, where), where, folder);
          },
          nb::arg("study"), nb::arg("evaluator"), nb::arg("where"), nb::arg("folder"))
      .def("evaluate", &Programs::evaluate, nb::arg("trial"), nb::arg("configuration"), nb::arg("seed"))
      .def("stop", &Programs::stop);
}

}  // namespace hyperego::python
