// SPDX-License-Identifier: GPL-3.0-or-later
// A list of methods with a line below it on what the chosen one is and when to take it.
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;

namespace lapidary::ui {

/// The texts that a person reads of a method before choosing it.
struct MethodText {
  QString name, line;
  QString paper = {};  ///< who described it, for the tooltip; may be empty
};

class MethodPicker : public QWidget {
  Q_OBJECT

 public:
  explicit MethodPicker(const QString& accessibleName, QWidget* parent = nullptr);

  void add(int id, const MethodText& text);
  /// A heading over the methods that are added next; it cannot be chosen.
  void addHeading(const QString& title);
  /// Marks a choice without emitting; an unknown id shows that the selection is mixed.
  void setCurrent(int id);
  /// -1 while the selection is mixed.
  int current() const;
  /// A method that does not go with the other choices is listed, and cannot be chosen; `why` stands in its
  /// tooltip.
  void setOffered(int id, bool offered, const QString& why = {});
  /// As if the person had chosen it.
  void choose(int id);

  QComboBox* list() const { return m_list; }

 signals:
  void chosen(int id);  ///< by the person, not by setCurrent

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void showLine();
  /// For the longest of the lines: what stands below must not move when another one is chosen.
  void reserveRoom();

  QComboBox* m_list;
  QLabel* m_line;
};

}  // namespace lapidary::ui
