// SPDX-License-Identifier: GPL-3.0-or-later
// The window of the manual: contents and search at the left, the page at the right.
#pragma once

#include <QWidget>
#include <memory>

#include "ui/manual/manual_history.h"
#include "ui/manual/manual_pages.h"

class QSplitter;
class QToolButton;

namespace lapidary::ui {

class ManualSidebar;
class ManualView;

class ManualWindow : public QWidget {
  Q_OBJECT

 public:
  explicit ManualWindow(const QString& root = QStringLiteral(":/manual"), QWidget* parent = nullptr);
  ~ManualWindow() override;

  /// Shows the window, at "page.md#anchor" or, for an empty or unknown one, at home.
  void open(const QString& topic);
  void go(const ManualPlace& place);
  void goBack();
  void goForward();
  void goHome();

  const ManualPages& pages() const { return *m_pages; }
  const ManualPlace& place() const { return m_place; }
  ManualView* view() const { return m_view; }
  ManualSidebar* sidebar() const { return m_sidebar; }

 protected:
  void changeEvent(QEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  QWidget* makePage();
  QToolButton* makeTool(const QString& sign);
  void addKeys();
  void connectParts();
  void restoreLook();
  void load();
  void retranslate();
  void showVisit(const ManualHistory::Visit& visit);
  void leave();
  void escape();
  void showZoom();

  QString m_root;
  std::shared_ptr<const ManualPages> m_pages;
  ManualHistory m_history;
  ManualPlace m_place;
  ManualSidebar* m_sidebar;
  ManualView* m_view;
  QSplitter* m_splitter;
  QToolButton *m_back, *m_forward, *m_home, *m_smaller, *m_usual, *m_larger;
};

}  // namespace lapidary::ui
