// SPDX-License-Identifier: GPL-3.0-or-later
// How the selected layer's range came to rest while calibration went through the samples, and whether more of
// them would help.
#pragma once

#include <QAreaSeries>
#include <QLineSeries>
#include <QWidget>
#include <optional>

#include "ui/document/background_job.h"
#include "ui/document/document.h"

class QLabel;

namespace lapidary::ui {

class ChartView;

/// Hidden unless one layer is selected whose range is fixed by calibration.
class CalibrationCoach : public QWidget {
  Q_OBJECT

 public:
  explicit CalibrationCoach(Document& document, QWidget* parent = nullptr);

  QLabel* sentence() const { return m_sentence; }
  /// Points of the curve that is shown.
  int points() const { return static_cast<int>(m_low->count()); }

 private:
  /// The layer and the method of a curve.
  using Subject = std::pair<core::LayerId, core::RangeMethod>;

  std::optional<Subject> wanted() const;
  void wait();
  void look();
  void show(const core::LayerCalibration* layer, const Subject& subject);
  void restyle();
  QString describe(double samples) const;

  Document& m_document;
  std::optional<Subject> m_shown;
  QLabel* m_sentence;
  ChartView* m_chart;
  QLineSeries *m_low, *m_high;
  QAreaSeries* m_band;
  BackgroundJob m_job;
};

}  // namespace lapidary::ui
