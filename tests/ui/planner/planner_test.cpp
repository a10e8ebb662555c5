// SPDX-License-Identifier: GPL-3.0-or-later
// The planner: measured when asked, cancelled at once, drawn in the layer table while it is open.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QToolTip>
#include <QVBoxLayout>
#include <numeric>

#include "tests/ui/demo.h"
#include "ui/document/live_evaluation.h"
#include "ui/document/visited_recipes.h"
#include "ui/layers/layer_table_model.h"
#include "ui/layers/layers_panel.h"
#include "ui/planner/cell_table.h"
#include "ui/planner/planner_controls.h"
#include "ui/planner/planner_view.h"
#include "ui/planner/throughput_bars.h"
#include "ui/window/workspace.h"

namespace lapidary::ui {
namespace {

/// Two workers, three stages, so that the figures are the same kind on every machine.
void choose(PlannerView& view) {
  view.controls()->stages()->setValue(3);
  view.controls()->workers()->setValue(2);
  view.controls()->parts()->setValue(2);
}

void measured(PlannerView& view) {
  view.measure();
  ASSERT_TRUE(eventually([&] { return view.figures() && !view.measuring(); }));
}

TEST(Planner, IsMeasuredWhenAskedAndShowsPredictedBesideMeasured) {
  Document document;
  PlannerView view(document);
  view.resize(720, 600);
  view.show();
  EXPECT_FALSE(view.controls()->isEnabled()) << "there is nothing to plan";
  document.open(demoSession("demo:lenet5"));
  choose(view);
  EXPECT_EQ(view.note(), "");
  QTest::mouseClick(view.controls()->button(), Qt::LeftButton);
  EXPECT_TRUE(view.measuring());
  EXPECT_EQ(view.controls()->button()->text(), "Cancel");
  EXPECT_FALSE(view.controls()->stages()->isEnabled());
  ASSERT_TRUE(eventually([&] { return view.figures().has_value() && !view.measuring(); }));
  EXPECT_EQ(view.controls()->button()->text(), "Measure");

  const auto& rows = view.bars()->rows();
  ASSERT_EQ(rows.size(), 3u) << "one worker, two workers, the pipeline";
  EXPECT_EQ(rows[0].name, "1 worker");
  EXPECT_TRUE(rows[1].name.startsWith("2 workers · ")) << rows[1].name.toStdString();
  EXPECT_TRUE(rows[1].name.contains(" % + "));
  EXPECT_EQ(rows[2].name, "Pipeline of 3 stages");
  EXPECT_DOUBLE_EQ(rows[1].measured, view.figures()->workers[1].measured);
  EXPECT_DOUBLE_EQ(rows[2].predicted, view.figures()->predicted);
  EXPECT_NEAR(std::accumulate(rows[1].shares.begin(), rows[1].shares.end(), 0.0), 1, 1e-9);
  EXPECT_EQ(view.bars()->table().size(), rows.size() + 1);

  ASSERT_EQ(view.stages()->rowCount(), 3);
  EXPECT_TRUE(view.stages()->index(0, 0).data().toString().startsWith("1  conv1"));
  EXPECT_TRUE(view.stages()->index(2, 1).data().toString().endsWith(" ms"));
  EXPECT_TRUE(view.note().contains("first samples of the data"));
  EXPECT_FALSE(view.outdated());
  document.setRecipe(recipeOf(*document.session(), {{core::PruneMode::Sparsity, 0.5}, {}}), "cut");
  EXPECT_TRUE(view.outdated());
  EXPECT_TRUE(view.note().contains("measure again"));
}

TEST(Planner, WorksWithoutDataOnNoise) {
  Document document;
  PlannerView view(document);
  view.show();
  document.open(std::make_shared<core::Session>(demoSession("demo:lenet5")->model(), nullptr,
                                                core::Session::Options{}));
  choose(view);
  measured(view);
  EXPECT_EQ(view.stages()->rowCount(), 3);
  EXPECT_TRUE(view.note().contains("noise"));
}

TEST(Planner, ACancelLeavesWhatWasThere) {
  Document document;
  PlannerView view(document);
  view.show();
  document.open(demoSession("demo:lenet5"));
  view.measure();
  EXPECT_TRUE(view.measuring());
  QTest::mouseClick(view.controls()->button(), Qt::LeftButton);
  EXPECT_FALSE(view.measuring());
  ASSERT_TRUE(quiet());
  EXPECT_FALSE(view.figures());
  EXPECT_TRUE(view.controls()->stages()->isEnabled());
  view.measure();
  document.close();
  EXPECT_FALSE(view.measuring());
  EXPECT_FALSE(view.figures());
}

TEST(Planner, ReturnMeasuresAndEscapeCancels) {
  Document document;
  PlannerView view(document);
  document.open(demoSession("demo:lenet5"));
  view.show();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&view));
  view.controls()->workers()->setFocus();
  QTest::keyClick(view.controls()->workers(), Qt::Key_Return);
  EXPECT_TRUE(view.measuring());
  QTest::keyClick(&view, Qt::Key_Escape);
  EXPECT_FALSE(view.measuring());
}

