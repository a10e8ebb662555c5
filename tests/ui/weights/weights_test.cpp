// SPDX-License-Identifier: GPL-3.0-or-later
// Binning, levels, tiling, single bits of codes, and the threshold lines as a person drags them.
#include <gtest/gtest.h>

#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <random>
#include <set>

#include "tests/ui/demo.h"
#include "ui/heatmap/map_pyramid.h"
#include "ui/weights/histogram.h"
#include "ui/weights/histogram_chart.h"
#include "ui/weights/weight_cells.h"
#include "ui/weights/weight_layout.h"
#include "ui/weights/weights_view.h"

namespace lapidary::ui {
namespace {

std::vector<float> normalWeights(std::size_t count) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal(0, 0.02F);
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

TEST(Bins, CountEveryFiniteValueOnce) {
  std::vector<float> values = normalWeights(5000);
  values.push_back(std::nanf(""));
  const auto [low, high] = symmetricRange(values);
  const Bins bins = binCounts(values, low, high, 119);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < bins.counts.size(); ++i) {
    std::int64_t naive = 0;
    for (const float value : values)
      if (std::isfinite(value) && bins.binOf(static_cast<double>(value)) == i) ++naive;
    EXPECT_EQ(bins.counts[i], naive);
    sum += bins.counts[i];
  }
  EXPECT_EQ(sum, 5000);
}

TEST(Bins, TheRangesEndsBelongToIt) {
  const Bins bins = binCounts(std::vector<float>{-1, 1, 1.5F}, -1, 1, 4);
  EXPECT_EQ(bins.counts, (std::vector<std::int64_t>{1, 0, 0, 1}));
  EXPECT_EQ(binCounts({}, 0, 0, 3).counts.size(), 3U);
}

TEST(Bins, OneStandsAstrideZero) {
  const Bins bins = binCounts(std::vector<float>(10, 0.0F), -1, 1, 119);
  EXPECT_EQ(bins.counts[59], 10);
  EXPECT_EQ(bins.binOf(0), 59U);
}

TEST(Levels, AreTheDistinctValuesOfOneChannel) {
  // Shape 2 x 3 x 2, channels along axis 1.
  const std::vector<float> values{0, 1, 5, 5, 9, 9, 1, 2, 5, 6, 9, 8};
  EXPECT_EQ(levelsOf(values, {2, 3, 2}, 1, 0).levels, (std::vector<double>{0, 1, 2}));
  EXPECT_EQ(levelsOf(values, {2, 3, 2}, 1, 1).levels, (std::vector<double>{5, 6}));
  EXPECT_EQ(levelsOf(values, {2, 3, 2}, -1, 0).levels, (std::vector<double>{0, 1, 2, 5, 6, 8, 9}));
}

TEST(Levels, TooManyAreSaidNotDrawn) {
  const LevelGrid grid = levelsOf(normalWeights(1000), {1000}, -1, 0, 64);
  EXPECT_FALSE(grid.complete);
  EXPECT_TRUE(grid.levels.empty());
}

TEST(WeightLayout, EveryWeightHasExactlyOneCell) {
  for (const core::Shape& shape :
       {core::Shape{20, 1, 5, 5}, core::Shape{50, 20, 5, 5}, core::Shape{64, 3, 7, 7}, core::Shape{10, 500},
        core::Shape{17}, core::Shape{8, 4, 3}, core::Shape{6, 5, 1, 1}, core::Shape{4, 2, 2, 3, 3},
        core::Shape{}}) {
    const WeightLayout layout(shape);
    std::set<std::int64_t> seen;
    for (int y = 0; y < layout.size().height(); ++y)
      for (int x = 0; x < layout.size().width(); ++x)
        if (const std::int64_t index = layout.indexAt(x, y); index >= 0) {
          EXPECT_TRUE(seen.insert(index).second) << core::toText(shape);
          EXPECT_FALSE(layout.position({x, y}).isEmpty());
        }
    EXPECT_EQ(static_cast<std::int64_t>(seen.size()), core::elementCount(shape)) << core::toText(shape);
    EXPECT_EQ(*seen.rbegin() + 1, core::elementCount(shape));
  }
}

TEST(WeightLayout, KernelsStayTogetherWithGapsBetween) {
  const WeightLayout layout({2, 1, 3, 3});
  ASSERT_EQ(layout.form(), WeightForm::Kernels);
  EXPECT_EQ(layout.indexAt(0, 0), 0);
  EXPECT_EQ(layout.indexAt(2, 1), 5);
  EXPECT_EQ(layout.indexAt(3, 0), -1);
  EXPECT_TRUE(layout.position({3, 0}).isEmpty());
}

TEST(WeightLayout, NamesRowAndColumnOfAMatrix) {
  const WeightLayout layout({500, 800});
  EXPECT_EQ(layout.size(), QSize(800, 500));
  EXPECT_EQ(layout.indexAt(387, 212), 212 * 800 + 387);
  EXPECT_EQ(layout.position({387, 212}), "row 212, column 387");
}

TEST(BitPlanes, AddUpToTheMagnitudeOfTheCode) {
  core::WeightEncoding encoding;
  encoding.codes = core::Tensor::from<std::uint8_t>({2, 3}, {0, 7, 15, 8, 3, 9});
  encoding.zeroPoint = core::Tensor::from<std::uint8_t>({2}, {7, 8});
  encoding.scale = core::Tensor::from<float>({2}, {1, 1});
  encoding.axis = 0;
  const int expected[] = {7, 0, 8, 0, 5, 1};
  const WeightLayout layout({2, 3});
  const int bits = magnitudeBits(encoding);
  EXPECT_EQ(bits, 4);
  int sums[6] = {};
  for (int plane = 0; plane < bits; ++plane) {
    const MapPyramid map(bitPlaneCells(layout, encoding, plane));
    for (int i = 0; i < 6; ++i) sums[i] += static_cast<int>(map.cell(i % 3, i / 3)) << plane;
  }
  for (int i = 0; i < 6; ++i) EXPECT_EQ(sums[i], expected[i]) << i;
}

TEST(WeightCells, DifferenceIsAfterMinusBefore) {
  const core::Tensor before = core::Tensor::from<float>({2, 2}, {1, 2, 3, 4});
  const core::Tensor after = core::Tensor::from<float>({2, 2}, {0, 2, 3.5F, 4});
  const MapPyramid map(differenceCells(WeightLayout({2, 2}), before, after));
  EXPECT_EQ(map.cell(0, 0), -1);
  EXPECT_EQ(map.cell(0, 1), 0.5F);
}

class HistogramChartTest : public testing::Test {
 protected:
  HistogramChartTest() {
    chart.resize(700, 300);
    chart.setOriginal(binCounts(normalWeights(20000), -0.1, 0.1, 119));
    chart.setThreshold(0.03, "label");
    chart.show();
  }
  QPoint handle(double value) { return chart.pixelOf(value, 1).toPoint() - QPoint(0, 20); }
  HistogramChart chart;
};

TEST_F(HistogramChartTest, EitherLineDragsTheThreshold) {
  for (const double side : {-1.0, 1.0}) {
    chart.setThreshold(0.03, "label");
    QSignalSpy started(&chart, &HistogramChart::dragStarted),
        dragged(&chart, &HistogramChart::thresholdDragged), finished(&chart, &HistogramChart::dragFinished);
    QTest::mousePress(chart.viewport(), Qt::LeftButton, {}, handle(side * 0.03));
    QTest::mouseMove(chart.viewport(), handle(side * 0.04));
    QTest::mouseMove(chart.viewport(), handle(side * 0.05));
    QTest::mouseRelease(chart.viewport(), Qt::LeftButton, {}, handle(side * 0.05));
    EXPECT_EQ(started.size(), 1);
    EXPECT_EQ(finished.size(), 1);
    ASSERT_GE(dragged.size(), 2);
    EXPECT_NEAR(dragged.last()[0].toDouble(), 0.05, 0.0005);
  }
}

TEST_F(HistogramChartTest, ElsewhereNothingIsDragged) {
  QSignalSpy started(&chart, &HistogramChart::dragStarted);
  QTest::mousePress(chart.viewport(), Qt::LeftButton, {}, handle(0.07));
  EXPECT_EQ(started.size(), 0);
  chart.setEditable(false);
  QTest::mousePress(chart.viewport(), Qt::LeftButton, {}, handle(0.03));
  EXPECT_EQ(started.size(), 0);
}

TEST_F(HistogramChartTest, TheCursorSaysThatALineCanBeDragged) {
  QTest::mouseMove(chart.viewport(), handle(0.03));
  EXPECT_EQ(chart.viewport()->cursor().shape(), Qt::SizeHorCursor);
  QTest::mouseMove(chart.viewport(), handle(0.08));
  EXPECT_EQ(chart.viewport()->cursor().shape(), Qt::ArrowCursor);
}

TEST_F(HistogramChartTest, ARunOfKeysIsOneDrag) {
  QObject::connect(&chart, &HistogramChart::thresholdDragged, &chart,
                   [this](double value) { chart.setThreshold(value, "label"); });
  QSignalSpy started(&chart, &HistogramChart::dragStarted), finished(&chart, &HistogramChart::dragFinished);
  for (int i = 0; i < 4; ++i) QTest::keyClick(&chart, Qt::Key_Right);
  EXPECT_NEAR(chart.threshold(), 0.032, 1e-9);
  EXPECT_EQ(started.size(), 1);
  EXPECT_TRUE(finished.wait(2000));
  QTest::keyClick(&chart, Qt::Key_Home);
  EXPECT_DOUBLE_EQ(chart.threshold(), 0);
}

TEST_F(HistogramChartTest, AxesStayWhileTheThresholdMoves) {
  const QPointF before = chart.pixelOf(0.05, 100);
  chart.setThreshold(0.06, "label");
  chart.setCut(binCounts(std::vector<float>(900000, 0.0F), -0.1, 0.1, 119), true);
  EXPECT_EQ(chart.pixelOf(0.05, 100), before);
}

class WeightsViewTest : public testing::Test {
 protected:
  WeightsViewTest() : view(document) {
    view.resize(800, 700);
    view.show();
    document.open(demoSession());
  }
  bool loaded() {
    return eventually([this] { return view.histogram()->isVisible(); });
  }
  QPoint onLine(double value) {
    return {view.histogram()->pixelOf(value, 1).toPoint().x(),
            static_cast<int>(view.histogram()->plotRect().center().y())};
  }
  const core::Prune& prune() {
    edit = document.recipe().editOf(document.session()->model().layer(document.currentLayer()).name);
    return edit.prune;
  }
  Document document;
  WeightsView view;
  core::LayerEdit edit;
};

TEST_F(WeightsViewTest, SaysWhatItWouldShowBeforeAnythingIsOpen) {
  document.close();
  EXPECT_FALSE(view.histogram()->isVisible());
}

TEST_F(WeightsViewTest, ADragOfALineIsOneUndoCommand) {
  ASSERT_TRUE(loaded());
  QWidget* area = view.histogram()->viewport();
  QTest::mousePress(area, Qt::LeftButton, {}, onLine(0));
  for (const double value : {0.01, 0.02, 0.03}) QTest::mouseMove(area, onLine(value));
  QTest::mouseRelease(area, Qt::LeftButton, {}, onLine(0.03));
  EXPECT_EQ(document.undoStack()->count(), 1);
  EXPECT_EQ(prune().mode, core::PruneMode::Threshold);
  EXPECT_NEAR(prune().value, 0.03, 0.002);
  EXPECT_DOUBLE_EQ(view.histogram()->threshold(), prune().value);
  document.undoStack()->undo();
  EXPECT_TRUE(document.recipe().empty());
  EXPECT_DOUBLE_EQ(view.histogram()->threshold(), 0);
}

TEST_F(WeightsViewTest, ASparsityShowsItsThresholdOnceItIsComputed) {
  ASSERT_TRUE(loaded());
  document.editSelection([](core::LayerEdit& e) { e.prune = {core::PruneMode::Sparsity, 0.5}; }, "x");
  ASSERT_TRUE(eventually([this] { return view.histogram()->threshold() > 0; }));
  const auto& cutter = document.session()->cutter();
  EXPECT_DOUBLE_EQ(view.histogram()->threshold(),
                   cutter.threshold(document.recipe(), document.currentLayer()));
}

}  // namespace
}  // namespace lapidary::ui
