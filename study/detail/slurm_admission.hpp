#pragma once

#include <hyperego/study/detail/slurm_jobs.hpp>
#include <hyperego/study/detail/slurm_task.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace hyperego::detail {

/// How many trials the next array may have, when it may be offered, and what follows from a refusal.
///
/// Sites limit the length of arrays and the number of jobs in the queue, and do not say how much is left: arrays are
/// half as long after a refusal, twice as long after one that was taken.
class SlurmAdmission {
 public:
  /// What follows from a refusal that leaves no job behind: nothing to say, a reason why trials wait, or the end.
  struct Verdict {
    std::string message = {};
    bool is_final = false;
  };

  /// What the site says of the length of arrays; nothing where it does not.
  void set_site_limit(std::optional<std::size_t> max_array_size);
  [[nodiscard]] std::size_t length() const { return length_; }

  [[nodiscard]] bool is_due() const { return back_off_.is_due(); }
  /// There may be room in the queue.
  void something_happened() { back_off_.something_happened(); }

  void accepted(std::size_t count);
  /// @param count the length of the array. @param has_jobs whether jobs of ours are in the queue
  [[nodiscard]] Verdict refused(const Submission& submission, std::size_t count, bool has_jobs);

 private:
  static constexpr std::size_t most_tasks = 256;  ///< MaxArraySize is 1001 unless a site says otherwise

  [[nodiscard]] Verdict refused_single(const Submission& submission, bool has_jobs);

  std::size_t most_ = most_tasks;    ///< that an array may have here
  std::size_t length_ = most_tasks;  ///< of the next array
  std::optional<std::size_t> max_array_size_;
  bool has_shortened_ = false;  ///< arrays, after a refusal
  BackOff back_off_{2, 60};
  int offers_ = 0;  ///< in a row, of single tasks, refused with words that may mean anything
};

}  // namespace hyperego::detail
