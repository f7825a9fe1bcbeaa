#pragma once

#include <hyperego/report/record/trial_table.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace hyperego::cli {

/// What the memory for models and games depends on.
struct WorkSize {
  std::size_t trials = 0;  ///< of the largest study
  std::size_t hyperparameters = 0;
  std::size_t samples = 0;
  bool is_process = false;  ///< Gaussian processes, not forests
};

constexpr std::size_t default_samples = 10000;

[[nodiscard]] WorkSize work_size(const std::vector<TrialTable>& tables, std::optional<std::size_t> samples);

/// Where the memory has not sufficed in a phase of the work: about how much it takes, and the options that make it
/// take less.
[[nodiscard]] std::string memory_remedy(const std::string& phase, const WorkSize& size);

}  // namespace hyperego::cli
