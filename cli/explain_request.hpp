#pragma once

#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/record/trial_table.hpp>

#include "explain_arguments.hpp"
#include <memory>
#include <vector>

namespace hyperego::cli {

/// The trials of every source. @throws InvalidInput for sources that cannot be read, and values outside of --bounds.
[[nodiscard]] std::vector<TrialTable> explained_trials(const ExplainArguments& arguments);

/// @throws InvalidInput for configurations that `space` does not allow, and words that are none.
[[nodiscard]] ExplainOptions explain_options(const ExplainArguments& arguments,
                                             const std::shared_ptr<const SearchSpace>& space);

/// The objective or trade-off that is asked for, or --tradeoffs of them. @param first the trials of the first source
[[nodiscard]] std::vector<ExplainTarget> explain_targets(const ExplainArguments& arguments, const TrialTable& first);

}  // namespace hyperego::cli
