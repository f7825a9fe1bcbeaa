#pragma once

#include <hyperego/report/explanation/detail/explained_games.hpp>
#include <hyperego/report/explanation/detail/explanation_json.hpp>
#include <hyperego/report/explanation/detail/modelled_target.hpp>
#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/explanation/trial_models.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace hyperego::detail {

/// A sentence where there are few trials for so many players, and where the model predicts no better than the mean.
void note_fit(const nlohmann::ordered_json& fit, std::size_t trials, std::size_t players,
              std::vector<std::string>& notes);

/// Sentences on where the trials and their values are: support_notes(), outlier_note().
void note_support(const TrialTable& trials, const Configuration& baseline, const Eigen::VectorXd& observed,
                  std::vector<std::string>& notes);

/// A sentence where what attains v(N) is nowhere near the trials.
void note_maximiser(const TrialTable& trials, const ExplainedGame& game, std::vector<std::string>& notes);

/// Fit, baselines and λ* of one target of a study.
void describe(const ExplainedStudy& study, std::size_t trials, std::size_t target, TargetContext& context);

/// What the trials of one study say of a target apart from any game: its support, and of a single study also what went
/// together, what can be told from noise, and whether there is anything to explain.
void examine(const TrialModels& models, const ExplainedStudy& study, std::size_t target, const ModelledTarget& modelled,
             bool is_only_study, const ExplainOptions& options, TargetContext& context);

}  // namespace hyperego::detail
