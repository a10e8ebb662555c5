// SPDX-License-Identifier: GPL-3.0-or-later
// The right side of the window: what is cut, how, and what this does to the selected layers.
#pragma once

#include <QScrollArea>

#include "ui/document/document.h"

class QLabel;
class QPushButton;

namespace lapidary::ui {

class ActivationsSection;
class ElidedLabel;
class LowRankSection;
class PruneSection;
class QuantizeSection;
class RefusalLabel;

class CutPanel : public QScrollArea {
  Q_OBJECT

 public:
  explicit CutPanel(Document& document, QWidget* parent = nullptr);

  PruneSection* prune() const { return m_prune; }
  QuantizeSection* quantize() const { return m_quantize; }
  LowRankSection* lowRank() const { return m_lowRank; }
  ActivationsSection* activations() const { return m_activations; }

  /// The layers that kept their own pruning when one layer's cut was applied to others.
  RefusalLabel* refused() const { return m_refused; }

  void resetLayers();
  void resetAll();
  void applyToSameOperator();

 private:
  void showSelection();
  void showFootprint();

  Document& m_document;
  PruneSection* m_prune;
  QuantizeSection* m_quantize;
  LowRankSection* m_lowRank;
  ActivationsSection* m_activations;
  ElidedLabel* m_selection;
  QPushButton *m_resetLayers, *m_resetAll, *m_applyToAll;
  RefusalLabel* m_refused;
  QLabel *m_caption, *m_bytes, *m_noise, *m_notes;
};

}  // namespace lapidary::ui
