#pragma once

#include <hyperego/report/explanation/detail/explained_games.hpp>
#include <hyperego/report/explanation/detail/repetitions.hpp>
#include <hyperego/report/explanation/detail/support.hpp>
#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/surrogate/gaussian_process/relevance_test.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hyperego::detail {

/// What is known of one target besides its game.
struct TargetContext {
  std::vector<std::string> notes;
  nlohmann::ordered_json targets = nlohmann::ordered_json::array();  // of each study, as are the next two
  nlohmann::ordered_json fits = nlohmann::ordered_json::array();
  nlohmann::ordered_json ofs = nlohmann::ordered_json::array();
  nlohmann::ordered_json baselines = nlohmann::ordered_json::array();  // distinct ones
  std::size_t games = 1;                                               // that are aggregated

  // Of a single study.
  std::optional<RelevanceTest> relevance;
  std::vector<Dependence> dependent;
  std::vector<std::string> extrapolated;  ///< hyperparameters of the baseline that no trial is near
  std::optional<double> best_seen;        ///< the best value of the trials, in the game's direction
  /// Back from the game's values to the objective's own unit; none for trade-offs.
  std::optional<Objective> objective;
  bool is_logarithmic = false;
  bool is_constant = false;  ///< the target did not vary
};

/// The whole explanation of one target, as explain() documents it.
[[nodiscard]] nlohmann::ordered_json explanation_to_json(const ExplainedGame& game, ExplainMethod method,
                                                         const TargetContext& context, nlohmann::ordered_json intervals,
                                                         const ExplainOptions& options);

}  // namespace hyperego::detail
