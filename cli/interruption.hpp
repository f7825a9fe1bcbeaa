#pragma once

#include <hyperego/study/stop_signal.hpp>

namespace hyperego::cli {

/// While it lives, SIGINT, SIGTERM and, unless it is ignored (nohup), SIGHUP raise the stop signal with their number. A
/// second one ends the process at once:
/// what has been told is in the journal. One at a time.
class Interruption {
 public:
  explicit Interruption(StopSignal& stop);
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

 private:
  bool heeds_hangup_ = false;
};

}  // namespace hyperego::cli
