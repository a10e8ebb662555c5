// SPDX-License-Identifier: GPL-3.0-or-later
// The upper part of the cut panel: what to prune, by which ranking and how much of it.
#pragma once

#include <QWidget>

#include "ui/document/document.h"

class QLabel;

namespace lapidary::ui {

class MethodPicker;
class RefusalLabel;
class SegmentedControl;
class SelectedEdits;
class StatisticsLoader;
class ValueSlider;
struct PruneReadout;

class PruneSection : public QWidget {
  Q_OBJECT

 public:
  PruneSection(Document& document, StatisticsLoader& statistics, QWidget* parent = nullptr);

  MethodPicker* modes() const { return m_modes; }
  MethodPicker* criteria() const { return m_criteria; }
  ValueSlider* sparsity() const { return m_sparsity; }
  ValueSlider* threshold() const { return m_threshold; }
  ValueSlider* kept() const { return m_kept; }
  ValueSlider* of() const { return m_of; }
  SegmentedControl* blocks() const { return m_blocks; }
  /// Says what the cut comes to; where that cannot be told, why.
  QLabel* readout() const { return m_readout; }
  /// The layers that could not follow the last choice.
  RefusalLabel* refused() const { return m_refused; }

 private:
  void addMethods();
  void addShapes();
  void lay();
  void connectAll();
  void refresh();
  void showShapes(const SelectedEdits& edits, std::optional<core::PruneMode> mode);
  void showReadout(const SelectedEdits& edits, bool byMagnitude);
  void showNumbers(const PruneReadout& readout);
  void showWhyNot(const QString& reason);
  void chooseMode(int mode);
  void choose(const std::function<void(core::Prune&)>& set, const QString& what);
  void takeShare();
  void move(const ValueSlider& slider, const std::function<void(core::Prune&, double)>& set,
            const QString& what);

  Document& m_document;
  StatisticsLoader& m_statistics;
  MethodPicker *m_modes, *m_criteria;
  QWidget* m_ranking;
  ValueSlider *m_sparsity, *m_threshold, *m_kept, *m_of;
  SegmentedControl* m_blocks;
  QLabel* m_readout;
  RefusalLabel* m_refused;
};

}  // namespace lapidary::ui
