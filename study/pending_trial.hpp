#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/study/specification.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace hyperego {

/// What a trial has to evaluate.
struct PendingTrial {
  std::uint64_t trial = 0;
  Configuration configuration = {};
  std::uint64_t seed = 0;  ///< for the evaluated program; below 2^31
  /// Why it was suggested: the line of decisions.jsonl.
  std::shared_ptr<const nlohmann::ordered_json> decision = {};
  std::optional<double> fidelity = {};  ///< nothing: full
  /// The trial of the same configuration from whose checkpoint it goes on.
  std::optional<std::uint64_t> continues = {};
  /// What Study::replay() must be given to go on as after this suggestion; null where that is nothing.
  std::shared_ptr<const nlohmann::ordered_json> state = {};
};

/// {"epochs": 6}, for whoever evaluates the trial; null where the study has no fidelity.
[[nodiscard]] nlohmann::ordered_json fidelity_json(const PendingTrial& trial, const StudySpecification& study);

/// As ask answers it: {"trial", "configuration", "seed"}, where the study has a fidelity also "fidelity" and, where the
/// trial goes on from another, "continues".
[[nodiscard]] nlohmann::ordered_json to_json(const PendingTrial& trial, const StudySpecification& study);

}  // namespace hyperego
