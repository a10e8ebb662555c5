// SPDX-License-Identifier: GPL-3.0-or-later
// The table of all keys: action, where it is found, keys.
#pragma once

#include <QAbstractTableModel>

namespace lapidary::ui {

/// Follows KeyBindings.
class KeysModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { ActionColumn, GroupColumn, KeysColumn, columns };
  enum { IdRole = Qt::UserRole, SearchRole };

  explicit KeysModel(QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString text(const QModelIndex& index) const;

  int m_rows = 0;
};

}  // namespace lapidary::ui
