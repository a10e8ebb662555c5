// Jobs deliver on the GUI thread, the newest wins, and nothing comes after a cancel.
#include "ui/document/background_job.h"

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <atomic>

namespace lapidary::ui {

namespace {

void napUntilStopped(const core::Progress& progress) {
  for (;;) {
    progress.check();
    QThread::msleep(1);
  }
}

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
    napUntilStopped(progress);
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
  QTest::qWait(20);
  EXPECT_EQ(delivered, std::vector{3});
  EXPECT_EQ(finished.count(), 1);
}

TEST(BackgroundJob, NothingComesAfterCancel) {
  BackgroundJob job;
  std::atomic<bool> posted = false;
  int delivered = 0;
  QSignalSpy finished(&job, &BackgroundJob::finished), cancelled(&job, &BackgroundJob::cancelled);
  const auto post = job.poster();
  job.start([&](const core::Progress& progress) -> BackgroundJob::Deliver {
    post([&] { ++delivered; });
    posted = true;
    napUntilStopped(progress);
    return [&] { ++delivered; };
  });
  while (!posted) QThread::msleep(1);
  job.cancel();
  QTest::qWait(50);
  EXPECT_EQ(delivered, 0);
  EXPECT_EQ(finished.count(), 0);
  EXPECT_EQ(cancelled.count(), 1);
  EXPECT_FALSE(job.running());
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
  QElapsedTimer timer;
  timer.start();
  {
    BackgroundJob job;
    job.start([](const core::Progress& progress) -> BackgroundJob::Deliver {
      napUntilStopped(progress);
      return {};
    });
    QTest::qWait(10);
  }
  EXPECT_LT(timer.elapsed(), 2000);
}

}  // namespace lapidary::ui
