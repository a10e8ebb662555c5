// SPDX-License-Identifier: GPL-3.0-or-later
// The words that stand where there is nothing yet: what would be shown here, and how to get it.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace lapidary::ui {

class EmptyState : public QWidget {
  Q_OBJECT

 public:
  /// Without `action` there is no button.
  EmptyState(const QString& title, const QString& sentence, const QString& action = {},
             QWidget* parent = nullptr);

  void setTexts(const QString& title, const QString& sentence);

 signals:
  void activated();

 private:
  QLabel *m_title, *m_sentence;
};

}  // namespace lapidary::ui
