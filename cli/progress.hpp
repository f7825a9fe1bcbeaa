#pragma once

#include <hyperego/study/runner.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace hyperego::cli {

/// One line on stderr that is rewritten while something takes long, and erased in the end; nothing where stderr is no
/// terminal. It never wraps: the terminal is asked for its width each time. Where the cursor does not move (TERM=dumb)
/// it is a line of its own every ten seconds. One thread at a time, one line at a time.
class TerminalLine {
 public:
  TerminalLine();
  ~TerminalLine();
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;

  /// False where show() does nothing now: too soon after the last time, or never.
  [[nodiscard]] bool is_due() const;
  /// Parts in order of importance; as many as fit, at least some of the first. Nothing unless is_due().
  void show(const std::vector<std::string>& parts);
  /// Takes the line from the terminal, so that others can write there.
  void erase();

 private:
  using Clock = std::chrono::steady_clock;

  bool is_shown_, is_rewritten_;
  std::size_t drawn_columns_ = 0;
  Clock::time_point due_;
};

/// The parts that fit into so many columns, two spaces between them.
[[nodiscard]] std::string fitting_line(const std::vector<std::string>& parts, std::size_t columns);

/// Where a study stands and how long it will take, on a TerminalLine.
class ProgressLine final : public Observer {
 public:
  explicit ProgressLine(const StudyHistory& history);

  void on_tell(const Trial& trial, const StudyHistory& history) override;
  /// Takes the line from the terminal, so that others can write there.
  void erase() { line_.erase(); }

 private:
  using Clock = std::chrono::steady_clock;

  std::uint64_t ended_before_;
  double cost_before_;
  Clock::time_point start_ = Clock::now();
  TerminalLine line_;
};

/// "1:02:03" or "2:03".
[[nodiscard]] std::string clock_text(double seconds);

}  // namespace hyperego::cli
