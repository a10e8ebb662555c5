// SPDX-License-Identifier: GPL-3.0-or-later
// The choice of the part that is measured, beside the name of data that hold several.
#pragma once

#include <QPushButton>

#include "core/data/dataset.h"

class QAction;
class QMenu;

namespace lapidary::ui {

class PartChooser : public QPushButton {
  Q_OBJECT

 public:
  explicit PartChooser(QWidget* parent = nullptr);

  /// Null, or data in one part: there is nothing to choose, and it hides.
  void offer(const core::Dataset* samples);
  bool severalParts() const { return m_parts.samples.size() > 1; }
  void openMenu();
  /// Its tooltip names the keys of the action.
  void followKeys(const QAction& action);

  QMenu* menuOfParts() const { return m_menu; }

 signals:
  /// Another part than the present one, as core::openData takes it.
  void chosen(const QString& data);

 private:
  void fill();

  core::DataParts m_parts;
  core::DataPlace m_place;
  QMenu* m_menu;
};

}  // namespace lapidary::ui
