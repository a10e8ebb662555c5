// SPDX-License-Identifier: GPL-3.0-or-later
// Work that nobody waits for: it keeps to one thread, and what others remember stays remembered.
#pragma once

namespace lapidary::core {

/// While one lives, the calling thread works in the background: parallelFor runs serially on it, and caches
/// drop nothing for the sake of what it computes. They may nest.
class BackgroundWork {
 public:
  BackgroundWork();
  ~BackgroundWork();
  BackgroundWork(const BackgroundWork&) = delete;
  BackgroundWork& operator=(const BackgroundWork&) = delete;
};

/// Whether the calling thread works in the background.
bool inBackground();

/// The calling thread yields to all others from now on, for good.
void lowerThreadPriority();

}  // namespace lapidary::core
