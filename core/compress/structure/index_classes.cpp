// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/structure/index_classes.h"

#include <algorithm>
#include <numeric>

namespace lapidary::core {

std::vector<AxisIndex> IndexClasses::make(std::size_t count) {
  std::vector<AxisIndex> made(count);
  std::iota(made.begin(), made.end(), static_cast<AxisIndex>(m_parent.size()));
  m_parent.insert(m_parent.end(), made.begin(), made.end());
  m_flags.resize(m_parent.size());
  return made;
}

AxisIndex IndexClasses::find(AxisIndex index) const {
  while (m_parent[index] != index) index = m_parent[index];
  return index;
}

/// The lower position stands for the class, and whoever was asked about points at it directly afterwards.
void IndexClasses::join(AxisIndex a, AxisIndex b) {
  const AxisIndex first = std::min(find(a), find(b)), second = std::max(find(a), find(b));
  for (AxisIndex each : {a, b})
    while (m_parent[each] != each) {
      const AxisIndex next = m_parent[each];
      m_parent[each] = first;
      each = next;
    }
  if (first == second) return;
  m_parent[second] = first;
  Flags& flags = m_flags[first];
  if (flags.reason < 0) flags.reason = m_flags[second].reason;
  flags.head = flags.head || m_flags[second].head;
}

void IndexClasses::pin(AxisIndex index, const std::string& reason) {
  Flags& flags = m_flags[find(index)];
  if (flags.reason >= 0) return;
  if (m_reasons.empty() || m_reasons.back() != reason) m_reasons.push_back(reason);
  flags.reason = static_cast<std::int32_t>(m_reasons.size()) - 1;
}

const std::string& IndexClasses::reason(AxisIndex index) const {
  static const std::string none;
  const std::int32_t reason = m_flags[find(index)].reason;
  return reason < 0 ? none : m_reasons[static_cast<std::size_t>(reason)];
}

}  // namespace lapidary::core
