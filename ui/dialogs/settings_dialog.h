// SPDX-License-Identifier: GPL-3.0-or-later
// The settings: what can be chosen once and is remembered, and the keys.
#pragma once

#include <QDialog>

#include "ui/dialogs/general_page.h"

class QTabWidget;

namespace lapidary::ui {

class KeysPage;

class SettingsDialog : public QDialog {
  Q_OBJECT

 public:
  enum Page { General, Keys };

  explicit SettingsDialog(const QList<SettingChoice>& choices, QWidget* parent = nullptr);

  void showPage(Page page);
  Page page() const;
  GeneralPage* general() const { return m_general; }
  KeysPage* keys() const { return m_keys; }

 private:
  GeneralPage* m_general;
  KeysPage* m_keys;
  QTabWidget* m_pages;
};

}  // namespace lapidary::ui
