#pragma once

#include <hyperego/benchmark/summary.hpp>

#include <filesystem>

namespace hyperego {

/// A benchmark's folder may be new, or one that a benchmark has written before.
/// @throws InvalidInput naming what is in the way: a run directory, or a file that is someone else's where suite.json,
/// trials.csv, summary.json, summary.txt or curves.html would be.
void check_result_files(const std::filesystem::path& directory);

/// suite.json: what was asked for. @throws InvalidInput as check_result_files(), StoreError where it cannot be written.
void write_suite_file(const std::filesystem::path& directory, const BenchmarkSuite& suite);

/// trials.csv, summary.json, summary.txt and curves.html. @throws like write_suite_file().
void write_result_files(const std::filesystem::path& directory, const std::vector<BenchmarkTask>& tasks,
                        const BenchmarkRuns& runs, const BenchmarkSummary& summary);

}  // namespace hyperego
