// A map that keeps the most recently used few of its entries. Not thread-safe.
#pragma once

#include <algorithm>
#include <list>
#include <unordered_map>
#include <utility>

#include "core/support/ids.h"

namespace lapidary::core {

template <class T>
class Recent {
 public:
  explicit Recent(std::size_t most) : m_most(most) {}

  /// Raises the number of entries kept.
  void allow(std::size_t most) { m_most = std::max(m_most, most); }

  /// The value under `key`, made where it is not there. The reference lasts until the next call.
  template <class Make>
  const T& get(const Key& key, Make&& make) {
    if (const auto found = m_places.find(key); found != m_places.end()) {
      m_entries.splice(m_entries.begin(), m_entries, found->second);
      return m_entries.front().second;
    }
    m_entries.emplace_front(key, make());
    m_places.emplace(key, m_entries.begin());
    while (m_entries.size() > m_most) {
      m_places.erase(m_entries.back().first);
      m_entries.pop_back();
    }
    return m_entries.front().second;
  }

 private:
  std::size_t m_most;
  std::list<std::pair<Key, T>> m_entries;
  std::unordered_map<Key, typename std::list<std::pair<Key, T>>::iterator> m_places;
};

}  // namespace lapidary::core
