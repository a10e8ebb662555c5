// SPDX-License-Identifier: GPL-3.0-or-later
// Work shared over ranks, with threads that stand for processes.
#include "core/support/ranks.h"

#include <gmock/gmock.h>

#include <chrono>
#include <condition_variable>
#include <set>
#include <thread>

#include "tests/core/support/thread_ranks.h"

namespace lapidary::core {
namespace {

using test::Post;
using test::ThreadRanks;

struct Shared {
  std::vector<std::size_t> results;  ///< by item
  std::set<unsigned> ranks;          ///< that computed something
};

/// Where there is an item for every rank, none goes on before all of them have begun.
Shared shareOver(unsigned count, std::size_t items) {
  Post post(count);
  Shared shared{std::vector<std::size_t>(items), {}};
  std::mutex mutex;
  std::condition_variable another;
  const auto allBegan = [&] { return shared.ranks.size() == count; };
  const auto run = [&](unsigned rank) {
    ThreadRanks ranks(post, rank);
    RankWork work;
    work.items = items;
    work.compute = [&, rank](std::size_t item) {
      std::unique_lock lock(mutex);
      if (shared.ranks.insert(rank).second) another.notify_all();
      if (items >= count) another.wait_for(lock, std::chrono::seconds(10), allBegan);
      return std::vector<std::byte>(item + 3);
    };
    work.done = [&, rank](std::size_t item, std::vector<std::byte> result) {
      EXPECT_EQ(rank, 0u);
      EXPECT_EQ(shared.results.at(item), 0u) << "twice";
      shared.results[item] = result.size();
    };
    shareOverRanks(ranks, work, {});
  };
  std::vector<std::jthread> others;
  for (unsigned rank = 1; rank < count; ++rank) others.emplace_back(run, rank);
  run(0);
  return shared;
}

TEST(Ranks, DoEveryItemOnce) {
  for (const unsigned count : {1u, 2u, 3u, 7u})
    for (const std::size_t items : {0u, 1u, 5u, 60u}) {
      const Shared shared = shareOver(count, items);
      for (std::size_t i = 0; i < items; ++i) EXPECT_EQ(shared.results[i], i + 3);
      if (items == 60) {
        EXPECT_EQ(shared.ranks.size(), count) << "every rank has its share";
      }
    }
}

TEST(Ranks, StopAndFailWhereItHappened) {
  Post post(1);
  ThreadRanks alone(post, 0);
  RankWork work{
      3, [](std::size_t) -> std::vector<std::byte> { throw Error(ErrorKind::InvalidInput, "bad item"); },
      [](std::size_t, std::vector<std::byte>) {}};
  EXPECT_THROW(shareOverRanks(alone, work, {}), Error);
  std::stop_source stop;
  stop.request_stop();
  work.compute = [](std::size_t) { return std::vector<std::byte>(); };
  EXPECT_THROW(shareOverRanks(alone, work, {stop.get_token(), {}}), Cancelled);
}

TEST(Ranks, RefuseWhatNobodyAskedFor) {
  Post post(2);
  ThreadRanks leader(post, 0);
  const std::vector<std::byte> stray(8, std::byte{0x7f});
  ThreadRanks(post, 1).send(0, stray);
  RankWork work{4, [](std::size_t) { return std::vector<std::byte>(); },
                [](std::size_t, std::vector<std::byte>) {}};
  EXPECT_THROW(shareOverRanks(leader, work, {}), Error);
}

}  // namespace
}  // namespace lapidary::core
