#pragma once

#include <hyperego/core/condition.hpp>
#include <hyperego/core/detail/configspace_names.hpp>
#include <hyperego/core/json_reader.hpp>

#include <string>
#include <vector>

namespace hyperego::detail {

/// Reads an entry of "forbiddens": EQUALS, IN, CLAUSE_LT, CLAUSE_LE, CLAUSE_GT, CLAUSE_GE, relations of two
/// hyperparameters (RELATION_LT … RELATION_GE, or RELATION with a "lambda"), AND, OR, nested as they like. What it
/// forbids is a list of clauses, any of which makes a configuration illegal: an OR inside an AND is multiplied out.
/// @throws InvalidInput naming the member.
[[nodiscard]] std::vector<ForbiddenClause> read_forbidden(const JsonReader& reader, const ConfigSpaceNames& names,
                                                          std::vector<std::string>* passed_over);

}  // namespace hyperego::detail
