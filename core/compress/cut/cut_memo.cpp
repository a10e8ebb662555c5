// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/cut_memo.h"

#include "core/support/background.h"

namespace lapidary::core {
namespace {

std::size_t bytesOf(const WeightEncoding& encoding) {
  return encoding.codes.bytes().size() + (encoding.inFile ? encoding.inFile->codes.bytes().size() : 0);
}

std::size_t bytesOf(const CutWeight& weight) {
  return weight.values.bytes().size() + weight.bias.bytes().size() +
         (weight.encoding ? bytesOf(*weight.encoding) : 0);
}

}  // namespace

std::optional<CutWeight> CutMemo::find(const CutKey& key) {
  const std::lock_guard lock(m_mutex);
  const CutWeight* known = m_weights.find(key);
  return known ? std::optional(*known) : std::nullopt;
}

CutWeight CutMemo::insert(const CutKey& key, CutWeight made) {
  const std::size_t bytes = bytesOf(made);
  const std::lock_guard lock(m_mutex);
  if (const CutWeight* known = m_weights.find(key)) return *known;
  if (!inBackground()) return m_weights.put(key, std::move(made), bytes);
  m_weights.putWhereRoom(key, made, bytes);
  return made;
}

}  // namespace lapidary::core
