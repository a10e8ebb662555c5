// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cut/calibration_coach.h"

#include <QBoxLayout>
#include <QLabel>
#include <algorithm>

#include "core/calibrate/calibration.h"
#include "ui/charts/chart_view.h"
#include "ui/look/number_text.h"
#include "ui/look/theme.h"
#include "ui/widgets/labels.h"

namespace lapidary::ui {
namespace {

QString tickOf(double value, double) { return significantText(value, 2); }

}  // namespace

CalibrationCoach::CalibrationCoach(Document& document, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_sentence(makeLabel({}, "caption")),
      m_chart(new ChartView),
      m_low(new QLineSeries),
      m_high(new QLineSeries),
      m_band(new QAreaSeries(m_high, m_low)) {
  m_low->setParent(this);
  m_high->setParent(this);
  m_sentence->setWordWrap(true);
  m_chart->attach(m_band);
  m_chart->setGridVisible(Qt::Horizontal, false);
  m_chart->chart()->setMargins({0, 8, 8, 0});  // half of the outermost ticks' texts
  m_chart->setFixedHeight(110);
  m_chart->setFileName("calibration");
  m_chart->setToolTip(tr("The range that is kept, against the samples that calibration had seen"));
  m_chart->setHover([this](const QPointF& value, const QPointF&) { return describe(value.x()); });
  m_chart->setDataTable([this] {
    DataTable rows{{tr("Samples"), tr("Low"), tr("High")}};
    for (int i = 0; i < m_low->count(); ++i)
      rows.push_back({QString::number(m_low->at(i).x()), QString::number(m_low->at(i).y()),
                      QString::number(m_high->at(i).y())});
    return rows;
  });
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  column->addWidget(m_chart);
  column->addWidget(m_sentence);
  setVisible(false);
  connect(m_chart, &ChartView::restyled, this, &CalibrationCoach::restyle);
  connect(&document, &Document::opened, this, [this] { m_shown.reset(); });
  connect(&document, &Document::recipeChanged, this, &CalibrationCoach::wait);
  connect(&document, &Document::outcomeChanged, this, &CalibrationCoach::look);
  connect(&document, &Document::selectionChanged, this, &CalibrationCoach::look);
  connect(&m_job, &BackgroundJob::failed, this, [this](const QString& why) { m_sentence->setText(why); });
  restyle();
  look();
}

void CalibrationCoach::restyle() {
  QColor band = Theme::instance().color(Role::Cut);
  band.setAlpha(80);
  m_band->setPen(Qt::NoPen);
  m_band->setBrush(band);
}

/// Nothing unless one layer is selected whose range is fixed.
std::optional<CalibrationCoach::Subject> CalibrationCoach::wanted() const {
  if (!m_document.session() || m_document.selection().size() != 1) return std::nullopt;
  const core::LayerId layer = m_document.currentLayer();
  const core::Activations activations =
      m_document.recipe().editOf(m_document.session()->model().layer(layer).name).activations;
  if (activations.mode != core::ActivationMode::Static) return std::nullopt;
  return Subject{layer, activations.range};
}

/// The curve stays while it is that of the layer: other edits do not change what the original calibrates to.
void CalibrationCoach::wait() {
  m_job.cancel();
  const auto subject = wanted();
  setVisible(subject.has_value());
  if (!subject || subject == m_shown) return;
  m_shown.reset();
  m_low->clear();
  m_high->clear();
  m_sentence->setText(tr("Calibrating…"));
}

/// The evaluation calibrates; once it is over the ranges are there for the asking.
void CalibrationCoach::look() {
  wait();
  const auto subject = wanted();
  if (!subject || subject == m_shown || !m_document.outcome().final) return;
  m_job.start([this, session = m_document.session(),
               subject = *subject](const core::Progress& progress) -> BackgroundJob::Deliver {
    const auto calibration = session->calibration(progress);
    return [this, calibration, subject] { show(calibration->of(subject.first), subject); };
  });
}

void CalibrationCoach::show(const core::LayerCalibration* layer, const Subject& subject) {
  if (layer == nullptr || layer->history.empty()) return setVisible(false);
  m_shown = subject;
  const core::RangeMethod method = subject.second;
  QList<QPointF> low, high;
  for (const core::CalibrationPoint& point : layer->history) {
    const core::ActivationRange& range = point.ranges[static_cast<std::size_t>(method)];
    low << QPointF(static_cast<double>(point.samples), range.low);
    high << QPointF(static_cast<double>(point.samples), range.high);
  }
  const auto byHeight = [](const QPointF& a, const QPointF& b) { return a.y() < b.y(); };
  const auto [bottom, top] = niceRange(std::min(0.0, std::ranges::min_element(low, byHeight)->y()),
                                       std::max(0.0, std::ranges::max_element(high, byHeight)->y()), 3);
  m_chart->setAxis(Qt::Horizontal, 0, low.back().x(), AxisScale::Linear, 4);
  m_chart->setAxis(Qt::Vertical, bottom, top, AxisScale::Linear, 3, tickOf);
  m_low->replace(low);
  m_high->replace(high);
  const core::Convergence rest = layer->convergence(method);
  const int samples = static_cast<int>(layer->history.back().samples);
  m_sentence->setText(
      rest.moreHelps
          ? tr("The range still moved by %1 in the last of %n samples: more may help (View ▸ Calibration).",
               nullptr, samples)
                .arg(percentText(rest.lastMove, 1))
          : tr("At rest since sample %1 of %2: more samples would not help.")
                .arg(rest.settledAfter)
                .arg(samples));
}

QString CalibrationCoach::describe(double samples) const {
  int nearest = -1;
  for (int i = 0; i < m_low->count(); ++i)
    if (nearest < 0 || std::abs(m_low->at(i).x() - samples) < std::abs(m_low->at(nearest).x() - samples))
      nearest = i;
  if (nearest < 0) return {};
  return tr("after %n sample(s)", nullptr, static_cast<int>(m_low->at(nearest).x())) + QLatin1Char('\n') +
         tr("%1 to %2")
             .arg(significantText(m_low->at(nearest).y(), 3), significantText(m_high->at(nearest).y(), 3));
}

}  // namespace lapidary::ui
