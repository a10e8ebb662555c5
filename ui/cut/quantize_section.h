// SPDX-License-Identifier: GPL-3.0-or-later
// The middle of the cut panel: which values weights may take, how many scales there are, and how they round.
#pragma once

#include <QWidget>

#include "ui/document/document.h"

class QCheckBox;

namespace lapidary::ui {

class MethodPicker;
class SegmentedControl;
class SelectedEdits;
class ValueSlider;

class QuantizeSection : public QWidget {
  Q_OBJECT

 public:
  explicit QuantizeSection(Document& document, QWidget* parent = nullptr);

  MethodPicker* schemes() const { return m_schemes; }
  SegmentedControl* granularities() const { return m_granularities; }
  SegmentedControl* groups() const { return m_groups; }
  SegmentedControl* ranges() const { return m_ranges; }
  SegmentedControl* roundings() const { return m_roundings; }
  ValueSlider* bits() const { return m_bits; }
  ValueSlider* droppedPlanes() const { return m_planes; }
  QCheckBox* biasCorrection() const { return m_bias; }
  QCheckBox* inputScaling() const { return m_inputs; }
  QCheckBox* equalization() const { return m_equalize; }

 private:
  void addChoices();
  void lay();
  void connectAll();
  void connectChoices();
  void refresh();
  void showChoices(const SelectedEdits& edits, core::Scheme scheme);
  void choose(const std::function<void(core::Quantize&)>& set, const QString& what);
  void move(const ValueSlider& slider, const std::function<void(core::Quantize&, int value)>& set,
            const QString& what);

  Document& m_document;
  MethodPicker* m_schemes;
  SegmentedControl *m_granularities, *m_groups, *m_ranges, *m_roundings;
  ValueSlider *m_bits, *m_planes;
  QWidget *m_scalePart, *m_rangePart, *m_roundingPart;
  QCheckBox *m_bias, *m_inputs, *m_equalize;
};

}  // namespace lapidary::ui
