// SPDX-License-Identifier: GPL-3.0-or-later
// The bar at the top: name, menus, what is open, and the few buttons that are always wanted.
#pragma once

#include <QWidget>

#include "ui/document/document.h"

class QAction;
class QMenuBar;
class QPushButton;

namespace lapidary::ui {

class ElidedLabel;
class ModelOpener;
class PartChooser;
class WindowActions;

class TopBar : public QWidget {
  Q_OBJECT

 public:
  TopBar(Document& document, const ModelOpener& opener, const WindowActions& actions,
         QWidget* parent = nullptr);

  QMenuBar* menus() const { return m_menus; }
  QPushButton* undoButton() const { return m_undo; }
  QPushButton* redoButton() const { return m_redo; }
  QPushButton* holdButton() const { return m_hold; }
  QPushButton* searchButton() const { return m_search; }
  QPushButton* exportButton() const { return m_export; }
  /// Hidden where the data are not in parts.
  PartChooser* parts() const { return m_parts; }
  /// Takes up what is open now.
  void refresh();

 signals:
  /// The person wants to measure on this, as core::openData takes it: another part of the open data.
  void dataAsked(const QString& data);

 private:
  void followActions(const WindowActions& actions);
  void followHold(const QAction& held);

  Document& m_document;
  const ModelOpener& m_opener;
  QMenuBar* m_menus;
  ElidedLabel* m_open;
  PartChooser* m_parts;
  QPushButton *m_undo, *m_redo, *m_hold, *m_search, *m_export;
};

}  // namespace lapidary::ui
