// SPDX-License-Identifier: GPL-3.0-or-later
// A row (or grid) of exclusive choices, of which none is marked when the selection is mixed.
#pragma once

#include <QAbstractButton>
#include <QButtonGroup>
#include <QFrame>

class QGridLayout;

namespace lapidary::ui {

class SegmentedControl : public QFrame {
  Q_OBJECT

 public:
  /// `columns` 0 keeps all choices in one row.
  explicit SegmentedControl(int columns = 0, QWidget* parent = nullptr);

  void add(int id, const QString& text, const QString& tip);
  /// Marks a choice without emitting; an unknown id marks none.
  void setCurrent(int id);
  int current() const { return m_group.checkedId(); }
  QAbstractButton* button(int id) const { return m_group.button(id); }

 signals:
  void chosen(int id);  ///< by the person, not by setCurrent

 private:
  QButtonGroup m_group;
  QGridLayout* m_grid;
  int m_columns;
};

}  // namespace lapidary::ui
