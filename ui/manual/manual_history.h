// SPDX-License-Identifier: GPL-3.0-or-later
// The places of the manual that were visited, for going back and forward.
#pragma once

#include <vector>

#include "ui/manual/manual_pages.h"

namespace lapidary::ui {

class ManualHistory {
 public:
  struct Visit {
    ManualPlace place;
    int scroll = -1;  ///< where it was left; -1: at the place itself
  };

  /// Drops what was ahead. The place where one is already is not noted twice.
  void go(const ManualPlace& place);
  void noteScroll(int scroll);
  bool canGoBack() const { return m_at > 0; }
  bool canGoForward() const { return m_at + 1 < m_visits.size(); }
  /// Moves by one, where it can, and returns where that is.
  const Visit& back();
  const Visit& forward();

 private:
  std::vector<Visit> m_visits{Visit{}};
  std::size_t m_at = 0;
};

}  // namespace lapidary::ui
