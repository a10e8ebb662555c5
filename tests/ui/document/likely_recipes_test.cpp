// SPDX-License-Identifier: GPL-3.0-or-later
// What the next move is likely to ask for: exactly what the slider would then give.
#include "ui/document/likely_recipes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QTest>
#include <algorithm>

#include "ui/widgets/slider_track.h"

namespace lapidary::ui {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::SizeIs;

SliderMotion keyed(double before, double value) { return {{0, 16, 1, 1, 200}, before, before, value}; }

core::Recipe pruned(double sparsity) {
  core::Recipe recipe;
  recipe.set("a", {{core::PruneMode::Sparsity, sparsity}, {}});
  return recipe;
}

bool unlike(std::vector<double> values, double present) {
  values.push_back(present);
  std::sort(values.begin(), values.end());
  return std::adjacent_find(values.begin(), values.end()) == values.end();
}

}  // namespace

TEST(LikelyValues, GoOnFirstThenBackThenFarther) {
  EXPECT_THAT(likelyValues(keyed(7, 8), 4), ElementsAre(9, 7, 10, 11));
  EXPECT_THAT(likelyValues(keyed(8, 7), 4), ElementsAre(6, 8, 5, 4));
}

TEST(LikelyValues, AStrideIsRepeated) { EXPECT_EQ(likelyValues(keyed(2, 6), 8).front(), 10); }

TEST(LikelyValues, StayOnTheScaleAndAreAllDifferent) {
  for (const double value : {0.0, 1.0, 8.0, 15.0, 16.0})
    for (const double before : {0.0, 8.0, 16.0}) {
      const auto values = likelyValues(keyed(before, value), 8);
      EXPECT_LE(values.size(), 8u);
      EXPECT_GE(values.size(), 4u);
      EXPECT_TRUE(unlike(values, value)) << before << " to " << value;
      for (const double likely : values) EXPECT_TRUE(likely >= 0 && likely <= 16) << likely;
    }
  EXPECT_TRUE(likelyValues({{3, 3, 1, 1, 200}, 3, 3, 3}, 8).empty());
}

TEST(LikelyValues, HoldThePositionWhereADragBegan) {
  SliderMotion motion{{0, 1, 0.01, 0.001, 200}, 0.1, 0.4, 0.6};
  motion.held = motion.scale.position(0.6);
  motion.heldBefore = motion.scale.position(0.4);
  EXPECT_THAT(likelyValues(motion, 8), Contains(0.1));
  EXPECT_THAT(likelyValues(motion, 8), SizeIs(8));
}

class OnTheTrack : public testing::TestWithParam<double> {
 protected:
  OnTheTrack() {
    m_track.resize(237, 18);
    m_track.setRange(0, 1);
    m_track.setStep(0.01);
    m_track.setSnap(GetParam());
    m_track.setValue(0.3);
    QObject::connect(&m_track, &SliderTrack::nudged, &m_track, &SliderTrack::setValue);
  }
  SliderTrack m_track;
};

TEST_P(OnTheTrack, KeysGiveWhatWasForeseen) {
  QTest::keyClick(&m_track, Qt::Key_Right);
  for (const auto key : {Qt::Key_Right, Qt::Key_Right, Qt::Key_Left, Qt::Key_Left}) {
    const auto foreseen = likelyValues(m_track.motion(), 8);
    QTest::keyClick(&m_track, key);
    EXPECT_THAT(foreseen, Contains(m_track.value()));
  }
  QTest::keyClick(&m_track, Qt::Key_PageUp);
  const auto foreseen = likelyValues(m_track.motion(), 8);
  QTest::keyClick(&m_track, Qt::Key_PageUp);
  EXPECT_EQ(foreseen.front(), m_track.value()) << "ten steps again";
}

TEST_P(OnTheTrack, PixelsGiveWhatWasForeseen) {
  for (const QPoint grip : {m_track.handle(), QPoint(120, 9)}) {
    QTest::mousePress(&m_track, Qt::LeftButton, {}, grip);
    QPoint mouse = grip;
    mouse.rx() += 30;
    QTest::mouseMove(&m_track, mouse);
    for (const int pixels : {1, 1, 2, -1, 2, 3, 3, -2, 2, 5, 5}) {
      const auto foreseen = likelyValues(m_track.motion(), 8);
      mouse.rx() += pixels;
      QTest::mouseMove(&m_track, mouse);
      EXPECT_THAT(foreseen, Contains(m_track.value())) << pixels << " from " << mouse.x();
    }
    QTest::mouseRelease(&m_track, Qt::LeftButton, {}, mouse);
    EXPECT_FALSE(m_track.motion().held);
  }
}

INSTANTIATE_TEST_SUITE_P(Snaps, OnTheTrack, testing::Values(0.0, 0.001));

TEST(LikelyRecipes, AreThoseOfTheValues) {
  const auto recipes = likelyRecipes({{{0, 1, 0.01, 0.001, 200}, 0.5, 0.5, 0.51}, pruned}, 3);
  ASSERT_EQ(recipes.size(), 3u);
  EXPECT_EQ(recipes[0], pruned(SliderScale{0, 1, 0.01, 0.001, 200}.nudged(0.51, 1)));
}

TEST(LikelyRecipes, ThatAreEqualComeOnce) {
  const auto halved = [](double value) { return pruned(static_cast<int>(value) / 2 * 0.1); };
  const auto recipes = likelyRecipes({keyed(7, 8), halved}, 8);
  EXPECT_LT(recipes.size(), 8u);
  for (std::size_t i = 0; i < recipes.size(); ++i) {
    EXPECT_NE(recipes[i], halved(8));
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(recipes[i], recipes[j]);
  }
}

}  // namespace lapidary::ui
