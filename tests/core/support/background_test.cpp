// SPDX-License-Identifier: GPL-3.0-or-later
// Background work keeps to its own thread.
#include "core/support/background.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// The threads that took part; each waits until there are so many.
std::set<std::thread::id> threadsOfParallelFor(std::size_t expected) {
  std::mutex mutex;
  std::condition_variable another;
  std::set<std::thread::id> threads;
  parallelFor(200, 4, [&](std::size_t, unsigned) {
    std::unique_lock lock(mutex);
    if (threads.insert(std::this_thread::get_id()).second) another.notify_all();
    if (!another.wait_for(lock, std::chrono::seconds(10), [&] { return threads.size() >= expected; }))
      expected = 0;  // the test has failed: no need to wait again
  });
  return threads;
}

TEST(BackgroundWork, RunsSerially) {
  {
    const BackgroundWork work;
    EXPECT_TRUE(insideParallelFor());
    { const BackgroundWork nested; }
    EXPECT_TRUE(inBackground());
    EXPECT_EQ(threadsOfParallelFor(1), std::set{std::this_thread::get_id()});
  }
  EXPECT_FALSE(inBackground());
  EXPECT_GT(threadsOfParallelFor(2).size(), 1u);
}

TEST(BackgroundWork, IsOfItsThreadAlone) {
  const BackgroundWork work;
  bool other = true;
  std::jthread([&] { other = inBackground(); }).join();
  EXPECT_FALSE(other);
}

TEST(LowerThreadPriority, LowersItOfTheCallingThreadAlone) {
  const int before = getpriority(PRIO_PROCESS, 0);
  int lowered = 0;
  std::jthread([&] {
    lowerThreadPriority();
    lowered = getpriority(PRIO_PROCESS, 0);
  }).join();
  EXPECT_EQ(lowered, 19);
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), before);
}

}  // namespace
}  // namespace lapidary::core
