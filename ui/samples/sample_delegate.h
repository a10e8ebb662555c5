// SPDX-License-Identifier: GPL-3.0-or-later
// Draws one sample of a list: its picture, its name and truth, both answers.
#pragma once

#include <QStyledItemDelegate>

namespace lapidary::ui {

class SampleDelegate final : public QStyledItemDelegate {
  Q_OBJECT

 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace lapidary::ui
