// SPDX-License-Identifier: GPL-3.0-or-later
// A queue between two threads that holds a few items at most: the faster side waits for the slower one.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace lapidary::core {

/// Thread-safe.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t most) : m_most(most) {}

  /// Waits for room. False where the queue was broken: nobody will take the item.
  bool push(T item) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_broken || m_items.size() < m_most; });
    if (m_broken) return false;
    m_items.push_back(std::move(item));
    m_changed.notify_all();
    return true;
  }

  /// Waits for an item. Nothing where all was taken after the end, or the queue was broken.
  std::optional<T> pop() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_broken || m_ended || !m_items.empty(); });
    if (m_broken || m_items.empty()) return std::nullopt;
    std::optional<T> item(std::move(m_items.front()));
    m_items.pop_front();
    m_changed.notify_all();
    return item;
  }

  /// No more will be pushed; what is there can still be taken.
  void end() {
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    m_changed.notify_all();
  }

  /// Ends both sides at once.
  void breakUp() {
    const std::lock_guard lock(m_mutex);
    m_broken = true;
    m_changed.notify_all();
  }

 private:
  const std::size_t m_most;
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::deque<T> m_items;
  bool m_ended = false, m_broken = false;
};

}  // namespace lapidary::core
