// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of the list of opcodes.
#include "ui/audit/opcode_model.h"

#include <QColor>

#include "ui/look/theme.h"

namespace lapidary::ui {

void OpcodeModel::setPickle(core::ListedPickle pickle) {
  beginResetModel();
  m_pickle = std::move(pickle);
  endResetModel();
}

int OpcodeModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_pickle.steps.size());
}

int OpcodeModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant OpcodeModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const core::ListedStep& step = m_pickle.steps[static_cast<std::size_t>(index.row())];
  const auto& theme = Theme::instance();
  if (role == Qt::ForegroundRole && step.mark == core::StepMark::Dangerous) return theme.color(Role::Loss);
  if (role == Qt::ForegroundRole && step.mark == core::StepMark::None) return theme.color(Role::Muted);
  if (role == Qt::TextAlignmentRole && index.column() == OffsetColumn)
    return int(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole && !step.meaning.empty()) return QString::fromStdString(step.meaning);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case OffsetColumn:
      return static_cast<qulonglong>(step.offset);
    case OpcodeColumn:
      return QString::fromStdString(step.opcode);
    case ArgumentColumn:
      return QString::fromStdString(step.argument);
    case MeaningColumn:
      return QString::fromStdString(step.meaning);
  }
  return {};
}

QVariant OpcodeModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case OffsetColumn:
      return tr("Byte");
    case OpcodeColumn:
      return tr("Opcode");
    case ArgumentColumn:
      return tr("Argument");
    case MeaningColumn:
      return tr("What it would do");
  }
  return {};
}

}  // namespace lapidary::ui
