#include "core/run/prepared_store.h"

#include <algorithm>

namespace lapidary::core {
namespace {

// A primitive and packed weights for each of two batch sizes, of the original and of a few edits.
constexpr std::size_t mostEntries = 16;
constexpr std::size_t alwaysKept = 6;
constexpr std::size_t mostBytes = std::size_t{64} << 20;

}  // namespace

std::shared_ptr<const void> RecentlyPrepared::find(const Key& key) const {
  const std::lock_guard lock(m_mutex);
  const auto found = std::ranges::find(m_entries, key, &Entry::key);
  if (found == m_entries.end()) return nullptr;
  m_entries.splice(m_entries.begin(), m_entries, found);
  return m_entries.front().prepared;
}

void RecentlyPrepared::insert(const Key& key, std::shared_ptr<const void> prepared, std::size_t bytes) {
  const std::lock_guard lock(m_mutex);
  if (std::ranges::find(m_entries, key, &Entry::key) != m_entries.end()) return;
  m_entries.push_front({key, std::move(prepared), bytes});
  m_bytes += bytes;
  while (m_entries.size() > mostEntries || (m_entries.size() > alwaysKept && m_bytes > mostBytes)) {
    m_bytes -= m_entries.back().bytes;
    m_entries.pop_back();
  }
}

}  // namespace lapidary::core
