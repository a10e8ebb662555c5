// SPDX-License-Identifier: GPL-3.0-or-later
// The switch between the live charts.
#include "ui/live/live_panel.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QStackedWidget>

#include "ui/document/visited_recipes.h"
#include "ui/live/bytes_bars.h"
#include "ui/live/profile_chart.h"
#include "ui/live/steps_chart.h"
#include "ui/live/trade_off_chart.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"

namespace lapidary::ui {

LivePanel::LivePanel(Document& document, VisitedRecipes& visited, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_visited(visited),
      m_switch(new SegmentedControl),
      m_title(makeLabel({}, "title")),
      m_note(makeLabel({}, "caption")),
      m_axis(new QComboBox),
      m_head(new QWidget),
      m_stack(new QStackedWidget),
      m_tradeOff(new TradeOffChart(document, visited)),
      m_bytes(new BytesBars(document)),
      m_profile(new ProfileChart(document)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(14, 8, 14, 8);
  column->setSpacing(8);
  m_switch->add(TradeOff, tr("Trade-off"), tr("Size against quality of every recipe visited"));
  m_switch->add(Steps, tr("Steps"), tr("Quality with its interval and size against the steps taken"));
  m_switch->add(Bytes, tr("Bytes"), tr("Bytes in every form of file, and per layer before and after"));
  m_switch->add(Profile, tr("Profile"), tr("Time per layer before and after"));
  m_stack->addWidget(m_tradeOff);
  m_stack->addWidget(new StepsChart(document, visited));
  m_stack->addWidget(m_bytes);
  m_stack->addWidget(m_profile);
  m_note->setWordWrap(true);
  column->addWidget(m_switch);
  buildAxisChoice();
  column->addWidget(m_head);
  column->addWidget(m_stack, 1);
  column->addWidget(m_note);
  connect(m_switch, &SegmentedControl::chosen, this, &LivePanel::showChart);
  connect(&visited, &VisitedRecipes::changed, this, &LivePanel::refresh);
  connect(&document, &Document::opened, this, &LivePanel::refresh);
  connect(m_bytes, &BytesBars::changed, this, &LivePanel::refresh);
  connect(m_profile, &ProfileChart::changed, this, &LivePanel::refresh);
  showChart(TradeOff);
}

void LivePanel::buildAxisChoice() {
  auto* row = new QHBoxLayout(m_head);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  for (const TradeOffFigure& figure : tradeOffFigures()) {
    m_axis->addItem({}, static_cast<int>(figure.axis));
    m_axis->setItemData(m_axis->count() - 1, axisTip(figure.axis), Qt::ToolTipRole);
  }
  m_axis->setAccessibleName(tr("Upright axis of the trade-off chart"));
  m_axis->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  row->addWidget(m_axis, 1);
  row->addWidget(m_title);
  connect(m_axis, &QComboBox::activated, this, [this](int index) {
    m_tradeOff->setVertical(static_cast<TradeOffAxis>(m_axis->itemData(index).toInt()));
    refresh();
  });
}

int LivePanel::chart() const { return m_stack->currentIndex(); }

void LivePanel::showChart(int chart) {
  m_stack->setCurrentIndex(chart);
  m_switch->setCurrent(m_stack->currentIndex());
  refresh();
}

QString LivePanel::tradeOffNote() const {
  const auto& visits = m_visited.visits();
  if (visits.empty()) return tr("Every recipe that you try becomes a point here, once it is measured.");
  const QString separator = QStringLiteral(" · ");
  const std::size_t front = paretoFront(visits, m_tradeOff->vertical()).size();
  QString note = tr("%n recipe(s) measured", nullptr, static_cast<int>(visits.size()));
  if (front == 0)
    return note + separator +
           tr("none has this figure: it needs data with labels and a model that gives maps");
  note += separator + tr("Pareto front of %1").arg(front);
  const std::size_t unknown = m_tradeOff->unknown();
  return note + separator +
         (unknown > 0 ? tr("%n to come, once all is quiet", nullptr, static_cast<int>(unknown))
                      : tr("click a point to go back"));
}

void LivePanel::refresh() {
  const auto kind = m_document.session() ? m_document.session()->qualityKind() : core::QualityKind::Accuracy;
  for (int i = 0; i < m_axis->count(); ++i) {
    const auto axis = static_cast<TradeOffAxis>(m_axis->itemData(i).toInt());
    const bool decibel = axis == TradeOffAxis::Quality && kind == core::QualityKind::Noise;
    const QString unit = decibel                  ? QStringLiteral(" (dB)")
                         : figureOf(axis).percent ? QStringLiteral(" (%)")
                                                  : QString();
    m_axis->setItemText(i, axisName(axis, kind) + unit);
  }
  m_axis->setToolTip(axisTip(m_tradeOff->vertical()));
  m_title->setText(tr("against size"));
  m_head->setVisible(chart() == TradeOff);
  switch (chart()) {
    case TradeOff:
      m_note->setText(tradeOffNote());
      break;
    case Steps:
      m_note->setText(tr("A step is a recipe that was measured; the band is the 95 % interval."));
      break;
    case Profile:
      m_note->setText(m_profile->note());
      break;
    default:
      m_note->setText(m_bytes->warning().isEmpty() ? tr("Before the cut in slate, after it in jade.")
                                                   : QStringLiteral("▲ ") + m_bytes->warning());
      break;
  }
}

}  // namespace lapidary::ui
