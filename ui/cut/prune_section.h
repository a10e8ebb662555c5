// The upper half of the cut panel: how to prune, with sparsity and threshold tied to each other.
#pragma once

#include <QWidget>

#include "ui/document.h"

class QLabel;

namespace lapidary::ui {

class SegmentedControl;
class StatisticsLoader;
class ValueSlider;

class PruneSection : public QWidget {
  Q_OBJECT

 public:
  PruneSection(Document& document, StatisticsLoader& statistics, QWidget* parent = nullptr);

  SegmentedControl* modes() const { return m_modes; }
  ValueSlider* sparsity() const { return m_sparsity; }
  ValueSlider* threshold() const { return m_threshold; }

 private:
  void refresh();
  void showReadout();
  void choose(int mode);
  void takeSparsity();
  void takeThreshold();

  Document& m_document;
  StatisticsLoader& m_statistics;
  SegmentedControl* m_modes;
  ValueSlider *m_sparsity, *m_threshold;
  QLabel* m_readout;
};

}  // namespace lapidary::ui
