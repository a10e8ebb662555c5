// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/cut_memo.h"

#include "core/support/background.h"

namespace lapidary::core {
namespace {

std::size_t bytesOf(const CutWeight& weight) {
  return weight.values.bytes().size() + weight.bias.bytes().size() +
         (weight.encoding ? weight.encoding->codes.bytes().size() : 0);
}

}  // namespace

std::optional<CutWeight> CutMemo::find(const CutKey& key) {
  const std::lock_guard lock(m_mutex);
  const auto it = m_entries.find(key);
  if (it == m_entries.end()) return std::nullopt;
  m_order.splice(m_order.begin(), m_order, it->second.place);
  return it->second.weight;
}

CutWeight CutMemo::insert(const CutKey& key, CutWeight made) {
  const std::lock_guard lock(m_mutex);
  if (const auto it = m_entries.find(key); it != m_entries.end()) return it->second.weight;
  const std::size_t bytes = bytesOf(made);
  if (inBackground() && m_bytes + bytes > m_budget) return made;
  const auto place = m_order.insert(inBackground() ? m_order.end() : m_order.begin(), key);
  m_entries.emplace(key, Entry{made, place});
  m_bytes += bytes;
  while (m_bytes > m_budget && m_order.size() > 1) {
    const auto oldest = m_entries.find(m_order.back());
    m_bytes -= bytesOf(oldest->second.weight);
    m_entries.erase(oldest);
    m_order.pop_back();
  }
  return made;
}

}  // namespace lapidary::core
