// SPDX-License-Identifier: GPL-3.0-or-later
// "Find the best cut": asks for the floor and the budget, runs the search in place, offers the best.
#pragma once

#include <QDialog>
#include <optional>
#include <stop_token>

#include "core/search/search.h"
#include "ui/document/document.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace lapidary::ui {

class BackgroundJob;
class LongJob;
class ValueSlider;
class VisitedRecipes;
struct SearchFrontPoint;
struct SearchNews;
struct SearchOutcome;

/// Closing it leaves the search at work, and what it found waits until it is taken.
class SearchDialog : public QDialog {
  Q_OBJECT

 public:
  SearchDialog(Document& document, VisitedRecipes& visited, QWidget* parent = nullptr);
  ~SearchDialog() override;

  void start();
  /// Ends the search; the best so far is measured and offered.
  void stop();
  /// Takes what the search found as one step.
  void apply();
  bool searching() const;
  bool holdsResult() const { return m_found.has_value(); }
  LongJob* longJob() const { return m_long; }
  core::SearchRequest request() const;

  ValueSlider* floor() const { return m_floor; }
  QDoubleSpinBox* minutes() const { return m_minutes; }
  QCheckBox* limitBytes() const { return m_limitBytes; }
  QCheckBox* keepSaliency() const { return m_keepSaliency; }
  QDoubleSpinBox* leastSaliency() const { return m_leastSaliency; }
  QComboBox* measure() const { return m_measure; }
  QSpinBox* kilobytes() const { return m_kilobytes; }
  QPushButton* button() const { return m_button; }
  QPushButton* applyButton() const { return m_apply; }
  QLabel* state() const { return m_state; }
  QLabel* forecast() const { return m_forecast; }

 public slots:
  void reject() override;

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void buildForm();
  void followDocument();
  void end(const QString& sentence);
  void showState();
  void askForecast();
  void take(const SearchNews& news);
  void finish(const SearchOutcome& outcome);
  /// Empty where nothing was left out.
  QString leftOutText(const core::SearchLeftOut& out) const;
  QString sentence(const SearchOutcome& outcome) const;
  QString stageText(const SearchNews& news) const;
  /// Front points are drawn at the original's quality on all data less their drop.
  void drawFront(const std::vector<SearchFrontPoint>& found);

  Document& m_document;
  VisitedRecipes& m_visited;
  BackgroundJob *m_job, *m_forecastJob;
  LongJob* m_long;
  std::shared_ptr<const core::Session> m_session;
  std::stop_source m_stop;
  std::optional<core::Recipe> m_found;  ///< not taken yet
  ValueSlider* m_floor;
  QCheckBox* m_limitBytes;
  QSpinBox* m_kilobytes;
  QDoubleSpinBox* m_minutes;
  QComboBox *m_size, *m_measure;
  QCheckBox* m_keepSaliency;
  QDoubleSpinBox* m_leastSaliency;
  QCheckBox* m_sure;
  QLabel *m_forecast, *m_state;
  QProgressBar* m_progress;
  QPushButton *m_button, *m_apply, *m_close;
};

}  // namespace lapidary::ui
