// SPDX-License-Identifier: GPL-3.0-or-later
// In quiet moments measures the recipes that the next move is likely to ask for, so that memory answers it.
#pragma once

#include <QTimer>

#include "ui/document/background_job.h"
#include "ui/document/document.h"
#include "ui/document/live_evaluation.h"

namespace lapidary::ui {

/// Starts once after a slider's move, when nothing has moved for a moment and the figures are complete; works
/// on one thread that yields to all others; ends with the last likely recipe or at the next change.
class Prefetcher : public QObject {
  Q_OBJECT

 public:
  Prefetcher(Document& document, LiveEvaluation& live);

  bool running() const { return m_job.running(); }
  /// Nothing is measured ahead, and nothing waits for a quiet moment: until the next slider's move.
  bool resting() const { return !m_wanted && !m_job.running(); }
  /// How long nothing has to move.
  void setQuietTime(int milliseconds) { m_quiet.setInterval(milliseconds); }
  /// Off: every move is measured when it is made, as benchmarks want it for comparison.
  void setEnabled(bool enabled);

 signals:
  void started();
  void ended();  ///< all likely recipes are known

 private:
  void startAnew();
  void startWhenQuiet();

  Document& m_document;
  LiveEvaluation& m_live;
  BackgroundJob m_job;
  QTimer m_quiet;
  bool m_wanted = false;  ///< the last move was a slider's, and nothing was measured ahead for it yet
  bool m_enabled = true;
};

}  // namespace lapidary::ui
