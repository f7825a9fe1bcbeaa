#pragma once

#include <cstddef>
#include <functional>

namespace hyperego {

/// Calls task(0) … task(count − 1) on `threads` threads (0: OpenMP's choice). Tasks must not depend on each other. Of
/// several exceptions the one of the lowest task is thrown, so that even failures do not depend on the number of
/// threads.
void in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& task);

}  // namespace hyperego
