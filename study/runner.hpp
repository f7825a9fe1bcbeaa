#pragma once

#include <hyperego/study/evaluator.hpp>
#include <hyperego/study/schedule.hpp>
#include <hyperego/study/stop_signal.hpp>
#include <hyperego/study/study.hpp>

namespace hyperego {

/// Is told what happens, always from the thread that called run_study().
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_tell(const Trial& /*trial*/, const StudyHistory& /*history*/) {}
};

/// Runs a study to its end, as its Schedule says, on as many threads as it has workers.
///
/// When the stop signal is raised, evaluations under way are waited for (programs are ended); what has no result then
/// stays pending.
/// @throws StoreError where the journal cannot be written; whatever was told before is safe. Any exception raises the
/// stop signal, so that no program goes on for nobody.
/// @throws ResourceShortage where an evaluation found no room on the machine, `attempts` times in a row: nothing new is
/// begun, what runs is waited for and told, and the trial stays pending.
RunSummary run_study(Study& study, Evaluator& evaluator, StopSignal& stop, Observer* observer = nullptr,
                     const ScheduleOptions& options = {});

}  // namespace hyperego
