// SPDX-License-Identifier: GPL-3.0-or-later
// Ticks at round numbers, the mapping between data and pixels, and what leaves a chart.
#include <gtest/gtest.h>

#include <QChart>
#include <QFile>
#include <QImage>
#include <QLineSeries>
#include <QTemporaryDir>
#include <limits>

#include "ui/charts/chart_view.h"

namespace lapidary::ui {
namespace {

QStringList texts(const std::vector<Tick>& ticks) {
  QStringList list;
  for (const Tick& tick : ticks) list << tick.text;
  return list;
}

TEST(Ticks, StandAtRoundNumbersWithATrueMinus) {
  EXPECT_EQ(texts(axisTicks(-0.05, 0.05, AxisScale::Linear, 4)),
            (QStringList{"−0.050", "−0.025", "0", "0.025", "0.050"}));
  EXPECT_EQ(texts(axisTicks(94.7, 99.1, AxisScale::Linear, 5)), (QStringList{"95", "96", "97", "98", "99"}));
}

TEST(Ticks, NeverLeaveTheRange) {
  for (const double low : {-7.3, 0.0, 1e-9, 12345.0})
    for (const double width : {1e-6, 0.31, 2.0, 9e8})
      for (const Tick& tick : axisTicks(low, low + width)) {
        EXPECT_GE(tick.value, low - width * 1e-6);
        EXPECT_LE(tick.value, low + width * 1.000001);
      }
}

TEST(Ticks, LogarithmicOnesArePowersOfTen) {
  EXPECT_EQ(texts(axisTicks(1, 1e5, AxisScale::Log, 6)),
            (QStringList{"1", "10", "100", "10³", "10⁴", "10⁵"}));
  EXPECT_EQ(texts(axisTicks(40, 1200, AxisScale::Log, 6)), (QStringList{"50", "100", "200", "500", "10³"}));
  EXPECT_TRUE(axisTicks(0, 10, AxisScale::Log).empty());
}

TEST(Ticks, RangesThatAreNoneGiveNone) {
  EXPECT_TRUE(axisTicks(1, 1).empty());
  EXPECT_TRUE(axisTicks(2, 1).empty());
  EXPECT_TRUE(axisTicks(0, std::numeric_limits<double>::infinity()).empty());
}

TEST(NiceRange, HoldsItsValuesInWholeSteps) {
  const auto [low, high] = niceRange(0.013, 0.97);
  EXPECT_DOUBLE_EQ(low, 0);
  EXPECT_DOUBLE_EQ(high, 1);
  const auto [from, to] = niceRange(5, 5);
  EXPECT_LT(from, 5);
  EXPECT_GT(to, 5);
}

TEST(ChartView, MapsDataToPixelsAndBack) {
  ChartView view;
  view.resize(600, 300);
  view.setAxis(Qt::Horizontal, 10, 1000, AxisScale::Log);
  view.setAxis(Qt::Vertical, -1, 3);
  view.show();
  const QRectF plot = view.plotRect();
  ASSERT_GT(plot.width(), 300);
  EXPECT_NEAR(view.pixelOf(100, 1).x(), plot.center().x(), 1);
  EXPECT_NEAR(view.pixelOf(100, 1).y(), plot.center().y(), 1);
  const QPointF back = view.valueAt(view.pixelOf(50, 2.5));
  EXPECT_NEAR(back.x(), 50, 1e-6);
  EXPECT_NEAR(back.y(), 2.5, 1e-6);
}

TEST(ChartView, ASeriesIsDrawnWhereItsPixelsAreSaidToBe) {
  ChartView view;
  view.resize(400, 200);
  view.setAxis(Qt::Horizontal, 0, 10);
  view.setAxis(Qt::Vertical, 0, 10);
  auto* series = new QLineSeries;
  series->append(0, 5);
  series->append(10, 5);
  series->setPen(QPen(QColor(255, 0, 255), 3));
  view.attach(series);
  view.show();
  const QImage image = view.grab().toImage();
  EXPECT_EQ(image.pixelColor(view.pixelOf(5, 5).toPoint()), QColor(255, 0, 255));
}

TEST(ChartExport, CopiesATableThatASpreadsheetReads) {
  EXPECT_EQ(tableText({{"size", "accuracy"}, {"1\t0", "98"}}), "size\taccuracy\n1 0\t98\n");
}

TEST(ChartExport, WritesPngAndSvgAndSaysWhyNot) {
  QTemporaryDir folder;
  ChartView view;
  view.resize(300, 150);
  view.show();
  EXPECT_EQ(savePicture(view, folder.filePath("a.png")), "");
  EXPECT_EQ(QImage(folder.filePath("a.png")).size(), QSize(600, 300));
  EXPECT_EQ(savePicture(view, folder.filePath("a.svg")), "");
  QFile svg(folder.filePath("a.svg"));
  ASSERT_TRUE(svg.open(QIODevice::ReadOnly));
  EXPECT_TRUE(svg.readAll().contains("<svg"));
  EXPECT_NE(savePicture(view, folder.filePath("none/a.png")), "");
}

}  // namespace
}  // namespace lapidary::ui
