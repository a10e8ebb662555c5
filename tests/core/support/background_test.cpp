// Background work keeps to its own thread.
#include "core/support/background.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <mutex>
#include <set>
#include <thread>

#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

std::set<std::thread::id> threadsOfParallelFor() {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  parallelFor(200, 4, [&](std::size_t, unsigned) {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  });
  return threads;
}

TEST(BackgroundWork, RunsSerially) {
  {
    const BackgroundWork work;
    EXPECT_TRUE(insideParallelFor());
    { const BackgroundWork nested; }
    EXPECT_TRUE(inBackground());
    EXPECT_EQ(threadsOfParallelFor(), std::set{std::this_thread::get_id()});
  }
  EXPECT_FALSE(inBackground());
  EXPECT_GT(threadsOfParallelFor().size(), 1u);
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
