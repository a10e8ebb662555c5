// SPDX-License-Identifier: GPL-3.0-or-later
// Right answers are tinted jade, wrong ones vermilion; in the difference good changes are blue.
#include "ui/samples/confusion_model.h"

#include <QColor>
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "ui/look/number_text.h"
#include "ui/look/theme.h"

namespace lapidary::ui {
namespace {

QColor tint(Role role, double strength) {
  const QColor paper = Theme::instance().color(Role::Panel), ink = Theme::instance().color(role);
  const double t = 0.6 * std::sqrt(std::clamp(strength, 0.0, 1.0));
  const auto mix = [t](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * t)); };
  return {mix(paper.red(), ink.red()), mix(paper.green(), ink.green()), mix(paper.blue(), ink.blue())};
}

}  // namespace

void ConfusionModel::setComparison(std::shared_ptr<const core::Comparison> comparison,
                                   const QStringList& names, bool labelled) {
  beginResetModel();
  m_comparison = std::move(comparison);
  m_names = names;
  m_labelled = labelled;
  findLargest();
  endResetModel();
}

void ConfusionModel::setShown(Shown shown) {
  m_shown = shown;
  findLargest();
  const int last = rowCount() - 1;
  if (last >= 0) emit dataChanged(index(0, 0), index(last, last));
}

std::int64_t ConfusionModel::countOf(const std::vector<std::int64_t>& table, int row, int column) const {
  const std::size_t index =
      static_cast<std::size_t>(row) * m_comparison->classes + static_cast<std::size_t>(column);
  return index < table.size() ? table[index] : 0;
}

std::int64_t ConfusionModel::count(int row, int column) const {
  const std::int64_t before = countOf(m_comparison->originalConfusion, row, column);
  const std::int64_t after = countOf(m_comparison->confusion, row, column);
  return m_shown == Original ? before : m_shown == Cut ? after : after - before;
}

void ConfusionModel::findLargest() {
  m_largestRight = m_largestWrong = 1;
  const int classes = rowCount();
  for (int row = 0; row < classes; ++row)
    for (int column = 0; column < classes; ++column) {
      std::int64_t& largest = row == column ? m_largestRight : m_largestWrong;
      largest = std::max(largest, std::int64_t{std::llabs(count(row, column))});
    }
}

int ConfusionModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !m_comparison ? 0 : static_cast<int>(m_comparison->classes);
}

int ConfusionModel::columnCount(const QModelIndex& parent) const { return rowCount(parent); }

QString ConfusionModel::nameOf(int index) const {
  return index < m_names.size() ? m_names[index] : QString::number(index);
}

QVariant ConfusionModel::background(int row, int column) const {
  const std::int64_t value = count(row, column);
  if (value == 0) return {};
  const bool right = row == column;
  const double strength =
      static_cast<double>(std::llabs(value)) / static_cast<double>(right ? m_largestRight : m_largestWrong);
  if (m_shown != Difference) return tint(right ? Role::Cut : Role::Loss, strength);
  return tint((value > 0) == right ? Role::Gain : Role::Loss, strength);
}

QString ConfusionModel::tip(int row, int column) const {
  const bool cut = m_wording == OriginalAndCut;
  const QString head = m_labelled ? tr("truth %1, answered %2")
                       : cut      ? tr("the original answers %1, the cut %2")
                                  : tr("the teacher answers %1, the student %2");
  return head.arg(nameOf(row), nameOf(column)) + QLatin1Char('\n') +
         (cut ? tr("original: %1, cut: %2") : tr("teacher: %1, student: %2"))
             .arg(countText(countOf(m_comparison->originalConfusion, row, column)),
                  countText(countOf(m_comparison->confusion, row, column)));
}

QVariant ConfusionModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const int row = index.row(), column = index.column();
  switch (role) {
    case Qt::DisplayRole: {
      const std::int64_t value = count(row, column);
      if (value == 0) return QString();
      return (m_shown == Difference && value > 0 ? QStringLiteral("+") : QString()) + countText(value);
    }
    case Qt::BackgroundRole:
      return background(row, column);
    case Qt::FontRole:
      return Theme::instance().caption();
    case Qt::TextAlignmentRole:
      return Qt::AlignCenter;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
      return tip(row, column);
    default:
      return {};
  }
}

QVariant ConfusionModel::headerData(int section, Qt::Orientation, int role) const {
  if (role == Qt::DisplayRole || role == Qt::ToolTipRole) return nameOf(section);
  return {};
}

}  // namespace lapidary::ui
