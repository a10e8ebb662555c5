// SPDX-License-Identifier: GPL-3.0-or-later
// The strip of figures over the work: quality, size, zeros, latency and saliency kept, always visible.
#pragma once

#include <QTimer>
#include <QWidget>
#include <array>

#include "ui/document/document.h"
#include "ui/figures/figure_tile.h"

class QPushButton;

namespace lapidary::ui {

class LiveEvaluation;
class VisitedRecipes;

class FiguresStrip : public QWidget {
  Q_OBJECT

 public:
  FiguresStrip(Document& document, LiveEvaluation& live, VisitedRecipes& visited, QWidget* parent = nullptr);

  enum Figure { Quality, Size, Zeros, Latency, Saliency, figureCount };
  FigureTile* tile(Figure figure) const { return m_tiles[figure]; }
  QPushButton* repairButton() const { return m_repair; }

 signals:
  /// The outcome of the recipe now shown, quality included, is on the screen.
  void qualityPainted();
  void repairAsked();

 private:
  void reset();
  void followRecipe();
  void showRepair();
  void refresh();
  void showTrailing(const core::Outcome& outcome);
  void showHistory();
  /// Shows the text; one that is not known yet leaves the last known standing, marked old.
  void put(Figure figure, const FigureText& text, bool old);

  Document& m_document;
  VisitedRecipes& m_visited;
  std::array<FigureTile*, figureCount> m_tiles{};
  QPushButton* m_repair;
  bool m_paintAwaited = false;
  QTimer m_grace;             ///< while it runs, old figures are not dimmed yet
  bool m_graceSpent = false;  ///< no fresh quality came since it ran
};

}  // namespace lapidary::ui
