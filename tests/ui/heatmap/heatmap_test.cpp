// SPDX-License-Identifier: GPL-3.0-or-later
// Pooling, colours, panning and zooming of maps.
#include <gtest/gtest.h>

#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <cmath>
#include <limits>
#include <random>

#include "core/support/error.h"
#include "ui/heatmap/color_bar.h"
#include "ui/heatmap/image_map.h"
#include "ui/look/theme.h"

namespace lapidary::ui {
namespace {

std::shared_ptr<const CellSource> noise(int width, int height) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  std::vector<float> values(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (float& value : values) value = normal(random);
  return std::make_shared<GridCells>(width, height, std::move(values));
}

/// The value of largest magnitude of a block, the slow way.
float strongestOf(const MapPyramid& map, int left, int top, int width, int height) {
  float best = 0;
  for (int y = top; y < top + height; ++y)
    for (int x = left; x < left + width; ++x)
      if (std::fabs(map.cell(x, y)) > std::fabs(best)) best = map.cell(x, y);
  return best;
}

TEST(MapPyramid, PoolsByLargestMagnitudeAtEverySize) {
  const MapPyramid map(noise(320, 192));
  for (const int factor : {1, 2, 4, 8, 16, 32}) {
    const QSize pixels(320 / factor, 192 / factor);
    const std::vector<float> sampled = map.sample(QRectF(0, 0, 320, 192), pixels);
    for (int y = 0; y < pixels.height(); ++y)
      for (int x = 0; x < pixels.width(); ++x)
        ASSERT_EQ(sampled[static_cast<std::size_t>(y * pixels.width() + x)],
                  strongestOf(map, x * factor, y * factor, factor, factor))
            << factor << ": " << x << ", " << y;
  }
}

TEST(MapPyramid, IsExactWhereCellsAreLargerThanPixels) {
  const MapPyramid map(noise(50, 40));
  const std::vector<float> sampled = map.sample(QRectF(10, 20, 5, 4), QSize(50, 40));
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 50; ++x)
      ASSERT_EQ(sampled[static_cast<std::size_t>(y * 50 + x)], map.cell(10 + x / 10, 20 + y / 10));
}

TEST(MapPyramid, GapsLoseAgainstNumbersAndLieOutside) {
  const float gap = std::numeric_limits<float>::quiet_NaN();
  const MapPyramid map(std::make_shared<GridCells>(2, 2, std::vector<float>{gap, 0.5F, gap, gap}));
  EXPECT_EQ(map.sample(QRectF(0, 0, 2, 2), {1, 1})[0], 0.5F);
  EXPECT_TRUE(std::isnan(map.sample(QRectF(0, 0, 2, 2), {2, 2})[0]));
  EXPECT_TRUE(std::isnan(map.sample(QRectF(5, 0, 2, 2), {2, 2})[0]));
  EXPECT_TRUE(std::isnan(map.cell(-1, 0)));
  EXPECT_DOUBLE_EQ(map.largest(), 0.5);
}

TEST(MapPyramid, LargestIgnoresWhatIsNotFinite) {
  const float infinite = std::numeric_limits<float>::infinity();
  const MapPyramid map(std::make_shared<GridCells>(3, 1, std::vector<float>{infinite, -2, 1}));
  EXPECT_DOUBLE_EQ(map.largest(), 2);
}

TEST(MapPyramid, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(MapPyramid(noise(100, 100), stop.get_token()), core::Cancelled);
}

TEST(MapPyramid, SamplesAMillionCellsWithinOneFrame) {
  const MapPyramid map(noise(2000, 2000));
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) map.sample(QRectF(0, 0, 2000, 2000), {300, 280});
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr double slowdown = 20;
#else
  constexpr double slowdown = 1;
#endif
  EXPECT_LT(taken.count() / 10, 0.05 * slowdown);
}

TEST(ColorTable, ZeroIsThePanelAndSignsDiffer) {
  const ColorTable table({ColorMap::Diverging, 0.5});
  EXPECT_EQ(table.color(0) & 0xffffff, Theme::instance().diverging(0) & 0xffffff);
  EXPECT_EQ(table.color(0.5F), Theme::instance().diverging(1));
  EXPECT_EQ(table.color(-9), Theme::instance().diverging(-1));
  EXPECT_EQ(qAlpha(table.color(std::numeric_limits<float>::quiet_NaN())), 0);
  const ColorTable mask({ColorMap::Mask, 1});
  EXPECT_NE(mask.color(0), mask.color(1));
}

TEST(MapViewport, KeepsTheCellUnderTheCursorWhileZooming) {
  MapViewport viewport;
  viewport.setContent({100, 50}, true);
  viewport.setPanel({200, 200});
  const QPointF pixel(130, 40);
  const QPointF before = viewport.toCell(pixel);
  viewport.zoomBy(3, pixel);
  EXPECT_NEAR(viewport.toCell(pixel).x(), before.x(), 1e-9);
  EXPECT_NEAR(viewport.toCell(pixel).y(), before.y(), 1e-9);
}

TEST(MapViewport, NeverLeavesTheMap) {
  MapViewport viewport;
  viewport.setContent({100, 100}, false);
  viewport.setPanel({200, 200});
  viewport.zoomBy(4, {0, 0});
  viewport.panBy({5000, 5000});
  EXPECT_GE(viewport.shown().left(), 0);
  viewport.panBy({-90000, -90000});
  EXPECT_LE(viewport.shown().right(), 100 + 1e-9);
  viewport.fit();
  EXPECT_DOUBLE_EQ(viewport.zoom(), 1);
}

TEST(MapViewport, KeysBringTheFramedCellIntoView) {
  MapViewport viewport;
  viewport.setContent({100, 100}, false);
  viewport.setPanel({200, 200});
  viewport.zoomBy(10, {0, 0});
  viewport.moveHovered(0, 0);
  for (int i = 0; i < 60; ++i) viewport.moveHovered(1, 0);
  EXPECT_EQ(viewport.hovered(), QPoint(60, 0));
  EXPECT_GE(viewport.shown().right(), 61 - 1e-9);
}

TEST(ImageMap, DrawsTheCellsAndFollowsTheCursor) {
  MapViewport viewport;
  viewport.setContent({2, 1}, true);
  ImageMap map(viewport);
  map.resize(202, 121);
  map.setMap(std::make_shared<MapPyramid>(std::make_shared<GridCells>(2, 1, std::vector<float>{-1, 1})),
             {ColorMap::Diverging, 1});
  map.show();
  const QImage image = map.grab().toImage();
  EXPECT_EQ(image.pixel(50, 50), Theme::instance().diverging(-1));
  EXPECT_EQ(image.pixel(150, 50), Theme::instance().diverging(1));
  QTest::mouseMove(&map, QPoint(150, 50));
  EXPECT_EQ(viewport.hovered(), QPoint(1, 0));
  QTest::keyClick(&map, Qt::Key_Left);
  EXPECT_EQ(viewport.hovered(), QPoint(0, 0));
  QTest::keyClick(&map, Qt::Key_Plus);
  EXPECT_GT(viewport.zoom(), 1);
}

TEST(ColorBar, SaysItsRangeToScreenReaders) {
  ColorBar bar;
  bar.setScale({ColorMap::Diverging, 0.05}, "weight");
  EXPECT_TRUE(bar.accessibleName().contains("0.05"));
  EXPECT_TRUE(bar.accessibleName().contains("weight"));
}

}  // namespace
}  // namespace lapidary::ui
