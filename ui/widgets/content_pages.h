// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of what a view shows, or, as long as there is nothing, the words that say how to get it.
#pragma once

#include <QStackedWidget>

class QGraphicsOpacityEffect;

namespace lapidary::ui {

class EmptyState;

class ContentPages : public QStackedWidget {
  Q_OBJECT

 public:
  /// Fills the whole of `view`, and begins empty.
  ContentPages(QWidget* content, QWidget* view);

  void invite(const QString& title, const QString& sentence);
  void showContent();
  bool showsContent() const;
  /// Of another recipe than the shown one: pale until the new figures are there.
  void setDimmed(bool dimmed);

 private:
  EmptyState* m_empty;
  QWidget* m_content;
  QGraphicsOpacityEffect* m_dim = nullptr;
};

}  // namespace lapidary::ui
