// SPDX-License-Identifier: GPL-3.0-or-later
// Layout of the work area.
#include "ui/window/workspace.h"

#include <QBoxLayout>
#include <QSplitter>
#include <QTabWidget>

#include "ui/activations/activations_view.h"
#include "ui/classes/classes_view.h"
#include "ui/cut/cut_panel.h"
#include "ui/document/live_evaluation.h"
#include "ui/figures/figures_strip.h"
#include "ui/layers/layer_table_model.h"
#include "ui/layers/layers_panel.h"
#include "ui/live/figure_filler.h"
#include "ui/live/live_panel.h"
#include "ui/live/trade_off_chart.h"
#include "ui/look/settings.h"
#include "ui/manual/help.h"
#include "ui/planner/planner_view.h"
#include "ui/robustness/robustness_view.h"
#include "ui/saliency/saliency_view.h"
#include "ui/samples/samples_view.h"
#include "ui/sensitivity/sensitivity_view.h"
#include "ui/weights/weights_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tab_list.h"

namespace lapidary::ui {

namespace {

QString settingOf(Workspace::Panel panel) {
  return panel == Workspace::LayersAndCharts ? QStringLiteral("panels/layers") : QStringLiteral("panels/cut");
}

}  // namespace

Workspace::Workspace(Document& document, LiveEvaluation& live, VisitedRecipes& visited, QWidget* parent)
    : QWidget(parent),
      m_figures(new FiguresStrip(document, live, visited)),
      m_layers(new LayersPanel(document)),
      m_live(new LivePanel(document, visited)),
      m_cut(new CutPanel(document)),
      m_tabs(new QTabWidget),
      m_columns(new QSplitter(Qt::Horizontal)),
      m_left(new QSplitter(Qt::Vertical)),
      m_filler(std::make_unique<FigureFiller>(document, live, visited)) {
  addTabs(document);
  connect(m_live->tradeOff(), &TradeOffChart::verticalChanged, m_filler.get(), &FigureFiller::setAxis);
  m_left->addWidget(m_layers);
  m_left->addWidget(m_live);
  m_left->setMinimumWidth(330);
  auto* centre = new QWidget;
  auto* centreColumn = new QVBoxLayout(centre);
  centreColumn->setContentsMargins(12, 8, 12, 10);
  centreColumn->addWidget(m_tabs);
  centre->setMinimumWidth(380);
  m_columns->addWidget(m_left);
  m_columns->addWidget(centre);
  m_columns->addWidget(m_cut);
  for (auto* splitter : {m_columns, m_left}) {
    splitter->setProperty("look", "line");
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
  }
  m_columns->setStretchFactor(0, 0);
  m_columns->setStretchFactor(1, 1);
  m_columns->setStretchFactor(2, 0);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(m_figures);
  column->addWidget(makeRule());
  column->addWidget(m_columns, 1);
  restoreSplitters();
}

Workspace::~Workspace() {
  settings::setValue("columns", m_columns->saveState());
  settings::setValue("leftColumn", m_left->saveState());
}

void Workspace::addTabs(Document& document) {
  m_tabs->setDocumentMode(false);
  m_tabs->setCornerWidget(help::makeButton(m_tabs));
  new TabList(*m_tabs);
  m_tabs->addTab(new WeightsView(document, m_tabs), tr("Weights"));
  auto* saliency = new SaliencyView(document, m_tabs);
  auto* samples = new SamplesView(document, m_tabs);
  m_tabs->addTab(saliency, tr("Saliency"));
  m_tabs->addTab(samples, tr("Samples"));
  m_classes = new ClassesView(document, m_tabs);
  m_tabs->addTab(m_classes, tr("Classes"));
  connect(samples, &SamplesView::comparisonChanged, m_classes, &ClassesView::setComparison);
  connect(m_classes, &ClassesView::wanted, samples, &SamplesView::setWanted);
  auto* activations = new ActivationsView(document, m_tabs);
  m_tabs->addTab(activations, tr("Activations"));
  m_robustness = new RobustnessView(document, m_tabs);
  m_tabs->addTab(m_robustness, tr("Robustness"));
  m_planner = new PlannerView(document, m_tabs);
  m_tabs->addTab(m_planner, tr("Planner"));
  m_sensitivity = new SensitivityView(document, m_tabs);
  m_tabs->insertTab(1, m_sensitivity, tr("Sensitivity"));
  // Not by way of this, which is gone before its parts are.
  connect(m_planner, &PlannerView::marksChanged, m_layers->model(),
          [model = m_layers->model(), planner = m_planner] { model->setStages(planner->marks()); });
  connect(samples, &SamplesView::comparisonChanged, saliency, &SaliencyView::setComparison);
  const auto explain = [this, saliency](std::size_t sample) {
    saliency->showSample(sample);
    m_tabs->setCurrentWidget(saliency);
  };
  connect(samples, &SamplesView::sampleActivated, this, explain);
  connect(activations, &ActivationsView::sampleActivated, this, explain);
}

QWidget& Workspace::widgetOf(Panel panel) const {
  return panel == LayersAndCharts ? static_cast<QWidget&>(*m_left) : *m_cut;
}

bool Workspace::isPanelShown(Panel panel) const { return !widgetOf(panel).isHidden(); }

void Workspace::showPanel(Panel panel, bool shown) {
  QWidget& widget = widgetOf(panel);
  const QWidget* focused = widget.focusWidget();
  widget.setVisible(shown);
  if (!shown && focused) m_tabs->setFocus();
  settings::setValue(settingOf(panel), shown);
}

void Workspace::restoreSplitters() {
  for (const Panel panel : {LayersAndCharts, CutOfLayers})
    widgetOf(panel).setVisible(settings::value(settingOf(panel), true).toBool());

  if (!m_columns->restoreState(settings::value("columns").toByteArray()))
    m_columns->setSizes({392, 750, 298});
  if (!m_left->restoreState(settings::value("leftColumn").toByteArray())) m_left->setSizes({250, 430});
}

}  // namespace lapidary::ui
