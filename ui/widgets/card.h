// SPDX-License-Identifier: GPL-3.0-or-later
// A panel with a fine border, a title at its left and a hint at its right.
#pragma once

#include <QFrame>

class QLabel;
class QVBoxLayout;

namespace lapidary::ui {

class Card : public QFrame {
  Q_OBJECT

 public:
  explicit Card(const QString& title = {}, const QString& hint = {}, QWidget* parent = nullptr);

  void setTitle(const QString& title);
  void setHint(const QString& hint);
  /// Puts a small control at the right end of the title's line.
  void addToHead(QWidget* widget);
  QVBoxLayout* body() const { return m_body; }

 private:
  void showHead();

  QLabel *m_title, *m_hint;
  QWidget* m_head;  ///< hidden while there is nothing in it
  QVBoxLayout* m_body;
};

}  // namespace lapidary::ui
