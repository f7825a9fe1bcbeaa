// Ctrl-C in long work.
#pragma once

#include <hyperego/core/progress.hpp>

namespace hyperego::python {

/// Lets Python handle signals ten times a second; what a handler raises (KeyboardInterrupt) ends the work and comes
/// out. May be called with or without the GIL. Python runs handlers in its main thread only.
[[nodiscard]] ProgressHook signals_hook();

}  // namespace hyperego::python
