#pragma once

#include <hyperego/study/study_history.hpp>

#include <nlohmann/json_fwd.hpp>

namespace hyperego {

/// Where a study stands: {"name", "seed", "trials": {"limit", "suggested", "ended", "waiting", "running", "completed",
/// …}, "front": [{"trial", "configuration", "objectives"}], "hypervolume", "reference": {"point": {…}, "source"} or
/// null, "stopped": {"reason", "message"} or null, "last_failure": text or null}. Pending trials count as running where
/// a process is at work on the study (`running`), else as waiting.
[[nodiscard]] nlohmann::ordered_json status_json(const StudyHistory& history, bool running);

}  // namespace hyperego
