// SPDX-License-Identifier: GPL-3.0-or-later
// A table of ready texts: what a measured plan is listed as.
#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <vector>

#include "ui/charts/chart_export.h"

class QTableView;

namespace lapidary::ui {

class CellTable final : public QAbstractTableModel {
  Q_OBJECT

 public:
  struct Column {
    QString title, tip;
    bool number = true;  ///< at the right of its column
  };
  struct Row {
    QStringList cells;
    QString tip;
    QColor color = {};  ///< of a mark before the first cell; invalid: no mark
  };

  explicit CellTable(std::vector<Column> columns, QObject* parent = nullptr);

  void setRows(std::vector<Row> rows);
  /// The table that "Copy data" copies.
  DataTable dataTable() const;

  int rowCount(const QModelIndex& parent = {}) const final;
  int columnCount(const QModelIndex& parent = {}) const final;
  QVariant data(const QModelIndex& index, int role) const final;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

 private:
  std::vector<Column> m_columns;
  std::vector<Row> m_rows;
};

/// A calm view of it, as high as its rows, that copies its data by Ctrl+C and by its context menu.
QTableView* makeCellView(CellTable& table, const QString& accessibleName);
/// After its rows changed.
void fitToRows(QTableView& view);

}  // namespace lapidary::ui
