// SPDX-License-Identifier: GPL-3.0-or-later
// Time of every step of the model before and after the cut, measured when it is asked for.
#pragma once

#include <QWidget>
#include <optional>

#include "ui/document/document.h"

class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace lapidary::ui {

class BackgroundJob;
class EmptyState;
class PairBars;

class ProfileChart : public QWidget {
  Q_OBJECT

 public:
  explicit ProfileChart(Document& document, QWidget* parent = nullptr);

  /// Starts over with the present recipe, in the background.
  void measure();
  void cancel();
  bool measuring() const;
  /// The profile that was measured last; nothing before.
  const std::optional<core::ModelProfile>& profile() const { return m_profile; }
  /// Whether the recipe has changed since.
  bool outdated() const;
  /// A sentence on what the figures are; empty where there are none.
  QString note() const;
  PairBars* bars() const { return m_bars; }
  QPushButton* againButton() const { return m_again; }

 signals:
  void changed();  ///< what `note` says

 private:
  enum Page { Empty, Blocked, Busy, Shown };

  QWidget* buildBusy();
  QWidget* buildShown();
  void reset();
  void take(const core::ModelProfile& profile, const core::Recipe& recipe);
  void fail(const QString& sentence);
  void showPage();
  void fillBars();
  QString tipOf(const core::StepProfile& step) const;

  Document& m_document;
  BackgroundJob* m_job;
  std::optional<core::ModelProfile> m_profile;
  core::Recipe m_measured;  ///< that the profile is of
  EmptyState *m_empty, *m_blocked;
  QProgressBar* m_progress = nullptr;
  PairBars* m_bars = nullptr;
  QPushButton* m_again = nullptr;
  QStackedWidget* m_pages;
};

}  // namespace lapidary::ui
