// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/deadline.h"

#include <algorithm>

namespace lapidary::core {

Deadline::Deadline(std::optional<Clock::time_point> at, const Progress& outer)
    : m_at(at),
      m_outer(outer.stop, [this] { m_source.request_stop(); }),
      m_progress{m_source.get_token(), outer.onStep} {
  if (m_at) m_clock = std::jthread([this](const std::stop_token& over) { wait(over); });
}

Deadline::~Deadline() = default;

void Deadline::wait(const std::stop_token& over) {
  std::unique_lock lock(m_mutex);
  m_changed.wait_until(lock, over, *m_at, [] { return false; });
  if (!over.stop_requested()) m_source.request_stop();
}

std::optional<Clock::time_point> timeIn(std::optional<double> seconds) {
  if (!seconds) return std::nullopt;
  constexpr double longest = 1e9;  // three decades: more does not fit into every clock
  const std::chrono::duration<double> left(std::clamp(*seconds, 0.0, longest));
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(left);
}

}  // namespace lapidary::core
