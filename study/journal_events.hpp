#pragma once

#include <hyperego/core/trial.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/study/specification.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
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
/// "decision", "game", "digest", "time"}.
struct SuggestedEvent {
  std::uint64_t trial = 0;
  std::uint64_t batch_first = 0;  ///< first trial of those that were asked for together
  std::uint64_t batch_size = 1;
  Configuration configuration;
  std::shared_ptr<const nlohmann::ordered_json> state;     ///< what the optimizer wants back
  std::shared_ptr<const nlohmann::ordered_json> decision;  ///< the line of decisions.jsonl
  std::shared_ptr<const nlohmann::ordered_json> game;      ///< the line of games.jsonl, or null
};

/// {"event": "ended", "trial", "status", "configuration", "objectives", "constraints", "message", "time": {"at",
/// "seconds", "elapsed_s"}}.
struct EndedEvent {
  Trial trial;
  double elapsed_s = 0;  ///< running time of the study so far
};

/// The study ended: {"event": "stopped", "reason", "message", "time"}.
struct StoppedEvent {
  std::string reason;
  std::string message;
};

using StudyEvent = std::variant<CreatedEvent, SuggestedEvent, EndedEvent, StoppedEvent>;

[[nodiscard]] nlohmann::ordered_json to_json(const CreatedEvent& event);
[[nodiscard]] nlohmann::ordered_json to_json(const EndedEvent& event, const StudySpecification& study);
[[nodiscard]] nlohmann::ordered_json to_json(const StoppedEvent& event);

/// The event of a suggestion as part of the batch [first, first + size).
[[nodiscard]] SuggestedEvent suggested_event(const Suggestion& suggestion, const SearchSpace& space,
                                             std::uint64_t batch_first, std::uint64_t batch_size);
[[nodiscard]] nlohmann::ordered_json to_json(const SuggestedEvent& event, const SearchSpace& space);

/// Reads a line of the journal. @throws StoreError naming `where` for a line that is none of the above or contradicts
/// itself.
[[nodiscard]] StudyEvent event_from_json(const nlohmann::ordered_json& json, const StudySpecification& study,
                                         const std::string& where);

}  // namespace hyperego
