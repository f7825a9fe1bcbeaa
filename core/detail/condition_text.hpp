#pragma once

#include <hyperego/core/condition.hpp>
#include <hyperego/core/hyperparameter.hpp>

#include <string>
#include <vector>

namespace hyperego::detail {

// Conditions and clauses in words, for messages: `optimizer == "sgd" and momentum > 0.1`.

[[nodiscard]] std::string text_of(const Condition& condition, const std::vector<Hyperparameter>& hyperparameters);
[[nodiscard]] std::string text_of(const ForbiddenClause& clause, const std::vector<Hyperparameter>& hyperparameters);

}  // namespace hyperego::detail
