#pragma once

#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/report/explanation/explain_options.hpp>

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace hyperego::python {

/// The arguments of hyperego.explain() by name; a null is the default. Configurations are legal ones of the space.
/// @throws InvalidInput naming the argument.
[[nodiscard]] ExplainOptions explain_options(const nlohmann::ordered_json& arguments, const SearchSpace& space);

/// Of {"of": name} one objective; of {"weights": {name: weight} or [weight, …]} a trade-off; of {"tradeoffs": n} so
/// many; else every objective. @throws InvalidInput naming the argument.
[[nodiscard]] std::vector<ExplainTarget> explain_targets(const nlohmann::ordered_json& arguments,
                                                         const std::vector<Objective>& objectives);

}  // namespace hyperego::python
