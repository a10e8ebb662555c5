// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a cell of the sensitivity matrix: colour and number of what is lost, a bar of the bytes saved, a
// frame where it is applied.
#pragma once

#include <QStyledItemDelegate>

#include "ui/heatmap/color_scale.h"

namespace lapidary::ui {

class SensitivityDelegate final : public QStyledItemDelegate {
  Q_OBJECT

 public:
  static constexpr int rowHeight = 30;

  using QStyledItemDelegate::QStyledItemDelegate;
  void setScale(const ColorScale& scale) { m_scale = scale; }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  ColorScale m_scale;
};

}  // namespace lapidary::ui
