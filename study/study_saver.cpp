#include <hyperego/study/study_saver.hpp>

#include <algorithm>
#include <chrono>

namespace hyperego {

void StudySaver::save_if_due(double now_s) {
  if (has_unflushed_ && now_s - flushed_s_ >= interval_s_) flush(now_s);
  if (has_stale_front_ && now_s - front_s_ >= front_interval_s_) save(now_s);
}

void StudySaver::save(double now_s) {
  flush(now_s);
  study_.write_front();
  front_s_ = now_s;
  has_stale_front_ = false;
}

std::optional<double> StudySaver::due_in_s(double now_s) const {
  if (!has_unflushed_) return std::nullopt;
  return std::max(0.0, interval_s_ - (now_s - flushed_s_));
}

void StudySaver::flush(double now_s) {
  const auto start = std::chrono::steady_clock::now();
  study_.flush();
  const double taken_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  flushed_s_ = now_s + taken_s;
  interval_s_ = std::max(least_interval_s, 4 * taken_s);
  has_unflushed_ = false;
}

}  // namespace hyperego
