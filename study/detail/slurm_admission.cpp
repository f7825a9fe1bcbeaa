#include <hyperego/study/detail/slurm_admission.hpp>
#include <hyperego/study/detail/slurm_messages.hpp>

#include <algorithm>
#include <utility>

namespace hyperego::detail {
namespace {

/// So often in a row a single task is offered that is refused with words that may mean anything.
constexpr int most_offers = 10;

}  // namespace

void SlurmAdmission::set_site_limit(std::optional<std::size_t> max_array_size) {
  max_array_size_ = max_array_size;
  if (max_array_size_) most_ = std::clamp(*max_array_size_, std::size_t{1}, most_tasks);
  length_ = std::min(length_, most_);
}

void SlurmAdmission::accepted(std::size_t count) {
  length_ = std::min(most_, std::max(length_, 2 * count));
  offers_ = 0;
}

SlurmAdmission::Verdict SlurmAdmission::refused(const Submission& submission, std::size_t count, bool has_jobs) {
  const bool is_too_long = submission.refusal == SlurmRefusal::array_too_long;
  if (submission.refusal == SlurmRefusal::final || (is_too_long && count == 1)) {
    return {refused_for_good(submission.message, is_too_long), true};
  }
  length_ = std::max<std::size_t>(1, count / 2);
  if (is_too_long) {
    most_ = length_;
    if (std::exchange(has_shortened_, true)) return {};
    return {refused_as_too_long(submission.message, count, max_array_size_)};
  }
  return count == 1 ? refused_single(submission, has_jobs) : Verdict{};
}

SlurmAdmission::Verdict SlurmAdmission::refused_single(const Submission& submission, bool has_jobs) {
  back_off_.wait_longer();
  if (submission.refusal == SlurmRefusal::queue_full) return {refused_as_queue_is_full(submission.message)};
  // Where jobs of ours are in the queue the words may well be about their number.
  offers_ = has_jobs ? 0 : offers_ + 1;
  if (offers_ >= most_offers) return {refused_too_often(submission.message), true};
  return {refused_for_now(submission.message)};
}

}  // namespace hyperego::detail
