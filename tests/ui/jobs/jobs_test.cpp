// SPDX-License-Identifier: GPL-3.0-or-later
// Long work and the tray that shows it.
#include <gtest/gtest.h>

#include <QMenu>
#include <QSignalSpy>
#include <QTest>

#include "ui/jobs/job_list.h"
#include "ui/jobs/job_tray.h"
#include "ui/jobs/long_job.h"

namespace lapidary::ui {

namespace {

QStringList textsOf(JobTray& tray) {
  QStringList texts;
  emit tray.menu()->aboutToShow();
  for (const QAction* action : tray.menu()->actions()) texts << action->text();
  return texts;
}

QAction* actionOf(JobTray& tray, const QString& text) {
  emit tray.menu()->aboutToShow();
  for (QAction* action : tray.menu()->actions())
    if (action->text() == text) return action;
  return nullptr;
}

}  // namespace

TEST(LongJob, TellsTheTimeLeftWithoutItsPauses) {
  LongJob job("Repair");
  EXPECT_FALSE(job.secondsLeft());
  job.begin("begins");
  job.tell("half", 0.0);
  QTest::qWait(700);
  job.tell("half", 0.5);
  const auto left = job.secondsLeft();
  ASSERT_TRUE(left);
  EXPECT_NEAR(*left, 0.7, 0.3);
  job.setPaused(true);
  QTest::qWait(600);
  EXPECT_NEAR(*job.secondsLeft(), *left, 0.2);
  job.finish("done");
  EXPECT_FALSE(job.secondsLeft());
}

TEST(LongJob, OnlyWhatIsAtWorkCanBeToldOfOrEnd) {
  LongJob job("Repair");
  job.tell("nobody asked", 0.5);
  job.finish("nobody asked");
  EXPECT_EQ(job.state(), LongJob::State::Idle);
  job.begin("begins");
  job.setPaused(true);
  EXPECT_EQ(job.state(), LongJob::State::Paused);
  EXPECT_TRUE(job.active());
  job.leave();
  EXPECT_EQ(job.state(), LongJob::State::Idle);
}

TEST(JobTray, ShowsWhatIsAtWorkAndWhatEndedUnseen) {
  JobList jobs;
  JobTray tray(jobs);
  LongJob repair("Repair"), search("Search");
  jobs.watch(&repair);
  jobs.watch(&search);
  jobs.watch(&search);
  EXPECT_TRUE(tray.isHidden());
  repair.begin("Epoch 1 of 5\nsecond line");
  EXPECT_FALSE(tray.isHidden());
  EXPECT_EQ(tray.text(), "Repair: Epoch 1 of 5");
  search.begin("measures");
  EXPECT_EQ(jobs.active().size(), 2);
  EXPECT_TRUE(tray.text().startsWith("2 ")) << tray.text().toStdString();
  search.finish("found 100 kB");
  repair.leave();
  EXPECT_EQ(tray.text(), "Search: found 100 kB");
  EXPECT_TRUE(jobs.active().isEmpty());
  search.leave();
  EXPECT_TRUE(tray.isHidden());
}

TEST(JobTray, ItsMenuPausesStopsAndShows) {
  JobList jobs;
  JobTray tray(jobs);
  LongJob job("Repair");
  job.setPausable(true);
  job.setStopText("Stop and keep the best");
  jobs.watch(&job);
  job.begin("Epoch 1 of 5");
  QSignalSpy shows(&job, &LongJob::showAsked), pauses(&job, &LongJob::pauseAsked),
      stops(&job, &LongJob::stopAsked);
  ASSERT_TRUE(actionOf(tray, "Show"));
  actionOf(tray, "Show")->trigger();
  actionOf(tray, "Pause")->trigger();
  actionOf(tray, "Stop and keep the best")->trigger();
  EXPECT_EQ(shows.count(), 1);
  ASSERT_EQ(pauses.count(), 1);
  EXPECT_TRUE(pauses.front().front().toBool());
  EXPECT_EQ(stops.count(), 1);
  job.setPaused(true);
  EXPECT_TRUE(textsOf(tray).contains("Go on"));
  job.finish("done");
  EXPECT_FALSE(textsOf(tray).contains("Go on"));
  EXPECT_TRUE(textsOf(tray).contains("Show"));
}

TEST(JobTray, AJobThatGoesLeavesTheList) {
  JobList jobs;
  JobTray tray(jobs);
  {
    LongJob job("Repair");
    jobs.watch(&job);
    job.begin("works");
    EXPECT_FALSE(tray.isHidden());
  }
  EXPECT_TRUE(tray.isHidden());
  EXPECT_TRUE(jobs.present().isEmpty());
}

}  // namespace lapidary::ui
