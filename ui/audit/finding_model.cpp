// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of the table of findings.
#include "ui/audit/finding_model.h"

#include <QFont>

#include "ui/audit/audit_texts.h"

namespace lapidary::ui {

void FindingModel::setFindings(std::vector<core::Finding> findings) {
  beginResetModel();
  m_findings = std::move(findings);
  endResetModel();
}

int FindingModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_findings.size());
}

int FindingModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant FindingModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const core::Finding& finding = m_findings[static_cast<std::size_t>(index.row())];
  if (role == Qt::ForegroundRole && index.column() == SeverityColumn) return severityColor(finding.severity);
  if (role == Qt::ToolTipRole)
    return QString::fromStdString(index.column() == PlaceColumn && !finding.place.empty() ? finding.place
                                                                                          : finding.what);
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case SeverityColumn:
      return severityText(finding.severity);
    case TitleColumn:
      return ruleTitle(finding);
    case PlaceColumn:
      return finding.place.empty() ? tr("the whole file") : QString::fromStdString(finding.place);
  }
  return {};
}

QVariant FindingModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case SeverityColumn:
      return tr("Severity");
    case TitleColumn:
      return tr("Finding");
    case PlaceColumn:
      return tr("Place");
  }
  return {};
}

}  // namespace lapidary::ui
