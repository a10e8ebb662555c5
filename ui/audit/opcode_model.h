// SPDX-License-Identifier: GPL-3.0-or-later
// A pickle's opcodes as a table: offset, opcode, argument, and what it would look up or call.
#pragma once

#include <QAbstractTableModel>

#include "core/audit/pickle/pickle_steps.h"

namespace lapidary::ui {

class OpcodeModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { OffsetColumn, OpcodeColumn, ArgumentColumn, MeaningColumn, ColumnCount };

  using QAbstractTableModel::QAbstractTableModel;
  void setPickle(core::ListedPickle pickle);
  const core::ListedPickle& pickle() const { return m_pickle; }

  int rowCount(const QModelIndex& parent = {}) const final;
  int columnCount(const QModelIndex& parent = {}) const final;
  QVariant data(const QModelIndex& index, int role) const final;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

 private:
  core::ListedPickle m_pickle;
};

}  // namespace lapidary::ui
