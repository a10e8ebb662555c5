// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a name, its figures and two bars, before and after the cut; scrolls where there are many.
#pragma once

#include <QScrollArea>
#include <vector>

#include "ui/charts/chart_export.h"

namespace lapidary::ui {

class PairBars : public QScrollArea {
  Q_OBJECT

 public:
  struct Row {
    QString name, numbers;
    QString tip;  ///< empty: the tip of the whole
    double before = 0, after = 0;
  };

  /// `pictureName` is what a saved picture is called at first.
  explicit PairBars(const QString& pictureName, QWidget* parent = nullptr);

  /// The longest bar is the largest value.
  void setRows(std::vector<Row> rows);
  const std::vector<Row>& rows() const;
  /// The middle of a row, for tests that point at it.
  QPoint pointOf(std::size_t row) const;
  /// Sets the table that "Copy data" copies.
  void setTable(DataTable table) { m_table = std::move(table); }
  const DataTable& table() const { return m_table; }

 protected:
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  class Bars;

  QString m_pictureName;
  DataTable m_table;
  Bars* m_bars;
};

}  // namespace lapidary::ui
