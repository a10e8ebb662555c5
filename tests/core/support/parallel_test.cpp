// SPDX-License-Identifier: GPL-3.0-or-later
// The pool of workers: every index once, the first exception, nested and concurrent calls.
#include "core/support/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace lapidary::core {
namespace {

TEST(ParallelFor, RunsEveryIndexOnceWhateverTheNumberOfWorkers) {
  for (const unsigned workers : {0u, 1u, 2u, 3u, 8u}) {
    std::vector<std::atomic<int>> calls(1000);
    parallelFor(calls.size(), workers, [&](std::size_t i, unsigned) { ++calls[i]; });
    for (std::size_t i = 0; i < calls.size(); ++i) ASSERT_EQ(calls[i], 1) << i << " of " << workers;
  }
}

TEST(ParallelFor, ZeroIndicesCallNothing) {
  parallelFor(0, 4, [](std::size_t, unsigned) { FAIL() << "there is no index to be called with"; });
}

TEST(ParallelFor, WorkerNumbersStayBelowTheLimit) {
  for (const unsigned workers : {2u, 5u, 3u}) {
    std::atomic<unsigned> highest{0};
    parallelFor(500, workers, [&](std::size_t, unsigned worker) {
      for (unsigned seen = highest; worker > seen && !highest.compare_exchange_weak(seen, worker);) {
      }
    });
    EXPECT_LT(highest, workers);
  }
}

// What each worker wrote without a lock is whole, and visible to the caller afterwards.
TEST(ParallelFor, AWorkerNumberBelongsToOneThreadAtATime) {
  std::vector<std::size_t> sums(4, 0);
  parallelFor(10000, 4, [&](std::size_t i, unsigned worker) { sums[worker] += i; });
  EXPECT_EQ(std::accumulate(sums.begin(), sums.end(), std::size_t{0}), 10000u * 9999u / 2);
}

TEST(ParallelFor, RunsOnSeveralThreadsAtOnce) {
  std::atomic<int> arrived{0};
  // Each of the two indices waits for the other: only two threads can finish this.
  parallelFor(2, 2, [&](std::size_t, unsigned) {
    ++arrived;
    while (arrived < 2) std::this_thread::yield();
  });
  EXPECT_EQ(arrived, 2);
}

TEST(ParallelFor, RethrowsTheExceptionAndStopsHandingOut) {
  std::atomic<std::size_t> calls{0};
  std::string message;
  try {
    parallelFor(1000000, 2, [&](std::size_t i, unsigned) {
      ++calls;
      if (i == 3) throw std::runtime_error("index 3");
    });
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  EXPECT_EQ(message, "index 3");
  EXPECT_LT(calls, 1000000u);
}

TEST(ParallelFor, OneOfSeveralExceptionsIsRethrown) {
  EXPECT_THROW(parallelFor(100, 4, [](std::size_t, unsigned) { throw std::runtime_error("any"); }),
               std::runtime_error);
  EXPECT_THROW(parallelFor(100, 1, [](std::size_t, unsigned) { throw std::runtime_error("any"); }),
               std::runtime_error);
}

TEST(ParallelFor, IsUsableAfterAnException) {
  EXPECT_THROW(parallelFor(10, 2, [](std::size_t, unsigned) { throw std::runtime_error("any"); }),
               std::runtime_error);
  std::atomic<int> calls{0};
  parallelFor(100, 2, [&](std::size_t, unsigned) { ++calls; });
  EXPECT_EQ(calls, 100);
}

TEST(ParallelFor, NestedCallsRunSeriallyOnTheirOwnThread) {
  std::vector<std::atomic<int>> calls(20 * 50);
  std::atomic<int> strangers{0};
  parallelFor(20, 3, [&](std::size_t outer, unsigned) {
    const std::thread::id self = std::this_thread::get_id();
    std::size_t expected = 0;
    parallelFor(50, 3, [&](std::size_t inner, unsigned worker) {
      if (std::this_thread::get_id() != self || worker != 0 || inner != expected++) ++strangers;
      ++calls[outer * 50 + inner];
    });
  });
  EXPECT_EQ(strangers, 0);
  for (const auto& count : calls) ASSERT_EQ(count, 1);
}

TEST(ParallelFor, CallersFromSeveralThreadsEachGetTheirOwnIndices) {
  constexpr std::size_t callers = 4;
  constexpr std::size_t rounds = 50;
  std::vector<std::atomic<std::size_t>> sums(callers);
  {
    std::vector<std::jthread> threads;
    for (std::size_t caller = 0; caller < callers; ++caller)
      threads.emplace_back([&sums, caller] {
        for (std::size_t round = 0; round < rounds; ++round)
          parallelFor(100, 1 + static_cast<unsigned>(caller),
                      [&](std::size_t i, unsigned) { sums[caller] += i + caller; });
      });
  }
  for (std::size_t caller = 0; caller < callers; ++caller)
    EXPECT_EQ(sums[caller], rounds * (4950 + 100 * caller));
}

// One caller's exception must never surface in another's call.
TEST(ParallelFor, AnExceptionStaysWithItsCaller) {
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (int caller = 0; caller < 4; ++caller)
      threads.emplace_back([&wrong, fails = caller % 2 == 0] {
        for (int round = 0; round < 50; ++round) try {
            parallelFor(20, 3, [&](std::size_t i, unsigned) {
              if (fails && i == 5) throw std::runtime_error("asked for");
            });
            if (fails) ++wrong;
          } catch (const std::runtime_error&) {
            if (!fails) ++wrong;
          }
      });
  }
  EXPECT_EQ(wrong, 0);
}

TEST(HardwareWorkers, IsAtLeastOne) { EXPECT_GE(hardwareWorkers(), 1u); }

}  // namespace
}  // namespace lapidary::core
