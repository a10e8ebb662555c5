// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of KeyBindings as cells.
#include "ui/actions/keys_model.h"

#include <QFont>

#include "ui/actions/key_bindings.h"
#include "ui/look/theme.h"

namespace lapidary::ui {

KeysModel::KeysModel(QObject* parent) : QAbstractTableModel(parent) {
  const KeyBindings& bindings = KeyBindings::instance();
  m_rows = static_cast<int>(bindings.actions().size());
  connect(&bindings, &KeyBindings::declared, this, [this, &bindings] {
    beginResetModel();
    m_rows = static_cast<int>(bindings.actions().size());
    endResetModel();
  });
  connect(&bindings, &KeyBindings::changed, this, [this] {
    if (m_rows > 0) emit dataChanged(index(0, 0), index(m_rows - 1, columns - 1));
  });
}

int KeysModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_rows; }

int KeysModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columns; }

QString KeysModel::text(const QModelIndex& index) const {
  const ActionInfo& action = KeyBindings::instance().actions()[static_cast<std::size_t>(index.row())];
  if (index.column() == ActionColumn) return action.text;
  if (index.column() == GroupColumn) return action.group;
  return keysText(KeyBindings::instance().keys(action.id), action.gesture);
}

QVariant KeysModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const KeyBindings& bindings = KeyBindings::instance();
  const ActionInfo& action = bindings.actions()[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return text(index);
    case Qt::ToolTipRole:
      return action.editable ? action.tip : tr("These keys belong to the control and stay as they are.");
    case Qt::ForegroundRole:
      if (!action.editable || index.column() == GroupColumn) return Theme::instance().color(Role::Muted);
      return {};
    case Qt::FontRole: {
      QFont font = Theme::instance().body();
      font.setBold(index.column() == KeysColumn && bindings.isChanged(action.id));
      return font;
    }
    case IdRole:
      return action.id;
    case SearchRole:
      return QString(action.text + QLatin1Char(' ') + action.group + QLatin1Char(' ') +
                     keysText(bindings.keys(action.id), action.gesture));
    default:
      return {};
  }
}

QVariant KeysModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case ActionColumn:
      return tr("Action");
    case GroupColumn:
      return tr("Where");
    default:
      return tr("Keys");
  }
}

}  // namespace lapidary::ui
