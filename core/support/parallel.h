// SPDX-License-Identifier: GPL-3.0-or-later
// Data parallelism over an index range with a fixed number of workers. By hand: an exception that leaves a
// loop of OpenMP's or of a parallel algorithm of the standard library ends the program, and oneTBB's loops
// hand indices out in no set order.
#pragma once

#include <cstddef>
#include <functional>

namespace lapidary::core {

/// The number of processors this process may use, at least 1.
unsigned hardwareWorkers();

/// Calls `body(index, worker)` for every index in [0, count), on up to `workers` threads of a pool
/// that is kept between calls (the calling thread is worker 0). Indices are handed out in rising
/// order. The first exception stops the hand-out and is rethrown here once all workers are idle.
/// Not reentrant: a body must not call parallelFor itself with more than one worker (such a nested
/// call runs serially).
void parallelFor(std::size_t count, unsigned workers,
                 const std::function<void(std::size_t index, unsigned worker)>& body);

/// Whether the calling thread works for a parallelFor, or in the background, so that one of its own would run
/// serially.
bool insideParallelFor();

}  // namespace lapidary::core
