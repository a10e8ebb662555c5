// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/prepared_store.h"

namespace lapidary::core {
namespace {

// A primitive and packed weights for each of two batch sizes, of the original and of a few edits.
constexpr std::size_t mostEntries = 16;
constexpr std::size_t alwaysKept = 6;
constexpr std::size_t defaultBytes = std::size_t{64} << 20;
constexpr std::size_t smallShare = 32;  ///< of the budget: smaller entries are among those always kept

}  // namespace

RecentlyPrepared::RecentlyPrepared(std::shared_ptr<PreparedBudget> budget)
    : m_alone(budget == nullptr),
      m_budget(budget ? std::move(budget) : std::make_shared<PreparedBudget>(defaultBytes)) {}

RecentlyPrepared::~RecentlyPrepared() { m_budget->used -= m_entries.bytes(); }

bool RecentlyPrepared::tooMuch() const {
  if (m_entries.empty()) return false;
  if (m_entries.size() > mostEntries) return true;
  const bool small = m_alone || m_entries.oldest().bytes <= m_budget->most / smallShare;
  return m_budget->used > m_budget->most && (m_entries.size() > alwaysKept || !small);
}

std::shared_ptr<const void> RecentlyPrepared::find(const Key& key) const {
  const std::lock_guard lock(m_mutex);
  const auto* found = m_entries.find(key);
  return found ? *found : nullptr;
}

void RecentlyPrepared::insert(const Key& key, std::shared_ptr<const void> prepared, std::size_t bytes) {
  const std::lock_guard lock(m_mutex);
  if (m_entries.contains(key)) return;
  m_entries.put(key, std::move(prepared), bytes);
  m_budget->used += bytes;
  while (tooMuch()) m_budget->used -= m_entries.takeOldest().bytes;
}

}  // namespace lapidary::core
