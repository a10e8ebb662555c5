// SPDX-License-Identifier: GPL-3.0-or-later
// The page that is seen before anything is open: what the program does, and the ways to begin.
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace lapidary::ui {

class StartPage : public QWidget {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);

  /// Shows the recent files as they are now.
  void refresh();

 signals:
  void openAsked();
  void demoAsked(const QString& model);  ///< as OpenRequest::model
  void fileAsked(const QString& path);

 private:
  QVBoxLayout* m_recent;
  QWidget* m_recentBox;
};

}  // namespace lapidary::ui
