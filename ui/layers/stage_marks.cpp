// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/layers/stage_marks.h"

#include <algorithm>

#include "ui/look/theme.h"

namespace lapidary::ui {

QColor stageColor(int stage, int stages) {
  const double share = stages > 1 ? static_cast<double>(stage - 1) / (stages - 1) : 0.5;
  return QColor(Theme::instance().sequential(0.2 + 0.6 * std::clamp(share, 0.0, 1.0)));
}

QColor inkOn(const QColor& ground) {
  // The weights of BT.601.
  const double light = 0.299 * ground.redF() + 0.587 * ground.greenF() + 0.114 * ground.blueF();
  return light > 0.5 ? QColor(Qt::black) : QColor(Qt::white);
}

}  // namespace lapidary::ui
