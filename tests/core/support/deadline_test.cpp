// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/support/deadline.h"

#include <gtest/gtest.h>

#include <thread>

namespace lapidary::core {
namespace {

/// Waits until it is stopped.
void awaitStop(const Progress& progress) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait(lock, progress.stop, [] { return false; });
}

TEST(Deadline, StopsWhenTheTimeIsUp) {
  const Clock::time_point start = Clock::now();
  const Deadline deadline(timeIn(0.02), {});
  awaitStop(deadline.progress());
  EXPECT_GE(secondsSince(start), 0.02);
  EXPECT_THROW(deadline.progress().check(), Cancelled);
}

TEST(Deadline, StopsWithTheOuterWorkAndNotTheOuterWork) {
  std::stop_source outer;
  const Deadline deadline(timeIn(1000), {outer.get_token(), {}});
  EXPECT_FALSE(deadline.progress().stop.stop_requested());
  outer.request_stop();
  EXPECT_TRUE(deadline.progress().stop.stop_requested());
  std::stop_source free;
  const Deadline passed(timeIn(0), {free.get_token(), {}});
  awaitStop(passed.progress());
  EXPECT_FALSE(free.stop_requested());
}

TEST(Deadline, WithoutATimeItHandsOnStepsAndStop) {
  std::size_t steps = 0;
  const Deadline none(timeIn({}), {{}, [&](std::size_t done, std::size_t) { steps = done; }});
  none.progress().step(3, 4);
  EXPECT_EQ(steps, 3u);
  EXPECT_FALSE(none.progress().stop.stop_requested());
}

}  // namespace
}  // namespace lapidary::core
