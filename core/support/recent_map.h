// SPDX-License-Identifier: GPL-3.0-or-later
// A map that keeps the most recently used of its entries, within a number of entries and a number of bytes:
// the standard library has none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <limits>
#include <list>
#include <map>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace lapidary::core {

/// How much a map keeps.
struct RecentLimits {
  std::size_t entries = std::numeric_limits<std::size_t>::max();
  std::size_t bytes = std::numeric_limits<std::size_t>::max();
};

/// Keys need a hash or an order. The entry that was used last stays, whatever its size. Not thread-safe:
/// whoever shares one locks it together with what it is about.
template <class KeyType, class Value>
class RecentMap {
 public:
  struct Entry {
    KeyType key;
    Value value;
    std::size_t bytes;
  };

  explicit RecentMap(RecentLimits limits = {}) : m_limits(limits) {}
  RecentMap(const RecentMap&) = delete;
  RecentMap& operator=(const RecentMap&) = delete;

  /// The value under a key, which is then the one used last; null where there is none. The pointer lasts as
  /// long as the entry.
  Value* find(const KeyType& key) {
    const auto found = m_index.find(key);
    if (found == m_index.end()) return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return &found->second->value;
  }

  bool contains(const KeyType& key) const { return m_index.contains(key); }

  /// The value under a key, made where it is not there.
  template <class Make>
  Value& get(const KeyType& key, Make&& make) {
    if (Value* found = find(key)) return *found;
    return put(key, make());
  }

  /// Keeps a value in place of what was known under the key.
  Value& put(const KeyType& key, Value value, std::size_t bytes = 0) {
    take(key);
    m_entries.push_front({key, std::move(value), bytes});
    m_index.emplace(key, m_entries.begin());
    m_bytes += bytes;
    trim();
    return m_entries.front().value;
  }

  /// Keeps a value where none is known under the key, and returns the one that is known then.
  Value& putNew(const KeyType& key, Value value, std::size_t bytes = 0) {
    if (Value* found = find(key)) return *found;
    return put(key, std::move(value), bytes);
  }

  /// Keeps a new value as the one that is the next to go, where that takes the room of no other; whether it
  /// did.
  bool putWhereRoom(const KeyType& key, Value value, std::size_t bytes = 0) {
    if (contains(key) || size() >= m_limits.entries || m_bytes + bytes > m_limits.bytes) return false;
    m_entries.push_back({key, std::move(value), bytes});
    m_index.emplace(key, std::prev(m_entries.end()));
    m_bytes += bytes;
    return true;
  }

  /// Removes an entry; false where there is none. The value goes to `taken`, if that is asked for, so that
  /// the caller can let it go outside a lock.
  bool take(const KeyType& key, Value* taken = nullptr) {
    const auto found = m_index.find(key);
    if (found == m_index.end()) return false;
    const auto entry = found->second;
    if (taken) *taken = std::move(entry->value);
    m_bytes -= entry->bytes;
    m_index.erase(found);
    m_entries.erase(entry);
    return true;
  }

  /// The entry whose use lies back furthest; the map must not be empty.
  const Entry& oldest() const { return m_entries.back(); }

  /// Removes that entry and returns it.
  Entry takeOldest() {
    Entry entry = std::move(m_entries.back());
    m_index.erase(entry.key);
    m_entries.pop_back();
    m_bytes -= entry.bytes;
    return entry;
  }

  /// Keeps at least so many entries from now on.
  void allowEntries(std::size_t entries) { m_limits.entries = std::max(m_limits.entries, entries); }

  std::size_t size() const { return m_entries.size(); }
  bool empty() const { return m_entries.empty(); }
  std::size_t bytes() const { return m_bytes; }

  /// From the entry used last to the oldest.
  auto begin() const { return m_entries.cbegin(); }
  auto end() const { return m_entries.cend(); }

 private:
  using Position = typename std::list<Entry>::iterator;
  static constexpr bool hashed = std::is_default_constructible_v<std::hash<KeyType>>;
  using Index =
      std::conditional_t<hashed, std::unordered_map<KeyType, Position>, std::map<KeyType, Position>>;

  void trim() {
    while (size() > 1 && (size() > m_limits.entries || m_bytes > m_limits.bytes)) takeOldest();
  }

  RecentLimits m_limits;
  std::list<Entry> m_entries;  ///< most recently used first
  Index m_index;
  std::size_t m_bytes = 0;
};

}  // namespace lapidary::core
