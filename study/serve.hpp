#pragma once

#include <hyperego/study/stop_signal.hpp>
#include <hyperego/study/study.hpp>
#include <hyperego/study/study_saver.hpp>

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <string>

namespace hyperego {

/// Answers the requests of docs/serve.md on a study, one JSON object at a time. What it has answered with "ok" is in
/// the journal. Not thread-safe: requests are served in the order in which they come.
class StudyServer {
 public:
  explicit StudyServer(Study& study)
      : study_(study), elapsed_before_(study.history().elapsed_s()), saver_(study, elapsed_before_) {}

  /// The answer to one line: {"id", "ok": true, …} or {"id", "ok": false, "error": {"kind", "message"}}. What is wrong
  /// with a request is part of the answer. After a failure of the store, has_failed() is true and nothing more may be
  /// asked: what is in memory may be ahead of the journal.
  [[nodiscard]] nlohmann::ordered_json answer(const std::string& line);

  [[nodiscard]] bool has_failed() const { return has_failed_; }
  /// A stop request has been answered.
  [[nodiscard]] bool is_done() const { return is_done_; }

 private:
  [[nodiscard]] double elapsed() const;
  [[nodiscard]] nlohmann::ordered_json ask(const nlohmann::ordered_json& request);
  [[nodiscard]] nlohmann::ordered_json tell(const nlohmann::ordered_json& request);
  [[nodiscard]] nlohmann::ordered_json report(const nlohmann::ordered_json& request);
  [[nodiscard]] nlohmann::ordered_json add(const nlohmann::ordered_json& request);
  [[nodiscard]] nlohmann::ordered_json enqueue(const nlohmann::ordered_json& request);
  /// The answer to whatever has ended a trial.
  [[nodiscard]] nlohmann::ordered_json told(std::uint64_t trial);

  Study& study_;
  double elapsed_before_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  StudySaver saver_;
  bool has_failed_ = false;
  bool is_done_ = false;
};

/// Serves requests from `input`, one a line, and writes the answers to `output`, until a stop request, the end of the
/// input, the stop signal or a failure of the store, which is thrown. Lines beyond 64 MiB are refused unread.
/// @throws StoreError
void serve_lines(Study& study, int input, int output, const StopSignal& stop);

}  // namespace hyperego
