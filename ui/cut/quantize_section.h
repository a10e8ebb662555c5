// The lower half of the cut panel: scheme, bits, dropped planes and granularity of quantization.
#pragma once

#include <QWidget>

#include "ui/document.h"

class QLabel;

namespace lapidary::ui {

class SegmentedControl;
class ValueSlider;

class QuantizeSection : public QWidget {
  Q_OBJECT

 public:
  explicit QuantizeSection(Document& document, QWidget* parent = nullptr);

  SegmentedControl* schemes() const { return m_schemes; }
  SegmentedControl* granularities() const { return m_granularities; }
  ValueSlider* bits() const { return m_bits; }
  ValueSlider* droppedPlanes() const { return m_planes; }

 private:
  void addSchemes();
  void refresh();
  void choose(const std::function<void(core::Quantize&)>& set, const QString& what);
  void move(const ValueSlider& slider, const std::function<void(core::Quantize&, int value)>& set,
            const QString& what);

  Document& m_document;
  SegmentedControl *m_schemes, *m_granularities;
  ValueSlider *m_bits, *m_planes;
};

}  // namespace lapidary::ui
