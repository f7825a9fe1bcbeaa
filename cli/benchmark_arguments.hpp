#pragma once

#include <hyperego/benchmark/suite.hpp>

#include <CLI/CLI.hpp>

#include "output.hpp"
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace hyperego::cli {

/// Which part of which suite, and where its runs lie.
struct BenchmarkArguments {
  std::string suite;
  std::string out;
  std::string seeds, optimizers, tasks;
  std::string external, serve;
  std::optional<std::uint64_t> threads;
  OutputOptions output;
};

/// --out, --seeds, --optimizers, --tasks, --external.
void add_suite_options(CLI::App& command, BenchmarkArguments& arguments);

/// The suite, cut down to what the arguments say. @throws InvalidInput naming the option.
[[nodiscard]] BenchmarkSuite suite_of(const BenchmarkArguments& arguments);

[[nodiscard]] std::filesystem::path directory_of(const BenchmarkArguments& arguments, const BenchmarkSuite& suite);

}  // namespace hyperego::cli
