// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of the theme's maps.
#include "ui/heatmap/color_scale.h"

#include <QColor>
#include <algorithm>
#include <cmath>

#include "ui/look/theme.h"

namespace lapidary::ui {

ColorTable::ColorTable(const ColorScale& scale) : m_factor(half / (scale.limit > 0 ? scale.limit : 1)) {
  const Theme& theme = Theme::instance();
  const QRgb ink = theme.color(Role::Text).rgb(), paper = theme.color(Role::Panel).rgb();
  for (int i = -half; i <= half; ++i) {
    QRgb& color = m_colors[static_cast<std::size_t>(i + half)];
    const double x = static_cast<double>(i) / half;
    switch (scale.map) {
      case ColorMap::Diverging:
        color = theme.diverging(x);
        break;
      case ColorMap::Sequential:
        color = theme.sequential(std::max(0.0, x));
        break;
      case ColorMap::Mask:
        color = i == 0 ? paper : ink;
        break;
    }
  }
}

QRgb ColorTable::color(float value) const {
  if (std::isnan(value)) return qRgba(0, 0, 0, 0);
  const double position = std::clamp(static_cast<double>(value) * m_factor, -double{half}, double{half});
  return m_colors[static_cast<std::size_t>(std::lround(position) + half)];
}

}  // namespace lapidary::ui
