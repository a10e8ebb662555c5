// SPDX-License-Identifier: GPL-3.0-or-later
// The planner: how the cut model runs on several workers, in stages and in parts, predicted and measured.
#pragma once

#include <QWidget>
#include <optional>

#include "ui/document/document.h"
#include "ui/layers/stage_marks.h"

class QLabel;
class QStackedWidget;
class QTableView;

namespace lapidary::ui {

class BackgroundJob;
class Card;
class CellTable;
class EmptyState;
class PlannerControls;
class ThroughputBars;

class PlannerView : public QWidget {
  Q_OBJECT

 public:
  explicit PlannerView(Document& document, QWidget* parent = nullptr);

  /// Starts over with the present recipe, in the background.
  void measure();
  void cancel();
  bool measuring() const;
  /// The figures that were measured last; nothing before.
  const std::optional<core::ParallelFigures>& figures() const { return m_figures; }
  /// Whether the recipe has changed since.
  bool outdated() const;
  /// The marks that the layer table draws: nothing unless this view is open and has figures.
  StageMarks marks() const;
  /// A sentence on what the figures are; empty where there are none.
  QString note() const;

  PlannerControls* controls() const { return m_controls; }
  ThroughputBars* bars() const { return m_bars; }
  CellTable* stages() const { return m_stages; }
  CellTable* splits() const { return m_splits; }
  QTableView* stageView() const { return m_stageView; }

 signals:
  void marksChanged();

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  enum Page { Empty, Blocked, Shown };

  QWidget* buildShown();
  void reset();
  void take(const core::ParallelFigures& figures, const core::Recipe& recipe);
  void fail(const QString& sentence);
  void showPage();
  void fill();
  void selectStage(int stage);

  Document& m_document;
  BackgroundJob* m_job;
  std::optional<core::ParallelFigures> m_figures;
  core::Recipe m_measured;  ///< that the figures are of
  bool m_open = false;
  PlannerControls* m_controls;
  EmptyState *m_empty, *m_blocked;
  ThroughputBars* m_bars = nullptr;
  CellTable *m_stages, *m_splits;
  QTableView *m_stageView = nullptr, *m_splitView = nullptr;
  QLabel *m_noSplits = nullptr, *m_note;
  QStackedWidget* m_pages;
};

}  // namespace lapidary::ui
