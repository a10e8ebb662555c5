// SPDX-License-Identifier: GPL-3.0-or-later
// Reuses large freed buffers, so that running a batch does not ask the system for fresh pages each time.
#pragma once

#include <cstddef>
#include <memory>

namespace lapidary::core {

/// 64-byte aligned memory of at least `bytes` bytes, not zeroed; thread-safe. Large buffers go back
/// to a pool that keeps at most a set number of idle bytes. Throws Error(Unsupported) for more than there is.
std::shared_ptr<std::byte[]> allocateBuffer(std::size_t bytes);

/// How many idle bytes are kept, in the whole process; frees what is above. 256 MiB at first.
void keepIdleBuffers(std::size_t bytes);

/// The most that one buffer may take; the machine's memory at first.
void refuseBuffersAbove(std::size_t bytes);

/// Frees what is idle.
void releaseIdleBuffers();

}  // namespace lapidary::core
