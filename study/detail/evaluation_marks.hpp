#pragma once

#include <hyperego/study/detail/guardian.hpp>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace hyperego::detail {

/// The marks of a run's evaluated programs, and the guardian that ends them should this process die. A file beside the
/// logs holds what the marks begin with, so that a run which takes over finds what neither we nor the guardian ended:
/// nothing but a process with that mark, whatever number it has, is touched.
class EvaluationMarks {
 public:
  /// Nothing happens before the first mark; a run directory is locked by then. `note` is told what was ended.
  EvaluationMarks(std::optional<std::filesystem::path> logs, std::function<void(const std::string&)> note);

  /// A new mark: no other evaluation, here or elsewhere, has it. Thread-safe.
  /// @throws ResourceShortage where there is no room for the guardian.
  [[nodiscard]] std::string next();

 private:
  void begin();
  void end_those_of_before() const;
  void remember() const;

  std::optional<std::filesystem::path> file_;
  std::function<void(const std::string&)> note_;
  std::mutex mutex_;
  std::string stem_;
  std::unique_ptr<Guardian> guardian_;
  std::uint64_t count_ = 0;
};

}  // namespace hyperego::detail
