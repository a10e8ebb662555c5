// SPDX-License-Identifier: GPL-3.0-or-later
// A calm line above the work: what went wrong or should be known, or is to be decided, and buttons.
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace lapidary::ui {

class Banner : public QFrame {
  Q_OBJECT

 public:
  explicit Banner(QWidget* parent = nullptr);

  /// `severe` marks a failure; otherwise it is a notice.
  void show(const QString& text, bool severe);
  /// A question: one button does it, the other puts it away.
  void ask(const QString& text, const QString& accept, const QString& refuse);
  QString text() const;
  QPushButton* acceptButton() const { return m_accept; }
  QPushButton* closeButton() const { return m_close; }

 signals:
  void accepted();
  void dismissed();  ///< by its button

 private:
  void showText(const QString& text, bool severe);

  QLabel *m_mark, *m_text;
  QPushButton *m_accept, *m_close;
};

}  // namespace lapidary::ui
