#pragma once

#include <hyperego/study/detail/process.hpp>

#include <string>
#include <sys/types.h>

namespace hyperego::detail {

/// A small process that outlives this one: should this one end in whatever way, SIGKILL included, it ends every process
/// with the mark. It is in a session of its own and holds no file of ours.
class Guardian {
 public:
  /// @throws ResourceShortage where no process or descriptor is left.
  explicit Guardian(const std::string& mark);
  /// Dismisses it.
  ~Guardian();
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;

 private:
  OwnedDescriptor leash_;
  pid_t process_ = -1;
};

}  // namespace hyperego::detail
