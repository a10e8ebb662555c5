// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the cut panel that replaces a layer by two narrow ones.
#pragma once

#include <QWidget>

#include "ui/document/document.h"

namespace lapidary::ui {

class MethodPicker;
class ValueSlider;

class LowRankSection : public QWidget {
  Q_OBJECT

 public:
  explicit LowRankSection(Document& document, QWidget* parent = nullptr);

  MethodPicker* modes() const { return m_modes; }
  ValueSlider* rank() const { return m_rank; }
  ValueSlider* energy() const { return m_energy; }

 private:
  void refresh();
  void choose(int mode);
  void move(const ValueSlider& slider, core::LowRankMode mode);
  int largestRank() const;

  Document& m_document;
  MethodPicker* m_modes;
  ValueSlider *m_rank, *m_energy;
};

}  // namespace lapidary::ui
