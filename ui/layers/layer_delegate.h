// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the rows of the layer table: two-line names, byte bars, numbers with even digits.
#pragma once

#include <QStyledItemDelegate>

namespace lapidary::ui {

class LayerDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  static constexpr int rowHeight = 42;

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace lapidary::ui
