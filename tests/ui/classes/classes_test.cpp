// SPDX-License-Identifier: GPL-3.0-or-later
// The table of classes, the reliability diagram, the axes of the trade-off chart and what fills them.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QLabel>
#include <QTableView>

#include "core/session/robustness.h"
#include "tests/ui/demo.h"
#include "ui/classes/classes_view.h"
#include "ui/classes/reliability_chart.h"
#include "ui/live/figure_filler.h"
#include "ui/live/live_panel.h"
#include "ui/live/trade_off_chart.h"
#include "ui/samples/samples_view.h"

namespace lapidary::ui {
namespace {

core::Recipe harsh(const core::Session& session) {
  return recipeOf(session, {{}, {core::Scheme::Symmetric, 2, core::Granularity::Channel, 0}});
}

struct ClassesWindow : testing::Test {
  ClassesWindow() : live(document), samples(document), classes(document) {
    QObject::connect(&samples, &SamplesView::comparisonChanged, &classes, &ClassesView::setComparison);
    QObject::connect(&classes, &ClassesView::wanted, &samples, &SamplesView::setWanted);
  }
  Document document;
  LiveEvaluation live;
  SamplesView samples;
  ClassesView classes;
};

TEST_F(ClassesWindow, SaysWhatIsMissingAndShowsClassesByLoss) {
  classes.show();
  EXPECT_TRUE(classes.isEmpty());
  document.open(demoSession());
  document.setRecipe(harsh(*document.session()), "cut");
  ASSERT_TRUE(eventually([&] { return !classes.isEmpty(); }, 60000));
  const auto& model = *classes.table()->model();
  ASSERT_EQ(model.rowCount(), 10);
  const auto comparison = document.session()->compare(document.recipe(), {});
  double worst = -1e9;
  int lost = 0;
  for (int row = 0; row < 10; ++row) {
    const double change =
        model.index(row, 4).data().toString().replace(QChar(0x2212), QLatin1Char('-')).toDouble();
    EXPECT_GE(change, worst);
    worst = change;
    lost += model.index(row, 6).data().toString().toInt();
  }
  EXPECT_EQ(lost, static_cast<int>(comparison.lost.size()));
  EXPECT_GT(classes.chart()->bins(), 2);
  EXPECT_TRUE(classes.error()->text().contains("calibration error")) << classes.error()->text().toStdString();
  document.open(nullptr);
  EXPECT_TRUE(classes.isEmpty());
}

struct ChartWindow : testing::Test {
  ChartWindow()
      : live(document), visited(document), filler(document, live, visited), panel(document, visited) {
    QObject::connect(panel.tradeOff(), &TradeOffChart::verticalChanged, &filler, &FigureFiller::setAxis);
    panel.resize(400, 400);
    panel.show();
  }
  void choose(TradeOffAxis axis) {
    const int index = panel.axis()->findData(static_cast<int>(axis));
    panel.axis()->setCurrentIndex(index);
    emit panel.axis()->activated(index);
  }
  Document document;
  LiveEvaluation live;
  VisitedRecipes visited;
  FigureFiller filler;
  LivePanel panel;
};

TEST_F(ChartWindow, AFigureThatIsMissingIsMeasuredInTheBackground) {
  document.open(freshDemoSession());
  ASSERT_TRUE(eventually([&] { return document.outcome().final; }, 60000));
  // As a slider leaves them behind: a quality and nothing else.
  visited.add(document.session()->evaluate(harsh(*document.session()), {.measure = {}}, {}));
  ASSERT_EQ(visited.visits().size(), 2u);
  EXPECT_FALSE(visited.visits()[1].on(TradeOffAxis::Ssim));
  EXPECT_TRUE(visited.visits()[1].on(TradeOffAxis::CalibrationError));
  choose(TradeOffAxis::Ssim);
  EXPECT_EQ(panel.tradeOff()->vertical(), TradeOffAxis::Ssim);
  ASSERT_TRUE(eventually([&] { return panel.tradeOff()->unknown() == 0; }, 60000));
  EXPECT_EQ(visited.visits()[0].on(TradeOffAxis::Ssim)->value, 1);
  const double kept = visited.visits()[1].on(TradeOffAxis::Ssim)->value;
  EXPECT_LT(kept, 1);
  EXPECT_EQ(paretoFront(visited.visits(), TradeOffAxis::Ssim).size(), 2u);
  const QPointF original = panel.tradeOff()->pixelOf(0), cut = panel.tradeOff()->pixelOf(1);
  EXPECT_LT(original.y(), cut.y());  // higher on the screen
  EXPECT_LT(cut.x(), original.x());
  choose(TradeOffAxis::CalibrationError);
  EXPECT_EQ(panel.tradeOff()->unknown(), 0u);
}

TEST_F(ChartWindow, RobustnessIsMeasuredForTheAxisAlone) {
  document.open(freshDemoSession());
  ASSERT_TRUE(eventually([&] { return document.outcome().final; }, 60000));
  EXPECT_FALSE(visited.visits()[0].on(TradeOffAxis::Attacked));
  visited.add(document.session()->evaluate(harsh(*document.session()), {.measure = {}}, {}));
  choose(TradeOffAxis::Attacked);
  ASSERT_TRUE(eventually([&] { return panel.tradeOff()->unknown() == 0; }, 60000));
  core::RobustnessRequest request;
  request.methods = {core::AttackMethod::Fgsm};
  request.strengths = {4};
  const auto report = core::measureRobustness(*document.session(), harsh(*document.session()), request, {});
  EXPECT_DOUBLE_EQ(visited.visits()[0].on(TradeOffAxis::Attacked)->value, report.rows[1].original.value());
  EXPECT_DOUBLE_EQ(visited.visits()[1].on(TradeOffAxis::Attacked)->value, report.rows[1].cut->value());
  EXPECT_NE(report.rows[1].original.value(), report.rows[1].cut->value());
}

TEST(TradeOffAxes, TheTableFollowsTheEnumeration) {
  int index = 0;
  for (const TradeOffFigure& figure : tradeOffFigures()) {
    EXPECT_EQ(static_cast<int>(figure.axis), index++);
    EXPECT_FALSE(axisName(figure.axis, core::QualityKind::Accuracy).isEmpty());
    EXPECT_FALSE(axisTip(figure.axis).isEmpty());
  }
}

TEST(TradeOffAxes, OfErrorsTheSmallIsTheBetter) {
  const auto visit = [](std::uint64_t bytes, double error) {
    Visit made{{}, bytes, QualityValue{0.9, {0.9, 0.9}, false}, 100};
    made.figures[TradeOffAxis::CalibrationError] = {error, {error, error}, false};
    return made;
  };
  EXPECT_EQ(
      paretoFront({visit(100, 0.02), visit(200, 0.01), visit(300, 0.05)}, TradeOffAxis::CalibrationError),
      (std::vector<std::size_t>{0, 1}));
}

}  // namespace
}  // namespace lapidary::ui
