// SPDX-License-Identifier: GPL-3.0-or-later
// In quiet moments measures what visited recipes lack for the axis of the trade-off chart.
#pragma once

#include <set>
#include <string>

#include "ui/document/background_job.h"
#include "ui/document/live_evaluation.h"
#include "ui/document/trade_off_axis.h"
#include "ui/document/visited_recipes.h"

namespace lapidary::ui {

/// Works on one thread that yields to all others, one recipe after another; the next change of the recipe
/// ends it until the figures of that one are complete.
class FigureFiller : public QObject {
  Q_OBJECT

 public:
  FigureFiller(Document& document, LiveEvaluation& live, VisitedRecipes& visited);

  bool running() const { return m_job.running(); }
  /// The quality needs no filling.
  void setAxis(TradeOffAxis axis);

 private:
  void startWhenQuiet();
  const Visit* next() const;

  Document& m_document;
  LiveEvaluation& m_live;
  VisitedRecipes& m_visited;
  BackgroundJob m_job;
  TradeOffAxis m_axis = TradeOffAxis::Quality;
  std::set<std::string> m_without;  ///< recipes that have no such figure, by fingerprint
};

}  // namespace lapidary::ui
