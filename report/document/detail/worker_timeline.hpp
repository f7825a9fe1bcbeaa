#pragma once

#include <hyperego/report/record/study_record.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hyperego::detail {

/// When a trial ran, in seconds of running time, and beside which others.
struct WorkedTrial {
  std::uint64_t trial = 0;
  std::size_t worker = 0;  ///< a row of the timeline; the journal does not name workers
  double start_s = 0, end_s = 0;
};

/// The ended trials whose evaluation took time, by their start. A trial starts its seconds before it was told; one of a
/// batch that had to wait for its turn to be told starts with its batch. Each takes the worker that has been free
/// longest, of as many as the study has. O(n log n + n workers).
[[nodiscard]] std::vector<WorkedTrial> worker_timeline(const StudyRecord& record);

}  // namespace hyperego::detail
