#pragma once

#include <hyperego/core/search_space.hpp>
#include <hyperego/imports/table/source_trials.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// A space for columns that nobody has described.
///
/// Domains, where the source does not know them: truth values and texts are categorical; numbers are a float or an
/// integer in the range seen, on a log scale where they reach over a factor of 10 and lie clearly more evenly on it
/// (Kolmogorov–Smirnov distance to uniform, smaller by .5/√n below a factor of 100); numbers of few values that keep
/// coming back are an ordinal; one value is a constant. Defaults are the median and the most frequent value. Columns of
/// ever different texts are no hyperparameters.
///
/// Conditions: a column that is empty in some trials is active where another column's values tell presence from absence
/// without exception (EQ, IN; for integers also LT, GT). Where no column does, empty cells of texts are the choice
/// "None", and trials without a number are left out by whoever reads the rows.
///
/// O(columns² · rows).
struct InferredSpace {
  SearchSpace space;
  std::vector<std::size_t> columns;  ///< of `trials`, by hyperparameter
};

/// Trials that failed have a say in ranges, but none in conditions.
/// @param settings the columns that are hyperparameters. Adds to `notes` what was inferred.
/// @throws InvalidInput where no column is left.
[[nodiscard]] InferredSpace infer_space(const SourceTrials& trials, const std::vector<std::size_t>& settings,
                                        std::vector<std::string>& notes);

/// The domain of one column by its cells alone; nothing for a column of ever different texts or of nothing at all.
[[nodiscard]] std::optional<Hyperparameter> infer_domain(const std::string& name, const std::vector<Cell>& cells);

}  // namespace hyperego
