#pragma once

#include <hyperego/benchmark/summary.hpp>

#include <string>

namespace hyperego {

/// One HTML page without scripts or anything from elsewhere: mean hypervolume over trials of every task with a band of
/// one standard deviation, the mean share over all tasks, ranks with the critical difference, and the tables' numbers.
[[nodiscard]] std::string curves_page(const BenchmarkSummary& summary);

}  // namespace hyperego
