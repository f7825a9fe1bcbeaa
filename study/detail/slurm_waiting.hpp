#pragma once

#include <hyperego/study/detail/slurm_task.hpp>

#include <filesystem>
#include <functional>
#include <list>
#include <set>
#include <string>

namespace hyperego::detail {

/// What an onlooker is told of why nothing is evaluated: a sentence, said once, and a file while it holds.
class SlurmWaiting {
 public:
  SlurmWaiting(std::filesystem::path folder, std::function<void(const std::string&)> note)
      : folder_(std::move(folder)), note_(std::move(note)) {}

  /// This keeps trials from being submitted, until there is free_way().
  void stands_in_the_way(const std::string& sentence);
  void free_way() { in_the_way_.clear(); }
  /// Says it where it has not been said before.
  void say_once(const std::string& sentence);

  /// Brings the file up to date. A courtesy: where it cannot be written, the study goes on.
  void publish(const std::list<SlurmTask>& tasks);

 private:
  /// Where every job waits, that is the reason; else what keeps trials from being submitted.
  [[nodiscard]] std::string reason(const std::list<SlurmTask>& tasks) const;

  std::filesystem::path folder_;
  std::function<void(const std::string&)> note_;
  std::string in_the_way_;
  std::string published_;
  std::set<std::string> said_;
};

/// Of an evaluator that has ended.
void forget_waiting(const std::filesystem::path& folder);

}  // namespace hyperego::detail
