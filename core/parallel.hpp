#pragma once

#include <cstddef>
#include <functional>

namespace hyperego {

/// Calls task(0) … task(count − 1) on number_of_threads(threads) threads. Tasks must not depend on each other. Where
/// one throws, those under way end and no later ones begin; of several exceptions the one of the lowest task is thrown,
/// so that even failures do not depend on the number of threads.
void in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& task);

/// How many threads in_parallel() takes: `wanted` where it is not 0, else the default. Always 1 in a process that was
/// forked from this one, where a pool of threads made before the fork is gone and waiting for it would never end.
[[nodiscard]] int number_of_threads(int wanted);

/// The default of the whole process from now on; 0, as in the beginning, leaves it to OpenMP (OMP_NUM_THREADS, or all
/// cores).
void set_threads(int threads);
/// The default in the calling thread alone, before that of the process; 0: none of its own.
void set_threads_of_this_thread(int threads);

}  // namespace hyperego
