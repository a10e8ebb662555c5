// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs deliver on the GUI thread, the newest wins, and nothing comes after a cancel.
#include "ui/document/background_job.h"

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <condition_variable>
#include <mutex>
#include <semaphore>

namespace lapidary::ui {

namespace {

void waitForStop(const core::Progress& progress) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait(lock, progress.stop, [] { return false; });
  progress.check();
}

BackgroundJob::Deliver nothing(const core::Progress&) { return {}; }

}  // namespace

TEST(BackgroundJob, WorksElsewhereAndDeliversHere) {
  BackgroundJob job;
  QThread *worked = nullptr, *delivered = nullptr;
  QSignalSpy finished(&job, &BackgroundJob::finished);
  job.start([&](const core::Progress&) -> BackgroundJob::Deliver {
    worked = QThread::currentThread();
    return [&] { delivered = QThread::currentThread(); };
  });
  EXPECT_TRUE(job.running());
  ASSERT_TRUE(finished.wait());
  EXPECT_FALSE(job.running());
  EXPECT_NE(worked, QThread::currentThread());
  EXPECT_EQ(delivered, QThread::currentThread());
}

TEST(BackgroundJob, ANewerStartReplacesTheRunningOneWithoutBlocking) {
  BackgroundJob job;
  QSignalSpy finished(&job, &BackgroundJob::finished);
  std::vector<int> delivered;
  job.start([](const core::Progress& progress) -> BackgroundJob::Deliver {
    waitForStop(progress);
    return {};
  });
  QElapsedTimer timer;
  timer.start();
  for (int i = 1; i <= 3; ++i)
    job.start([&delivered, i](const core::Progress&) -> BackgroundJob::Deliver {
      return [&delivered, i] { delivered.push_back(i); };
    });
  EXPECT_LT(timer.elapsed(), 1000);
  ASSERT_TRUE(finished.wait());
  QCoreApplication::sendPostedEvents();
  EXPECT_EQ(delivered, std::vector{3});
  EXPECT_EQ(finished.count(), 1);
}

TEST(BackgroundJob, NothingComesAfterCancel) {
  BackgroundJob job;
  std::binary_semaphore posted(0);
  int delivered = 0;
  QSignalSpy finished(&job, &BackgroundJob::finished), cancelled(&job, &BackgroundJob::cancelled);
  const auto post = job.poster();
  job.start([&](const core::Progress& progress) -> BackgroundJob::Deliver {
    post([&] { ++delivered; });
    posted.release();
    waitForStop(progress);
    return [&] { ++delivered; };
  });
  posted.acquire();
  job.cancel();
  EXPECT_FALSE(job.running());
  job.start(nothing);  // runs on the same thread, behind what was cancelled
  ASSERT_TRUE(finished.wait());
  EXPECT_EQ(delivered, 0);
  EXPECT_EQ(finished.count(), 1) << "of the second";
  EXPECT_EQ(cancelled.count(), 1);
}

TEST(BackgroundJob, ErrorsArriveAsSentences) {
  BackgroundJob job;
  QSignalSpy failed(&job, &BackgroundJob::failed);
  job.start([](const core::Progress&) -> BackgroundJob::Deliver {
    throw core::Error(core::ErrorKind::InvalidInput, "reading x.onnx: it is empty");
  });
  ASSERT_TRUE(failed.wait());
  EXPECT_EQ(failed.front().front().toString(), "reading x.onnx: it is empty");
}

TEST(BackgroundJob, AResultThatCannotBeShownIsAFailure) {
  for (const bool last : {true, false}) {
    BackgroundJob job;
    QSignalSpy failed(&job, &BackgroundJob::failed), finished(&job, &BackgroundJob::finished);
    const auto show = [] { throw std::runtime_error("cannot be shown"); };
    const auto post = job.poster();
    job.start([&](const core::Progress&) -> BackgroundJob::Deliver {
      if (last) return show;
      post(show);
      return {};
    });
    ASSERT_TRUE(QTest::qWaitFor([&] { return failed.count() == 1; }, 20000));
    EXPECT_EQ(failed.front().front().toString(), "cannot be shown");
    EXPECT_FALSE(job.running());
    QTest::qWait(20);
    EXPECT_EQ(finished.count(), 0);
  }
}

TEST(BackgroundJob, ProgressIsThrottledButEndsWithTheLastStep) {
  BackgroundJob job;
  QSignalSpy progressed(&job, &BackgroundJob::progressed), finished(&job, &BackgroundJob::finished);
  job.start([](const core::Progress& progress) -> BackgroundJob::Deliver {
    for (std::size_t i = 1; i <= 10000; ++i) progress.step(i, 10000);
    return {};
  });
  ASSERT_TRUE(finished.wait());
  EXPECT_LT(progressed.count(), 100);
  ASSERT_GT(progressed.count(), 0);
  EXPECT_EQ(progressed.back()[0].toULongLong(), 10000u);
}

TEST(BackgroundJob, TheDestructorStopsTheWork) {
  std::binary_semaphore begun(0);
  QElapsedTimer timer;
  {
    BackgroundJob job;
    job.start([&](const core::Progress& progress) -> BackgroundJob::Deliver {
      begun.release();
      waitForStop(progress);
      return {};
    });
    begun.acquire();
    EXPECT_EQ(BackgroundJob::atWork(), 1);
    timer.start();
  }
  EXPECT_LT(timer.elapsed(), 2000);
  EXPECT_EQ(BackgroundJob::atWork(), 0);
}

/// A poster holds the job's run, and the work that waits holds the poster.
TEST(BackgroundJob, WorkThatNeverBeganGoesWithTheJob) {
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> seen = held;
  {
    BackgroundJob job;
    job.start([](const core::Progress& progress) -> BackgroundJob::Deliver {
      while (!progress.stop.stop_requested()) QThread::msleep(1);
      QThread::msleep(300);
      return {};
    });
    QTest::qWait(50);
    job.start([held = std::move(held), post = job.poster()](const core::Progress&) -> BackgroundJob::Deliver {
      post({});
      return {};
    });
  }
  EXPECT_TRUE(seen.expired());
}

}  // namespace lapidary::ui
