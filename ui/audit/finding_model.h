// SPDX-License-Identifier: GPL-3.0-or-later
// Findings as a table: severity, what it is, where.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/audit/rules/finding.h"

namespace lapidary::ui {

class FindingModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { SeverityColumn, TitleColumn, PlaceColumn, ColumnCount };

  using QAbstractTableModel::QAbstractTableModel;
  void setFindings(std::vector<core::Finding> findings);
  const std::vector<core::Finding>& findings() const { return m_findings; }

  int rowCount(const QModelIndex& parent = {}) const final;
  int columnCount(const QModelIndex& parent = {}) const final;
  QVariant data(const QModelIndex& index, int role) const final;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

 private:
  std::vector<core::Finding> m_findings;
};

}  // namespace lapidary::ui
