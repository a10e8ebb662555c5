// SPDX-License-Identifier: GPL-3.0-or-later
// Throughput of the ways to run in parallel: predicted as an outline, measured as a filled bar in which each
// worker's share is a piece.
#pragma once

#include <QWidget>
#include <vector>

#include "ui/charts/chart_export.h"

namespace lapidary::ui {

class ThroughputBars : public QWidget {
  Q_OBJECT

 public:
  struct Row {
    QString name, numbers, tip;
    double predicted = 0, measured = 0;
    std::vector<double> shares = {};  ///< of the measured bar; empty: one piece
  };

  explicit ThroughputBars(QWidget* parent = nullptr);

  /// The longest bar is the largest value.
  void setRows(std::vector<Row> rows);
  const std::vector<Row>& rows() const { return m_rows; }
  /// Sets the table that "Copy data" copies.
  void setTable(DataTable table) { m_table = std::move(table); }
  const DataTable& table() const { return m_table; }
  /// A measured bar's pieces in pixels.
  std::vector<QRectF> piecesOf(std::size_t row) const;
  QRectF outlineOf(std::size_t row) const;

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  double widthOf(double value) const;

  std::vector<Row> m_rows;
  DataTable m_table;
  double m_most = 0;
};

}  // namespace lapidary::ui
