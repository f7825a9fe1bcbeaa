#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hyperego::detail {

/// Energy counters of the kernel's powercap folder (Documentation/power/powercap): of every package NAME:N the file
/// energy_uj counts microjoules up to max_energy_range_uj and begins again at 0. Parts of a package (NAME:N:M) are in
/// its counter, and so are packages in the zone "psys", which is left out.
class PowercapCounters {
 public:
  /// @throws Error naming the file where there is no counter or one cannot be read.
  explicit PowercapCounters(const std::filesystem::path& root);

  /// Joules since construction or the last call. Right as long as no counter comes round twice in between: a package
  /// of 200 W does so once in about twenty minutes. A counter that cannot be read any more stands still.
  double advance();

 private:
  struct Zone {
    std::filesystem::path counter;
    std::uint64_t range;
    std::uint64_t last;
  };
  std::vector<Zone> zones_;
};

/// Joules of a window of time, sampled on a thread of its own.
class EnergyWindow {
 public:
  /// @throws Error as PowercapCounters.
  EnergyWindow(const std::filesystem::path& root, double period_s);
  ~EnergyWindow() { (void)finish(); }
  EnergyWindow(const EnergyWindow&) = delete;
  EnergyWindow& operator=(const EnergyWindow&) = delete;

  /// Ends the window. Joules from its beginning to its end.
  double finish();

 private:
  void sample(double period_s);

  PowercapCounters counters_;
  double joules_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace hyperego::detail
