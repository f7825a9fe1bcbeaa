#include "progress.hpp"

#include <fmt/format.h>

#include "output.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace hyperego::cli {
namespace {

constexpr std::chrono::milliseconds interval{100};

}  // namespace

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::clamp(std::ceil(seconds), 0.0, 1e9));
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

ProgressLine::ProgressLine(const StudyHistory& history)
    : shown_(::isatty(STDERR_FILENO) == 1), ended_before_(history.ended()) {}

ProgressLine::~ProgressLine() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
}

void ProgressLine::on_tell(const Trial& /*trial*/, const StudyHistory& history) {
  const auto now = Clock::now();
  if (!shown_ || now - drawn_ < interval) return;
  drawn_ = now;
  const std::uint64_t trials = history.study().limits.trials;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const auto done = static_cast<double>(history.ended() - ended_before_);
  double left = seconds / done * static_cast<double>(trials - std::min(trials, history.ended()));
  if (history.study().limits.wall_s) left = std::min(left, *history.study().limits.wall_s - history.elapsed_s());
  std::string line = fmt::format("{}/{} trials  front {}", history.ended(), trials, history.archive().size());
  if (const auto volume = history.hypervolume()) line += fmt::format("  hypervolume {}", short_number(*volume));
  if (history.failures() > 0) line += fmt::format("  failed {}", history.failures());
  (void)std::fputs(fmt::format("\r\x1b[K{}  {} left", line, clock_text(left)).c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace hyperego::cli
