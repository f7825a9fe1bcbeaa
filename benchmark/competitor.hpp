#pragma once

#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/option.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace hyperego {

/// One method that is compared.
struct CompetingOptimizer {
  std::string label = {};  ///< unique within the suite, also as a folder
  /// As make_optimizer() takes them; null for a method whose runs others write.
  std::shared_ptr<const nlohmann::ordered_json> options = {};
  std::size_t workers = 1;  ///< trials that are evaluated at the same time
  /// Batches of as many trials as workers; otherwise one of the pending trials, drawn by the seed, ends at a time and a
  /// new one is asked for.
  bool synchronous = true;
  /// The ceiling: searches only the hyperparameters that matter, where a task has others (`relevant`, `irrelevant`).
  bool relevant_alone = false;

  [[nodiscard]] bool is_external() const { return options == nullptr; }
};

/// Workers, and what is searched.
[[nodiscard]] std::vector<Option> options_of(CompetingOptimizer& optimizer);

/// A name, or the options as in STUDY.json with a label and options_of(); {"label": …, "external": true} for a method
/// whose runs others write. @throws InvalidInput naming the member.
[[nodiscard]] CompetingOptimizer read_competitor(const JsonReader& reader);

/// As read_competitor() takes it; options_of() where they are not the default.
[[nodiscard]] nlohmann::ordered_json to_json(const CompetingOptimizer& optimizer);

}  // namespace hyperego
