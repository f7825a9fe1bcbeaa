#pragma once

#include <hyperego/core/search_space.hpp>
#include <hyperego/moo/decision/decision.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>

namespace hyperego {

/// Writes the model's importance of every searched hyperparameter (ScalarizedModel::importance()) and its effective
/// dimension into the decision; nothing where the model has none. O(m d).
void record_importance(const ScalarizedModel& model, const SearchSpace& space, Decision& decision);

/// Where the decision has importance and the Shapley values of a game on the same model: their rank correlation.
void record_agreement(Decision& decision);

}  // namespace hyperego
