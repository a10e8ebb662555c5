// SPDX-License-Identifier: GPL-3.0-or-later
// The key of a map: its colours with the values they stand for, and the unit.
#pragma once

#include <QWidget>

#include "ui/heatmap/color_scale.h"

namespace lapidary::ui {

class ColorBar : public QWidget {
  Q_OBJECT

 public:
  explicit ColorBar(QWidget* parent = nullptr);
  void setScale(const ColorScale& scale, const QString& unit);

  QSize sizeHint() const override { return {240, 28}; }
  QSize minimumSizeHint() const override { return {120, 28}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QStringList labels() const;

  ColorScale m_scale;
  QString m_unit;
};

}  // namespace lapidary::ui
