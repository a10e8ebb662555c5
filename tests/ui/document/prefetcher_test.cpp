// SPDX-License-Identifier: GPL-3.0-or-later
// Quiet moments: the next step is answered from memory, a move stops the work at once, and it ends by itself.
#include "ui/document/prefetcher.h"

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QSignalSpy>
#include <memory>

#include "tests/ui/demo.h"

namespace lapidary::ui {

namespace {

constexpr SliderScale percents{0, 1, 0.01, 0.001, 200};

/// A session of its own: what the shared one remembers must not answer here.
std::shared_ptr<const core::Session> freshSession() {
  return openModel({"demo:lenet300", {}, {}}, nullptr, {}).session;
}

class PrefetcherTest : public testing::Test {
 protected:
  void SetUp() override {
    m_document.open(freshSession());
    ASSERT_TRUE(settled());
  }
  bool settled() {
    return eventually([&] {
      return !m_live.running() && m_document.outcome().final &&
             m_document.outcome().recipe == m_document.recipe();
    });
  }
  void move(double from, double to) {
    m_document.moveSelection(
        {percents, from, from, to},
        [](core::LayerEdit& edit, double value) {
          edit.prune = {core::PruneMode::Sparsity, value};
        },
        "move");
  }
  /// A step, its figures, and the quiet moment after it.
  void stepAndWait(double from, double to) {
    QSignalSpy ended(&m_prefetcher, &Prefetcher::ended);
    move(from, to);
    ASSERT_TRUE(eventually([&] { return ended.count() > 0; }));
  }

  Document m_document;
  LiveEvaluation m_live{m_document};
  Prefetcher m_prefetcher{m_document, m_live};
};

}  // namespace

TEST_F(PrefetcherTest, TheNextStepIsAnsweredFromMemoryWithTheSameFigures) {
  const double next = percents.nudged(0.93, 1);
  stepAndWait(0.92, 0.93);
  move(0.93, next);
  ASSERT_TRUE(settled());
  const core::Outcome outcome = m_document.outcome();
  EXPECT_EQ(outcome.remembered, 2000u);
  const auto measured = freshSession()->evaluate(m_document.recipe(), {}, {});
  EXPECT_EQ(measured.remembered, 0u);
  EXPECT_EQ(outcome.quality->top1, measured.quality->top1);
  EXPECT_EQ(outcome.quality->loss, measured.quality->loss);
  EXPECT_EQ(outcome.quality->changeInterval->low, measured.quality->changeInterval->low);
  EXPECT_EQ(outcome.footprint.fileAfter, measured.footprint.fileAfter);
  EXPECT_EQ(outcome.footprint.forms, measured.footprint.forms);
}

TEST_F(PrefetcherTest, WorksOnceAndRestsThen) {
  QSignalSpy started(&m_prefetcher, &Prefetcher::started);
  stepAndWait(0.5, 0.51);
  EXPECT_TRUE(m_prefetcher.resting());
  emit m_live.stateChanged();
  EXPECT_EQ(started.count(), 1);
  EXPECT_TRUE(m_prefetcher.resting());
}

TEST_F(PrefetcherTest, AMoveStopsItAtOnceAndIsAnswered) {
  QSignalSpy started(&m_prefetcher, &Prefetcher::started);
  move(0.5, 0.51);
  ASSERT_TRUE(eventually([&] { return started.count() > 0; }));
  move(0.51, 0.9);
  EXPECT_FALSE(m_prefetcher.running());
  ASSERT_TRUE(settled());
  EXPECT_EQ(m_document.outcome().remembered, 0u);
}

TEST_F(PrefetcherTest, DoesNothingWhileMovesKeepComing) {
  QSignalSpy started(&m_prefetcher, &Prefetcher::started);
  m_prefetcher.setQuietTime(60'000);
  for (int i = 0; i < 5; ++i) {
    move(i * 0.01, (i + 1) * 0.01);
    ASSERT_TRUE(settled());
    EXPECT_FALSE(m_prefetcher.resting()) << "it waits for a quiet moment";
  }
  EXPECT_EQ(started.count(), 0) << "complete figures alone are no quiet moment";
  m_prefetcher.setQuietTime(0);
  move(0.05, 0.06);
  EXPECT_TRUE(eventually([&] { return started.count() == 1; }));
}

TEST_F(PrefetcherTest, DoesNothingAfterChangesThatAreNoSlidersAndWhereItIsOff) {
  QSignalSpy started(&m_prefetcher, &Prefetcher::started);
  m_document.setRecipe(recipeOf(*m_document.session(), {{core::PruneMode::Sparsity, 0.4}, {}}), "paste");
  ASSERT_TRUE(settled());
  EXPECT_TRUE(m_prefetcher.resting());
  m_prefetcher.setEnabled(false);
  move(0.5, 0.51);
  ASSERT_TRUE(settled());
  EXPECT_TRUE(m_prefetcher.resting());
  EXPECT_EQ(started.count(), 0);
  m_document.undoStack()->undo();
  EXPECT_FALSE(m_document.lastMove());
}

TEST(Prefetcher, MayBeClosedWhileItWorks) {
  for (int round = 0; round < 3; ++round) {
    auto document = std::make_unique<Document>();
    auto live = std::make_unique<LiveEvaluation>(*document);
    auto prefetcher = std::make_unique<Prefetcher>(*document, *live);
    QSignalSpy started(prefetcher.get(), &Prefetcher::started);
    document->open(freshSession());
    document->moveSelection(
        {percents, 0.5, 0.5, 0.51},
        [](core::LayerEdit& edit, double value) {
          edit.prune = {core::PruneMode::Sparsity, value};
        },
        "move");
    ASSERT_TRUE(eventually([&] { return started.count() > 0; }));
    if (round == 0) {
      document->close();
      EXPECT_FALSE(prefetcher->running());
    }
    QElapsedTimer timer;
    timer.start();
    prefetcher.reset();
    EXPECT_LT(timer.elapsed(), 2000);
    if (round == 1) QCoreApplication::processEvents();  // what its work had sent finds nobody
  }
}

}  // namespace lapidary::ui