TEST(Planner, SaysWhyAModelCannotRun) {
  Document document;
  PlannerView view(document);
  view.show();
  core::Model weights = demoSession("demo:lenet5")->model();
  weights.graph = std::make_shared<core::Graph>();
  document.open(std::make_shared<core::Session>(weights, nullptr, core::Session::Options{}));
  ASSERT_FALSE(document.session()->obstacles().empty());
  EXPECT_FALSE(view.controls()->isEnabled());
  view.measure();
  EXPECT_FALSE(view.measuring());
}

TEST(Planner, TheCutIsDrawnInTheLayerTableWhileThePlannerIsOpen) {
  Document document;
  LiveEvaluation live(document);
  VisitedRecipes visited(document);
  Workspace space(document, live, visited);
  space.resize(1200, 800);
  document.open(demoSession("demo:lenet5"));
  space.tabs()->setCurrentWidget(space.planner());
  space.show();
  choose(*space.planner());
  measured(*space.planner());
  const auto& table = *space.layers()->model();
  const auto stageOf = [&](int row) { return table.index(row, 0).data(LayerTableModel::StageRole).toInt(); };
  int last = 1;
  EXPECT_EQ(stageOf(0), 1);
  for (int row = 0; row < table.rowCount(); ++row) {
    EXPECT_GE(stageOf(row), last) << "stages follow each other";
    last = stageOf(row);
  }
  EXPECT_GT(last, 1);
  EXPECT_TRUE(table.index(0, 0).data(Qt::ToolTipRole).toString().contains("stage 1 of 3 of the plan"));

  const auto edge = [&] {
    const auto* view = space.layers()->table();
    const QRect cell = view->visualRect(view->model()->index(0, 0));
    return view->viewport()->grab().toImage().pixelColor(cell.left() + 1, cell.top() + 30);
  };
  EXPECT_EQ(edge(), stageColor(1, 3));
  space.tabs()->setCurrentIndex(0);
  EXPECT_EQ(stageOf(0), 0) << "the planner is closed";
  EXPECT_NE(edge(), stageColor(1, 3));
  space.tabs()->setCurrentWidget(space.planner());
  EXPECT_EQ(stageOf(0), 1) << "and open again";
  document.open(demoSession("demo:lenet300"));
  EXPECT_EQ(stageOf(0), 0) << "another model";
}

TEST(Planner, ActivatingAStageSelectsItsLayers) {
  Document document;
  PlannerView view(document);
  view.show();
  document.open(demoSession("demo:lenet5"));
  choose(view);
  measured(view);
  const auto& stages = view.figures()->stages;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (stages[i].layers.empty()) continue;
    emit view.stageView()->activated(view.stages()->index(static_cast<int>(i), 0));
    EXPECT_EQ(document.selection(), stages[i].layers);
  }
}

TEST(ThroughputBars, DrawsSharesAsPiecesAndTellsItsFigures) {
  ThroughputBars bars;
  bars.setRows({{"a", "1", "tip of a", 80, 100, {0.25, 0.75}}, {"b", "2", "tip of b", 50, 0, {}}});
  bars.resize(402, bars.sizeHint().height());
  bars.show();
  const auto pieces = bars.piecesOf(0);
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_NEAR(pieces[0].width(), 98, 0.1) << "a quarter of 400 less the gap";
  EXPECT_NEAR(pieces[1].width(), 298, 0.1);
  EXPECT_NEAR(bars.outlineOf(0).width(), 320, 0.1);
  EXPECT_NEAR(bars.outlineOf(1).width(), 200, 0.1);
  const QImage image = bars.grab().toImage();
  const auto colourAt = [&](double x, double y) {
    return image.pixelColor(static_cast<int>(x), static_cast<int>(y));
  };
  const QPointF inside = pieces[0].center();
  EXPECT_EQ(colourAt(inside.x(), inside.y()), colourAt(pieces[1].center().x(), inside.y()));
  EXPECT_NE(colourAt(inside.x(), inside.y()), colourAt(99.5, inside.y())) << "a gap between the shares";
  const QPoint at(10, 50);
  QHelpEvent help(QEvent::ToolTip, at, bars.mapToGlobal(at));
  QCoreApplication::sendEvent(&bars, &help);
  EXPECT_EQ(QToolTip::text(), "tip of b");
  QToolTip::hideText();
}

TEST(CellTable, HoldsToTheRulesOfModelsAndCopiesItsData) {
  CellTable table({{"Name", "tip of the name", false}, {"Value", "tip of the value"}});
  const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
  table.setRows({{{"a", "1"}, "first"}, {{"b", "2"}, "second", Qt::red}});
  EXPECT_EQ(table.index(1, 0).data(Qt::DecorationRole).value<QColor>(), QColor(Qt::red));
  EXPECT_EQ(table.headerData(1, Qt::Horizontal, Qt::ToolTipRole).toString(), "tip of the value");
  const std::unique_ptr<QTableView> view(makeCellView(table, "values"));
  ASSERT_EQ(view->actions().size(), 1);
  view->actions().front()->trigger();
  EXPECT_EQ(QGuiApplication::clipboard()->text(), "Name\tValue\na\t1\nb\t2\n");
}

}  // namespace
}  // namespace lapidary::ui
