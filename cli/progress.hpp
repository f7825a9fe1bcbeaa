#pragma once

#include <hyperego/study/runner.hpp>

#include <chrono>

namespace hyperego::cli {

/// One line on stderr that is rewritten while a study runs; nothing where stderr is no terminal.
class ProgressLine final : public Observer {
 public:
  explicit ProgressLine(const StudyHistory& history);
  ~ProgressLine() override;
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void on_tell(const Trial& trial, const StudyHistory& history) override;

 private:
  using Clock = std::chrono::steady_clock;

  bool shown_;
  std::uint64_t ended_before_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point drawn_{};
};

/// "1:02:03" or "2:03".
[[nodiscard]] std::string clock_text(double seconds);

}  // namespace hyperego::cli
