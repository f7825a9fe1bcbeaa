#pragma once

#include <hyperego/core/condition.hpp>
#include <hyperego/core/hyperparameter.hpp>

#include <string>
#include <vector>

namespace hyperego::detail {

/// Gives a term that relates two hyperparameters what their values compare by. As in ConfigSpace, values are compared
/// and not ranks or indices: numbers (true is 1, false is 0) with numbers, text with text by its bytes; values of
/// different kinds are never equal.
/// @throws InvalidInput naming `where` where a relation other than `equal` meets values without a common order.
void resolve_relation(ForbiddenClause::Term& term, const std::vector<Hyperparameter>& hyperparameters,
                      const std::string& where);

}  // namespace hyperego::detail
