#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/moo/decision/decision.hpp>
#include <hyperego/moo/search/search_state.hpp>

#include <vector>

namespace hyperego {

/// Children of the front for a trial whose model predicts left-out trials badly; none where the trial is not to be one.
///
/// It is one with probability ParEgoOptions::offspring_share · (1 − max(0, `leave_one_out_r2`)): a model that predicts
/// left-out trials no better than their mean knows no better place than one near what was good, and evolution needs no
/// model. GOMORS (Akhtar & Shoemaker, J. Global Optim. 64, 2016) and EGBO (Low et al., npj Comput. Mater. 10, 2024) mix
/// both always; here the model's own record decides.
///
/// Three children, each of two `parents` (not empty) drawn with replacement; fewer where a hundred were forbidden or
/// not new. Sets the decision's phase and reason where there are any. Deterministic for a seed and a trial.
[[nodiscard]] std::vector<Configuration> offspring(const SearchState& state, const std::vector<Configuration>& parents,
                                                   double leave_one_out_r2, Decision& decision);

}  // namespace hyperego
