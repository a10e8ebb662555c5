// SPDX-License-Identifier: GPL-3.0-or-later
// Truth against answer as a table of counts; diagonal cells are right answers.
#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "core/session/session.h"

namespace lapidary::ui {

class ConfusionModel final : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Shown { Original, Cut, Difference };

  /// The names of the two models whose answers these are, for the tooltips.
  enum Wording { OriginalAndCut, TeacherAndStudent };

  using QAbstractTableModel::QAbstractTableModel;
  void setWording(Wording wording) { m_wording = wording; }
  /// `names` may be empty: classes go by number then.
  void setComparison(std::shared_ptr<const core::Comparison> comparison, const QStringList& names,
                     bool labelled);
  void setShown(Shown shown);
  /// The count (or difference of counts) shown in a cell.
  std::int64_t count(int row, int column) const;

  int rowCount(const QModelIndex& parent = {}) const final;
  int columnCount(const QModelIndex& parent = {}) const final;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const final;
  QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const final;

 private:
  std::int64_t countOf(const std::vector<std::int64_t>& table, int row, int column) const;
  QVariant background(int row, int column) const;
  QString tip(int row, int column) const;
  QString nameOf(int index) const;
  void findLargest();

  std::shared_ptr<const core::Comparison> m_comparison;
  QStringList m_names;
  bool m_labelled = true;
  Wording m_wording = OriginalAndCut;
  Shown m_shown = Cut;
  std::int64_t m_largestRight = 1, m_largestWrong = 1;
};

}  // namespace lapidary::ui
