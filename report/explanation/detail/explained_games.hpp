#pragma once

#include <hyperego/report/explanation/detail/explained_game.hpp>
#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/explanation/trial_models.hpp>
#include <hyperego/report/record/trial_table.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hyperego::detail {

/// How the index of a game is obtained: from all coalitions, from a budget of them, or without any.
enum class ExplainMethod { exact, estimated, closed_form };

[[nodiscard]] std::string_view to_string(ExplainMethod method);

/// One study, the models of what is explained (one for each target) and what their games are played with.
struct ExplainedStudy {
  std::shared_ptr<const SearchSpace> space;
  std::vector<Configuration> trials;
  std::vector<TargetModel> models;
  std::vector<std::vector<Configuration>> baselines;  ///< of each target
  std::vector<Configuration> of;                      ///< λ* of each target; empty but for ablation
  Coalition held = 0;                                 ///< players that never varied in the trials
};

/// Players whose hyperparameter has one value in all trials where it is set: the data say nothing of them.
[[nodiscard]] Coalition never_varied(const TrialTable& trials);

/// Which models of a TargetModel are asked.
enum class Opinion { first, second, unlimited };

/// The games of all targets: one model and one index, asked for in several ways. Each game is aggregated over studies
/// and their baselines.
class ExplainedGames {
 public:
  /// `options.order` is set. @throws InvalidInput where the method that the options ask for does not exist.
  ExplainedGames(std::span<const ExplainedStudy> studies, const ExplainOptions& options);

  [[nodiscard]] ExplainMethod method() const { return method_; }
  /// Why it is not the method asked for, in a sentence; empty where it is.
  [[nodiscard]] const std::string& note() const { return note_; }

  /// On the models themselves. Targets that have a baseline in common ask the models once for the blends with it.
  [[nodiscard]] std::vector<ExplainedGame> play() const;
  /// On functions that the trials leave plausible, as models of the one or the other kind see them: one list of games
  /// (of the targets) after the other; fewer than `count` where the models have no more. Maxima are sampled; what
  /// attains those of `played`, the games on the models themselves, joins the candidates, so that without doubt of a
  /// function there is none of its maxima.
  [[nodiscard]] std::vector<std::vector<ExplainedGame>> play_plausible(std::size_t count, Opinion opinion,
                                                                       std::span<const ExplainedGame> played) const;
  /// On the models with `count` other lists of samples.
  [[nodiscard]] std::vector<std::vector<ExplainedGame>> play_replicates(std::size_t count) const;

 private:
  /// One function for each objective of a study.
  using Functions = std::vector<std::shared_ptr<const BlendPredictor>>;
  struct SampleList;
  class BlendedGames;

  [[nodiscard]] SampleList sample_list() const;
  [[nodiscard]] std::vector<Functions> models() const;
  [[nodiscard]] std::vector<ExplainedGame> play(const std::vector<Functions>& functions, const SampleList& list,
                                                MaximumKind maximum, std::span<const ExplainedGame> known = {}) const;
  [[nodiscard]] std::vector<ExplainedGame> play_all_coalitions(const std::vector<Functions>& functions,
                                                               const SampleList& list, MaximumKind maximum,
                                                               std::span<const ExplainedGame> known) const;
  [[nodiscard]] ExplainedGame estimate(std::size_t target, const std::vector<Functions>& functions,
                                       const SampleList& list, std::size_t budget) const;
  [[nodiscard]] ExplainedGame closed_form() const;

  std::span<const ExplainedStudy> studies_;
  const ExplainOptions& options_;
  ExplainMethod method_ = ExplainMethod::exact;
  std::string note_;
};

}  // namespace hyperego::detail
