#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/moo/decision/optimization_problem.hpp>
#include <hyperego/moo/decision/suggestion.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego {

/// Whether a running trial is worth going on with.
struct Continuation {
  bool goes_on = true;
  std::string reason = {};  ///< one sentence, where it is not
  double chance = 1;        ///< that its full evaluation improves the front, by the model
};

/// An ask/tell state machine. It never evaluates, does no I/O and does not own the loop.
///
/// Its suggestions are a function of the problem, its options and the sequence of calls to ask, replay and tell:
/// rebuilt from a journal by replaying them in order, it goes on with the same next suggestion. Trials are numbered
/// from 0 in the order of asking.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// The next `count` ≥ 1 suggestions, all different from each other and from everything evaluated or pending where the
  /// space allows (but for repeated trials, where the options ask for them); fewer, and finally none, when the space is
  /// exhausted.
  [[nodiscard]] virtual std::vector<Suggestion> ask(std::size_t count) = 0;

  /// Takes a suggestion made by an earlier run as its own. Its decision is not looked at; it may have no state.
  /// @throws InvalidInput where the number is not the next one, or the state is not one that it wrote.
  virtual void replay(const Suggestion& suggestion) = 0;

  /// The end of a trial that was asked for or replayed (or, with a number not seen before, of a configuration that the
  /// user chose). Status `lost` leaves the trial pending. @throws InvalidInput where the trial has ended before, or a
  /// completed outcome has the wrong number of objectives or values that are not finite.
  /// The outcome holds all reports of the trial, those that report() brought before included.
  virtual void tell(const Trial& trial) = 0;

  /// What a pending trial said on its way, at a higher fidelity than before. Reports of several trials may come in any
  /// order: what is suggested next must not depend on the order across trials. The default waits for tell().
  virtual void report(std::uint64_t trial, const IntermediateReport& report);

  /// Whether a pending trial is worth going on with. A function of what was told and of the trial's own reports; those
  /// of other pending trials do not matter, so that the answer does not depend on timing. The default: yes.
  [[nodiscard]] virtual Continuation goes_on(std::uint64_t trial) const;

  /// The hook is asked from now on while asks fit models, play games and search. An ask that it gives up leaves the
  /// optimizer as it was before. Nothing for optimizers whose asks take no time.
  virtual void set_progress(const ProgressHook& /*progress*/) {}

  /// The name by which a study asks for this optimizer, for instance "hpi-parego".
  [[nodiscard]] virtual std::string_view name() const = 0;
};

/// Makes the optimizer that `options` describes: {"name": "hpi-parego" | "parego" | "nsga2" | "random", …}; every
/// member is optional and checked.
/// @throws InvalidInput naming `where` and the member.
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(const OptimizationProblem& problem,
                                                        const nlohmann::ordered_json& options,
                                                        const std::string& where);

/// The names that make_optimizer() knows.
[[nodiscard]] std::vector<std::string> optimizer_names();

}  // namespace hyperego
