// SPDX-License-Identifier: GPL-3.0-or-later
// The page of settings for language, theme, memory and calibration: a box for each group of actions.
#pragma once

#include <QWidget>

class QAction;
class QComboBox;

namespace lapidary::ui {

/// One of several actions counts at a time, as of a submenu with marks.
struct SettingChoice {
  QString title, tip;
  QList<QAction*> actions;
};

class GeneralPage : public QWidget {
  Q_OBJECT

 public:
  explicit GeneralPage(const QList<SettingChoice>& choices, QWidget* parent = nullptr);

  /// In the order of the choices.
  const QList<QComboBox*>& boxes() const { return m_boxes; }

 private:
  QComboBox* makeBox(const SettingChoice& choice);

  QList<QComboBox*> m_boxes;
};

}  // namespace lapidary::ui
