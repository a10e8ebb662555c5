// SPDX-License-Identifier: GPL-3.0-or-later
// Sliders and segments under hand and keyboard.
#include <gtest/gtest.h>

#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "ui/look/number_text.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/value_slider.h"

namespace lapidary::ui {

namespace {

class SliderTest : public testing::Test {
 protected:
  SliderTest() : m_slider("Sparsity", "tip", {100, " %", [](double v) { return fixedText(v, 1); }}) {
    m_slider.setRange(0, 1);
    m_slider.setStep(0.01, 0.001);
    m_slider.resize(300, 50);
    m_slider.show();
    m_slider.setValue(0.5);
  }
  ValueSlider m_slider;
};

}  // namespace

TEST_F(SliderTest, ADragStartsMovesAndEndsOnce) {
  QSignalSpy started(&m_slider, &ValueSlider::dragStarted), changed(&m_slider, &ValueSlider::changed),
      finished(&m_slider, &ValueSlider::dragFinished);
  auto* track = m_slider.track();
  QTest::mousePress(track, Qt::LeftButton, {}, track->handle());
  EXPECT_EQ(changed.count(), 0) << "grabbing the handle moves nothing";
  QTest::mouseMove(track, track->pointOf(0.7));
  QTest::mouseMove(track, track->pointOf(0.9));
  QTest::mouseRelease(track, Qt::LeftButton, {}, track->pointOf(0.9));
  EXPECT_EQ(started.count(), 1);
  EXPECT_GE(changed.count(), 2);
  EXPECT_EQ(finished.count(), 1);
  EXPECT_NEAR(m_slider.value(), 0.9, 0.01);
  EXPECT_EQ(m_slider.editor()->text(), fixedText(m_slider.value() * 100, 1) + " %");
}

TEST_F(SliderTest, TypedValuesAreTakenAndNonsenseIsNot) {
  QSignalSpy changed(&m_slider, &ValueSlider::changed);
  const auto type = [&](const QString& text) {
    m_slider.editor()->selectAll();
    QTest::keyClicks(m_slider.editor(), text);
    QTest::keyClick(m_slider.editor(), Qt::Key_Return);
  };
  type("91.5 %");
  EXPECT_NEAR(m_slider.value(), 0.915, 1e-9);
  type("250");
  EXPECT_NEAR(m_slider.value(), 1, 1e-9) << "out of range is clamped";
  type("much");
  EXPECT_NEAR(m_slider.value(), 1, 1e-9);
  EXPECT_EQ(m_slider.editor()->text(), "100.0 %");
  EXPECT_EQ(changed.count(), 2);
}

TEST_F(SliderTest, KeysAndWheelStepAndARunOfThemIsOneChange) {
  QSignalSpy started(&m_slider, &ValueSlider::dragStarted), finished(&m_slider, &ValueSlider::dragFinished);
  m_slider.track()->setFocus();
  QTest::keyClick(m_slider.track(), Qt::Key_Right);
  QTest::keyClick(m_slider.track(), Qt::Key_PageUp);
  EXPECT_NEAR(m_slider.value(), 0.61, 1e-9);
  QWheelEvent wheel({5, 5}, m_slider.track()->mapToGlobal(QPointF(5, 5)), {}, {0, -120}, Qt::NoButton,
                    Qt::NoModifier, Qt::NoScrollPhase, false);
  QCoreApplication::sendEvent(m_slider.track(), &wheel);
  EXPECT_NEAR(m_slider.value(), 0.60, 1e-9);
  EXPECT_EQ(started.count(), 1);
  ASSERT_TRUE(finished.wait(2000));
  EXPECT_EQ(finished.count(), 1);
}

TEST_F(SliderTest, DoubleClickResets) {
  QTest::mouseDClick(m_slider.track(), Qt::LeftButton, {}, QPoint(20, 9));
  EXPECT_EQ(m_slider.value(), 0);
}

TEST_F(SliderTest, MixedSaysSo) {
  m_slider.setMixed();
  EXPECT_EQ(m_slider.editor()->text(), "mixed");
  m_slider.setValue(0.25);
  EXPECT_EQ(m_slider.editor()->text(), "25.0 %");
}

TEST(SegmentedControl, MarksOneOrNoneAndTellsOnlyOfThePerson) {
  SegmentedControl control;
  control.add(3, "three", "");
  control.add(5, "five", "");
  QSignalSpy chosen(&control, &SegmentedControl::chosen);
  control.setCurrent(5);
  EXPECT_EQ(control.current(), 5);
  control.setCurrent(-1);
  EXPECT_EQ(control.current(), -1);
  EXPECT_EQ(chosen.count(), 0);
  QTest::mouseClick(control.button(3), Qt::LeftButton);
  EXPECT_EQ(chosen.count(), 1);
  EXPECT_EQ(control.current(), 3);
}

TEST(TabularText, AllDigitsTakeTheSameRoom) {
  const QFont font;
  EXPECT_DOUBLE_EQ(tabularWidth(font, "11.11"), tabularWidth(font, "90.48"));
}

}  // namespace lapidary::ui
