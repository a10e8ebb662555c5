// SPDX-License-Identifier: GPL-3.0-or-later
// The stage of a plan that each layer belongs to, as the layer table draws it.
#pragma once

#include <QColor>
#include <QStringList>
#include <vector>

namespace lapidary::ui {

/// Empty where no plan is to be drawn.
struct StageMarks {
  std::vector<int> stageOf;  ///< by layer: from 1; 0 where a layer belongs to none
  QStringList tips;          ///< by stage
  int stages = 0;
};

/// From the first to the last of `stages` along the sequential map, without its ends.
QColor stageColor(int stage, int stages);
/// Black or white, whichever is easier to read on that colour.
QColor inkOn(const QColor& ground);

}  // namespace lapidary::ui
