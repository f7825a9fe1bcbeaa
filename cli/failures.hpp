#pragma once

#include <hyperego/study/study_history.hpp>

#include <string>

namespace hyperego::cli {

/// How many of the ended trials have no result and why most of them: one sentence, empty where all have one. Of a
/// message that has several lines the first and the last count.
[[nodiscard]] std::string failures_sentence(const StudyHistory& history);

/// Whether trials have ended and none completed.
[[nodiscard]] bool nothing_worked(const StudyHistory& history);

}  // namespace hyperego::cli
