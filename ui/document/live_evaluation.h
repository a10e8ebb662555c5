// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the outcome of the shown recipe fresh: one background evaluation, in which the latest recipe wins.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <optional>

#include "ui/document/background_job.h"
#include "ui/document/document.h"

namespace lapidary::ui {

/// A running evaluation that is about to give its first figure is let to, for a moment, so that the
/// figures move while a slider is dragged; then the newest recipe takes its place.
class LiveEvaluation : public QObject {
  Q_OBJECT

 public:
  explicit LiveEvaluation(Document& document);

  bool running() const { return m_job.running(); }
  bool stopped() const { return m_stopped; }
  std::size_t samples() const { return m_samples; }
  std::size_t total() const { return m_total; }
  /// Milliseconds from the last change of the recipe to its first painted quality.
  std::optional<double> lastLatency() const { return m_lastLatency; }

  /// Stops until `resume` or the next change of the recipe.
  void stop();
  void resume();
  /// To be called by the view that has just painted the quality of the shown recipe.
  void notePainted();

 signals:
  void stateChanged();                                 ///< running(), stopped(), samples()
  void firstQualityShown(double milliseconds);         ///< since the recipe changed
  void trailingOutcome(const core::Outcome& outcome);  ///< with a quality, of a recipe no longer shown
  void failed(const QString& message);

 private:
  void recipeChanged();
  void launch();
  void take(const core::Outcome& outcome);

  Document& m_document;
  BackgroundJob m_job;
  QTimer m_patience;  ///< how long a running evaluation may hold up a newer recipe
  QElapsedTimer m_sinceChange;
  bool m_hasQuality = false;  ///< the running evaluation gave its first quality
  bool m_newerWaits = false;
  bool m_stopped = false;
  bool m_latencyOpen = false;  ///< the present recipe's first quality is not on the screen yet
  std::size_t m_samples = 0, m_total = 0;
  std::optional<double> m_lastLatency;
};

}  // namespace lapidary::ui
