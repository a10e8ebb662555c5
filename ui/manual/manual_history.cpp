// SPDX-License-Identifier: GPL-3.0-or-later
// Steps through the list of visits.
#include "ui/manual/manual_history.h"

namespace lapidary::ui {

void ManualHistory::go(const ManualPlace& place) {
  Visit& here = m_visits[m_at];
  if (here.place.file.isEmpty() || here.place.text() == place.text()) {
    here = {place};
    return;
  }
  m_visits.resize(m_at + 1);
  m_visits.push_back({place});
  ++m_at;
}

void ManualHistory::noteScroll(int scroll) { m_visits[m_at].scroll = scroll; }

const ManualHistory::Visit& ManualHistory::back() {
  if (canGoBack()) --m_at;
  return m_visits[m_at];
}

const ManualHistory::Visit& ManualHistory::forward() {
  if (canGoForward()) ++m_at;
  return m_visits[m_at];
}

}  // namespace lapidary::ui
