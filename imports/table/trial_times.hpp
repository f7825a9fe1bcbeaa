#pragma once

#include <hyperego/imports/table/source_trials.hpp>

#include <cstddef>
#include <vector>

namespace hyperego {

/// Fills in how long trials took and when they ended from columns that are named like times ("duration",
/// "datetime_complete", "end_time"), where the source has not said it.
/// Where that shows that the newest trial stands first, as in MLflow's tables, the rows are turned round.
/// @param objectives columns that are none of these, whatever their name.
void take_times(SourceTrials& trials, const std::vector<std::size_t>& objectives);

}  // namespace hyperego
