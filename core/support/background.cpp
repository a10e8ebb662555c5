// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/background.h"

#include <sys/resource.h>

namespace lapidary::core {
namespace {

thread_local int depth = 0;

}  // namespace

BackgroundWork::BackgroundWork() { ++depth; }
BackgroundWork::~BackgroundWork() { --depth; }

bool inBackground() { return depth > 0; }

// On Linux 0 is the calling thread, not its process (setpriority(2), notes). Failure costs a little speed.
void lowerThreadPriority() { setpriority(PRIO_PROCESS, 0, 19); }

}  // namespace lapidary::core
