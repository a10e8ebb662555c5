// SPDX-License-Identifier: GPL-3.0-or-later
// The handle that background work gets from its caller: a way to be stopped and a way to tell how far it is.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "core/support/error.h"

namespace lapidary::core {

/// Copyable; may be used from any worker thread. A default-made one never stops and tells nobody.
struct Progress {
  std::stop_token stop;
  /// Called with units done and units in all; must be cheap and thread-safe.
  std::function<void(std::size_t done, std::size_t total)> onStep;

  /// Throws Cancelled if a stop was asked for.
  void check() const {
    if (stop.stop_requested()) throw Cancelled();
  }
  void step(std::size_t done, std::size_t total) const {
    check();
    if (onStep) onStep(done, total);
  }
};

}  // namespace lapidary::core
