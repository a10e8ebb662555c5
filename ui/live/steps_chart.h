// SPDX-License-Identifier: GPL-3.0-or-later
// Quality with its interval, and below it the size, against the steps taken.
#pragma once

#include <QAreaSeries>
#include <QLineSeries>
#include <QScatterSeries>

#include "ui/charts/chart_view.h"
#include "ui/document/document.h"
#include "ui/document/visited_recipes.h"

namespace lapidary::ui {

class StepsChart : public QWidget {
  Q_OBJECT

 public:
  StepsChart(Document& document, VisitedRecipes& visited, QWidget* parent = nullptr);

 private:
  void refresh();
  void restyleSeries();
  void refreshAxes();
  QString describe(double step) const;
  DataTable table() const;

  Document& m_document;
  VisitedRecipes& m_visited;
  ChartView *m_quality, *m_size;
  QLineSeries *m_qualityLine, *m_low, *m_high, *m_sizeLine;
  QAreaSeries* m_band;
  QScatterSeries *m_qualityNow, *m_sizeNow;
};

}  // namespace lapidary::ui
