// The switch between the live charts.
#include "ui/live/live_panel.h"

#include <QBoxLayout>
#include <QStackedWidget>

#include "ui/live/bytes_bars.h"
#include "ui/live/profile_chart.h"
#include "ui/live/steps_chart.h"
#include "ui/live/trade_off_chart.h"
#include "ui/live/visited_recipes.h"
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
  column->addWidget(m_title);
  column->addWidget(m_stack, 1);
  column->addWidget(m_note);
  connect(m_switch, &SegmentedControl::chosen, this, &LivePanel::showChart);
  connect(&visited, &VisitedRecipes::changed, this, &LivePanel::refresh);
  connect(&document, &Document::opened, this, &LivePanel::refresh);
  connect(m_bytes, &BytesBars::changed, this, &LivePanel::refresh);
  connect(m_profile, &ProfileChart::changed, this, &LivePanel::refresh);
  showChart(TradeOff);
}

int LivePanel::chart() const { return m_stack->currentIndex(); }

void LivePanel::showChart(int chart) {
  m_stack->setCurrentIndex(chart);
  m_switch->setCurrent(m_stack->currentIndex());
  refresh();
}

void LivePanel::refresh() {
  const auto& visits = m_visited.visits();
  const bool any = !visits.empty();
  const auto kind = m_document.session() ? m_document.session()->qualityKind() : core::QualityKind::Accuracy;
  m_title->setText(kind == core::QualityKind::Noise ? tr("Signal-to-noise (dB) against size")
                                                    : tr("%1 (%) against size").arg(qualityName(kind)));
  m_title->setVisible(chart() == TradeOff);
  switch (chart()) {
    case TradeOff:
      m_note->setText(!any ? tr("Every recipe that you try becomes a point here, once it is measured.")
                           : tr("%n recipe(s) measured", nullptr, static_cast<int>(visits.size())) +
                                 QStringLiteral(" · ") +
                                 tr("Pareto front of %1").arg(paretoFront(visits).size()) +
                                 QStringLiteral(" · ") + tr("click a point to return to it"));
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
