// SPDX-License-Identifier: GPL-3.0-or-later
// Work that ends when its time is up: the stop that it looks at is asked for by the clock too.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "core/support/clock.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// Asks for a stop at a point in time, or as soon as the outer work is stopped. Without a point in time it
/// only hands on the outer stop.
class Deadline {
 public:
  Deadline(std::optional<Clock::time_point> at, const Progress& outer);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  /// For the work: the outer steps, and the stop of either.
  const Progress& progress() const { return m_progress; }

 private:
  void wait(const std::stop_token& over);

  std::optional<Clock::time_point> m_at;
  std::stop_source m_source;
  std::stop_callback<std::function<void()>> m_outer;
  Progress m_progress;
  std::mutex m_mutex;
  std::condition_variable_any m_changed;
  std::jthread m_clock;
};

/// So many seconds from now, or never.
std::optional<Clock::time_point> timeIn(std::optional<double> seconds);

}  // namespace lapidary::core
