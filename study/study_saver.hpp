#pragma once

#include <hyperego/study/study.hpp>

#include <optional>

namespace hyperego {

/// Decides when what a running study has found is brought to the disk.
///
/// Results that come faster than the disk can take them one by one share a flush of the journal (group commit). The
/// search goes on meanwhile, as a power failure would take its later steps along with them. front.json and front.csv
/// are written anew from time to time. Times are running times of the study in seconds.
class StudySaver {
 public:
  /// The fronts are at most `front_interval_s` old where save_if_due() is called often enough.
  StudySaver(Study& study, double now_s, double front_interval_s = 2)
      : study_(study), front_interval_s_(front_interval_s), flushed_s_(now_s - least_interval_s), front_s_(now_s) {}

  /// Something was appended with Durability::with_next.
  void appended() { has_unflushed_ = true; }
  /// The front may be another one.
  void told() { has_stale_front_ = true; }

  /// @throws StoreError where the disk does not take it, as the next one.
  void save_if_due(double now_s);
  void save(double now_s);

  /// Seconds until a flush is due; nothing where all is on the disk.
  [[nodiscard]] std::optional<double> due_in_s(double now_s) const;

 private:
  void flush(double now_s);

  static constexpr double least_interval_s = 0.02;
  Study& study_;
  double front_interval_s_;
  double interval_s_ = least_interval_s;  // between flushes: several times what one takes
  double flushed_s_;
  double front_s_;
  bool has_unflushed_ = false;
  bool has_stale_front_ = false;
};

}  // namespace hyperego
