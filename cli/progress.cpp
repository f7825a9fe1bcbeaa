#include "progress.hpp"

#include <fmt/format.h>

#include "output.hpp"
#include "terminal.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace hyperego::cli {
namespace {

constexpr std::chrono::milliseconds interval{100};
constexpr std::chrono::seconds interval_without_cursor{10};

void put(const std::string& text) {
  // A terminal that has gone is no reason to stop.
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
  (void)std::fflush(stderr);
}

}  // namespace

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::clamp(std::ceil(seconds), 0.0, 1e9));
  if (whole >= 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string fitting_line(const std::vector<std::string>& parts, std::size_t columns) {
  std::string line;
  for (const std::string& part : parts) {
    std::string longer = line + (line.empty() ? "" : "  ") + printable(part);
    if (display_width(longer) > columns) return line.empty() ? cut_to_width(longer, columns) : line;
    line = std::move(longer);
  }
  return line;
}

TerminalLine::TerminalLine()
    : is_shown_(::isatty(STDERR_FILENO) == 1), is_rewritten_(terminal_has_cursor()), due_(Clock::now()) {
  if (!is_rewritten_) due_ += interval_without_cursor;
}

TerminalLine::~TerminalLine() { erase(); }

bool TerminalLine::is_due() const { return is_shown_ && Clock::now() >= due_; }

void TerminalLine::show(const std::vector<std::string>& parts) {
  if (!is_due()) return;
  const std::size_t columns = terminal_columns(STDERR_FILENO).value_or(80);
  // In the last column a terminal may wrap already.
  const std::string line = fitting_line(parts, columns - std::min<std::size_t>(columns, 1));
  if (is_rewritten_) {
    erase();
    put(line);
    drawn_columns_ = display_width(line);
  } else {
    put(line + "\n");
  }
  due_ = Clock::now() + (is_rewritten_ ? interval : std::chrono::milliseconds(interval_without_cursor));
}

void TerminalLine::erase() {
  if (!is_shown_ || drawn_columns_ == 0) return;
  // A terminal that has become narrower since has wrapped what was drawn.
  const std::size_t columns = std::max<std::size_t>(1, terminal_columns(STDERR_FILENO).value_or(80));
  const std::size_t wrapped = (drawn_columns_ - 1) / columns;
  put(wrapped == 0 ? "\r\x1b[K" : fmt::format("\x1b[{}A\r\x1b[J", wrapped));
  drawn_columns_ = 0;
}

ProgressLine::ProgressLine(const StudyHistory& history)
    : ended_before_(history.ended()), cost_before_(history.cost()) {}

void ProgressLine::on_tell(const Trial& /*trial*/, const StudyHistory& history) {
  if (!line_.is_due()) return;
  const std::uint64_t trials = history.study().limits.trials;
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const auto done = static_cast<double>(history.ended() - ended_before_);
  double left = seconds / done * static_cast<double>(trials - std::min(trials, history.ended()));
  if (history.study().limits.cost && history.cost() > cost_before_) {
    const double cost = history.cost() - cost_before_;
    left = std::min(left, seconds / cost * std::max(0.0, *history.study().limits.cost - history.cost()));
  }
  if (history.study().limits.wall_s) left = std::min(left, *history.study().limits.wall_s - history.elapsed_s());
  std::vector<std::string> parts{fmt::format("{}/{} trials", history.ended(), trials), clock_text(left) + " left"};
  if (history.study().fidelity) {
    const auto& limit = history.study().limits.cost;
    parts.push_back("cost " + short_number(history.cost()) + (limit ? "/" + short_number(*limit) : std::string()));
  }
  if (const auto stopped = history.count(TrialStatus::stopped); stopped > 0) {
    parts.push_back(fmt::format("stopped {}, saved {}", stopped, short_number(history.saved_cost())));
  }
  if (history.failures() > 0) parts.push_back(fmt::format("failed {}", history.failures()));
  parts.push_back(fmt::format("front {}", history.archive().size()));
  if (const auto volume = history.hypervolume()) parts.push_back("hypervolume " + short_number(*volume));
  line_.show(parts);
}

}  // namespace hyperego::cli
