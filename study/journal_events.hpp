#pragma once

#include <hyperego/core/trial.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/study/specification.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hyperego {

// The lines of journal.jsonl. Members that depend on the clock are under "time"; everything else is a function of the
// study.

/// The first line: {"event": "created", "format": 1, "version", "instruction_set", "study": identity}.
struct CreatedEvent {
  std::string study;
};

/// {"event": "suggested", "trial", "batch": {"first", "size"}, "configuration", "weights", "free", "surrogate",
/// "decision", "game", "digest", "time"}; with fidelities also "fidelity" (where it is not full) and "continues".
struct SuggestedEvent {
  std::uint64_t trial = 0;
  std::uint64_t batch_first = 0;  ///< first trial of those that were asked for together
  std::uint64_t batch_size = 1;
  Configuration configuration;
  std::shared_ptr<const nlohmann::ordered_json> state;     ///< what the optimizer wants back
  std::shared_ptr<const nlohmann::ordered_json> decision;  ///< the line of decisions.jsonl
  std::shared_ptr<const nlohmann::ordered_json> game;      ///< the line of games.jsonl, or null
  std::optional<double> fidelity = {};                     ///< nothing: full
  std::optional<std::uint64_t> continues = {};             ///< the trial whose checkpoint it goes on from
};

/// What a pending trial said on its way: {"event": "reported", "trial", "fidelity", "objectives", "time"}.
struct ReportedEvent {
  std::uint64_t trial = 0;
  IntermediateReport report = {};
  double elapsed_s = 0;  ///< running time of the study so far
};

/// {"event": "ended", "trial", "status", "configuration", "objectives", "constraints", "message", "time": {"at",
/// "seconds", "elapsed_s"}}; also "fidelity" (where it is not full), "cost" (where it is not 1), "measured", and
/// "reports": those that no event of their own has recorded.
struct EndedEvent {
  Trial trial;
  double elapsed_s = 0;  ///< running time of the study so far
};

/// A trial that the user evaluated and brought in: as EndedEvent, with "event": "added". Its number is the next one.
struct AddedEvent {
  Trial trial;
  double elapsed_s = 0;
};

/// A configuration that the user wants to be tried next: {"event": "enqueued", "configuration", "time"}. The
/// suggestions that follow take those that wait first, in their order.
struct EnqueuedEvent {
  Configuration configuration;
};

/// From here on the evaluator starts another program: {"event": "command", "command", "previous", "time"}.
struct CommandEvent {
  std::vector<std::string> command;
  std::vector<std::string> previous;
};

/// The study ended: {"event": "stopped", "reason", "message", "time"}.
struct StoppedEvent {
  std::string reason;
  std::string message;
};

using StudyEvent = std::variant<CreatedEvent, SuggestedEvent, ReportedEvent, EndedEvent, AddedEvent, EnqueuedEvent,
                                CommandEvent, StoppedEvent>;

/// The line of an event.
[[nodiscard]] nlohmann::ordered_json to_json(const StudyEvent& event, const StudySpecification& study);

/// The event of a suggestion as part of the batch [first, first + size).
[[nodiscard]] SuggestedEvent suggested_event(const Suggestion& suggestion, const SearchSpace& space,
                                             std::uint64_t batch_first, std::uint64_t batch_size);

/// The decision of an added trial, which is the user's: as the line of decisions.jsonl that a suggestion has.
[[nodiscard]] std::shared_ptr<const nlohmann::ordered_json> decision_of(const AddedEvent& event,
                                                                        const SearchSpace& space);

/// Reads a line of the journal. @throws StoreError naming `where` for a line that is none of the above or contradicts
/// itself.
[[nodiscard]] StudyEvent event_from_json(const nlohmann::ordered_json& json, const StudySpecification& study,
                                         const std::string& where);

}  // namespace hyperego
