// SPDX-License-Identifier: GPL-3.0-or-later
// A found place of the manual in the list: its title, and below it an excerpt with what was searched in bold.
#pragma once

#include <QStyledItemDelegate>
#include <QTextDocument>

#include "ui/manual/manual_search.h"

class QListWidgetItem;

namespace lapidary::ui {

class ResultDelegate final : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  /// Puts a hit where paint() finds it.
  static void fill(QListWidgetItem& item, const ManualHit& hit);

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace lapidary::ui
