#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/moo/decision/decision.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace hyperego {

/// A configuration to evaluate.
struct Suggestion {
  std::uint64_t trial = 0;
  Configuration configuration = {};
  Decision decision = {};
  /// What the optimizer must be given back by replay() to go on as if it had made this suggestion itself (fitted
  /// surrogate values, the free set). Opaque to others; round-trip doubles; null where there is nothing to remember.
  std::shared_ptr<const nlohmann::ordered_json> state = {};
  std::optional<double> fidelity = {};  ///< nothing: full
  /// The trial of the same configuration from whose checkpoint this one goes on.
  std::optional<std::uint64_t> continues = {};
};

}  // namespace hyperego
