#pragma once

#include <hyperego/report/document/document.hpp>
#include <hyperego/study/runner.hpp>

#include <chrono>
#include <filesystem>

namespace hyperego::cli {

/// Keeps report.html in a run directory up to date while a study runs, without models, and never for more than a
/// twentieth of the time. A report that cannot be written is noted once and does not disturb the study.
class LiveReport final : public Observer {
 public:
  /// @param next is told everything as well.
  LiveReport(std::filesystem::path directory, Observer& next) : directory_(std::move(directory)), next_(next) {}

  /// @throws InvalidInput where a report.html that is someone else's is in the way.
  static void check(const std::filesystem::path& directory);

  void on_tell(const Trial& trial, const StudyHistory& history) override;
  /// The whole report, once the study has ended; without models where `stop` has been raised or is while they are made.
  void finish(const StopSignal& stop);

 private:
  void write(const ReportOptions& options);

  std::filesystem::path directory_;
  Observer& next_;
  std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::now();
  bool failed_ = false;
};

}  // namespace hyperego::cli
