#pragma once

#include <hyperego/core/objective.hpp>
#include <hyperego/study/study_history.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hyperego::detail {

/// What the trials of a study say of one of its constraints.
struct ConstraintRecord {
  Constraint constraint;
  std::uint64_t measured = 0;          ///< trials that gave a value
  std::uint64_t below = 0, above = 0;  ///< of them, outside a limit
  double least = 0, greatest = 0;      ///< of the values; 0 where there are none

  [[nodiscard]] std::uint64_t broken() const { return below + above; }
};

/// In the order of the study's constraints.
[[nodiscard]] std::vector<ConstraintRecord> constraint_records(const StudyHistory& history);

/// "at most 512", "at least 0.9", "from 1 to 2".
[[nodiscard]] std::string limits_in_words(const Constraint& constraint);

/// "memory above 512 and accuracy below 0.9": the limits that a trial broke; empty where it gave no values or broke
/// none.
[[nodiscard]] std::string broken_in_words(const std::vector<Constraint>& constraints, const Outcome& outcome);

}  // namespace hyperego::detail
