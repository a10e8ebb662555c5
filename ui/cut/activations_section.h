// SPDX-License-Identifier: GPL-3.0-or-later
// The end of the cut panel: whether layers read their activations as floats or as 8-bit codes.
#pragma once

#include <QWidget>

#include "ui/document/document.h"

class QLabel;

namespace lapidary::ui {

class CalibrationCoach;
class SegmentedControl;

class ActivationsSection : public QWidget {
  Q_OBJECT

 public:
  explicit ActivationsSection(Document& document, QWidget* parent = nullptr);

  SegmentedControl* modes() const { return m_modes; }
  SegmentedControl* ranges() const { return m_ranges; }
  CalibrationCoach* coach() const { return m_coach; }

 private:
  void addModes();
  void addRanges();
  void refresh();
  void change(const std::function<void(core::Activations&)>& set, const QString& what);
  QString explanation(std::optional<core::ActivationMode> mode) const;

  Document& m_document;
  SegmentedControl *m_modes, *m_ranges;
  CalibrationCoach* m_coach;
  QWidget* m_rangePart;
  QLabel* m_explanation;
};

}  // namespace lapidary::ui
