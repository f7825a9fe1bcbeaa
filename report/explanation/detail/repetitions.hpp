#pragma once

#include <hyperego/report/explanation/detail/explained_games.hpp>
#include <hyperego/report/explanation/explain_options.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace hyperego::detail {

/// The games of all targets played again, from which intervals are made.
///
/// *Of the model*: on functions that the trials leave plausible, as models of two kinds see them. One kind alone is too
/// sure of what it assumes; an interval holds the central quantiles of both, widened by a factor that was chosen on
/// some benchmark tasks and checked on others (docs/benchmarks.md). Where there are unlimited() models, it holds all
/// that their functions say. *Of sampling*: with other lists of samples.
class Repetitions {
 public:
  /// `played`: the games on the models themselves.
  Repetitions(const ExplainedGames& games, std::span<const ExplainedGame> played, int players,
              const ExplainOptions& options);

  /// Why there are fewer repetitions than one might expect; empty where there are not.
  [[nodiscard]] const std::string& note() const { return note_; }

  /// {"draws", "model": {name: [low, high]}, "game": {"empty": …, "full": …}, "replicates", "sampling", "coverage"} of
  /// one target; intervals hold the reported value.
  [[nodiscard]] nlohmann::ordered_json intervals(const ExplainedGame& reported, std::size_t target) const;

 private:
  using Games = std::vector<std::vector<ExplainedGame>>;  // of the targets, in every repetition

  const ExplainOptions& options_;
  std::vector<Games> opinions_;
  Games unlimited_;
  Games replicates_;
  std::string note_;
};

}  // namespace hyperego::detail
