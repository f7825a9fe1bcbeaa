#pragma once

#include <hyperego/benchmark/run_record.hpp>
#include <hyperego/benchmark/task.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace hyperego {

/// Lets another program play one run of a task: it asks itself, and the very same evaluation as everybody's answers.
///
/// Writes a first line {"task", "space" (ConfigSpace JSON), "objectives": [{"name", "direction"}], "trials", "seed",
/// "initial": [configurations that everybody starts with]}, then reads one {"configuration": {…}} a line and answers
/// {"objectives": [raw values]} or {"failed": "why"}, until the budget is spent. A configuration that is not legal is a
/// failed trial: "failed" says what is wrong with it. The seconds of an ask are those between an answer and the next
/// request. Nothing where the input ends before the budget is spent.
/// @throws InvalidInput for a line that is no such request, naming its number.
[[nodiscard]] std::optional<RunRecord> play_external_run(const BenchmarkTask& task, const std::string& label,
                                                         std::uint64_t seed, std::istream& requests,
                                                         std::ostream& answers);

}  // namespace hyperego
