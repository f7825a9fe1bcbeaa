#pragma once

#include <hyperego/report/record/benchmark_result.hpp>

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// The optimizers of one or several benchmarks side by side, in the shape of report_document() with "kind":
/// "comparison" and the sections "outcome", "progress", "ranks" and "tasks". `labels` name the benchmarks; with several
/// an optimizer is called "LABEL: OPTIMIZER". Ranks and tests are those of each benchmark by itself.
/// @throws InvalidInput where a task that benchmarks have in common is measured by other bounds or another reference.
[[nodiscard]] nlohmann::ordered_json benchmark_comparison_document(std::span<const BenchmarkResult> results,
                                                                   const std::vector<std::string>& labels);

}  // namespace hyperego
