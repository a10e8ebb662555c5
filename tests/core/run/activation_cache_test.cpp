// SPDX-License-Identifier: GPL-3.0-or-later
// The cache of activations: budget, order of forgetting, threads.
#include "core/run/activation_cache.h"

#include <gtest/gtest.h>

#include <thread>

#include "core/run/prepared_store.h"

namespace lapidary::core::testing {
namespace {

Activation ofBytes(std::size_t bytes) {
  return Activation(std::move(TensorBuilder(DType::UInt8, {static_cast<std::int64_t>(bytes)})).build());
}

constexpr std::size_t kilo = 1024;

TEST(ActivationCacheTest, FindsWhatWasInserted) {
  ActivationCache cache(1000 * kilo);
  const Activation value = ofBytes(10 * kilo);
  cache.insert({1, 2}, {value});
  EXPECT_FALSE(cache.find({2, 1}).has_value());
  const auto found = cache.find({1, 2});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->at(0).tensor.id(), value.tensor.id());
  EXPECT_EQ(cache.statistics().hits, 1u);
  EXPECT_EQ(cache.statistics().misses, 1u);
}

TEST(ActivationCacheTest, ForgetsTheOldestWithinTheBudget) {
  ActivationCache cache(100 * kilo);
  for (std::uint64_t i = 0; i < 20; ++i) cache.insert({i, 0}, {ofBytes(9 * kilo)});
  EXPECT_LE(cache.statistics().bytes, cache.statistics().budget);
  EXPECT_EQ(cache.statistics().entries, 10u);
  EXPECT_FALSE(cache.find({9, 0}).has_value());
  EXPECT_TRUE(cache.find({19, 0}).has_value());
}

TEST(ActivationCacheTest, KeepsWhatIsTouchedThroughAFloodOfNewValues) {
  ActivationCache cache(100 * kilo);
  const Key kept[] = {{77, 0}, {78, 0}, {79, 0}};
  for (const Key& key : kept) cache.insert(key, {ofBytes(9 * kilo)});
  const Key lost[] = {{78, 5}};
  EXPECT_EQ(cache.touch(lost), std::vector<std::size_t>{0});
  for (std::uint64_t i = 0; i < 50; ++i) {
    cache.insert({i, 1}, {ofBytes(9 * kilo)});
    for (const std::size_t bytes : cache.touch(kept)) EXPECT_GE(bytes, 9 * kilo);
  }
}

TEST(ActivationCacheTest, DropsPassingResultsBeforeLastingOnes) {
  ActivationCache cache(100 * kilo);
  cache.insert({1, 0}, {ofBytes(9 * kilo)}, Retention::Lasting);
  cache.insert({2, 0}, {ofBytes(9 * kilo)}, Retention::Lasting);
  for (std::uint64_t i = 0; i < 50; ++i) cache.insert({i, 1}, {ofBytes(9 * kilo)});
  EXPECT_TRUE(cache.find({1, 0}).has_value());
  EXPECT_TRUE(cache.find({2, 0}).has_value());
}

TEST(ActivationCacheTest, GivesLastingResultsAQuarterOfTheBudget) {
  ActivationCache cache(100 * kilo);
  for (std::uint64_t i = 0; i < 20; ++i) cache.insert({i, 1}, {ofBytes(9 * kilo)}, Retention::Lasting);
  EXPECT_EQ(cache.statistics().entries, 2u);
  EXPECT_TRUE(cache.find({19, 1}).has_value());
}

TEST(ActivationCacheTest, DoesNotKeepValuesThatWouldTakeTooMuchOfTheBudget) {
  ActivationCache cache(80 * kilo);
  cache.insert({1, 0}, {ofBytes(11 * kilo)});
  EXPECT_FALSE(cache.find({1, 0}).has_value());
}

TEST(ActivationCacheTest, KeepsRecurringResultsFromTheSecondTimeOn) {
  ActivationCache cache(100 * kilo);
  EXPECT_EQ(cache.insert({0, 1}, {ofBytes(9 * kilo)}, Retention::Recurring), 0u);
  EXPECT_EQ(cache.insert({0, 2}, {ofBytes(9 * kilo)}, Retention::Recurring), 0u);
  EXPECT_EQ(cache.statistics().entries, 0u);
  EXPECT_GE(cache.insert({0, 1}, {ofBytes(9 * kilo)}, Retention::Recurring), 9 * kilo);
  EXPECT_TRUE(cache.find({0, 1}).has_value());
  EXPECT_FALSE(cache.find({0, 2}).has_value());
}

TEST(ActivationCacheTest, ShrinksWithItsBudget) {
  ActivationCache cache(100 * kilo);
  for (std::uint64_t i = 0; i < 10; ++i) {
    cache.insert({i, 0}, {ofBytes(9 * kilo)});
    cache.find({i, 0});
  }
  cache.setBudget(20 * kilo);
  EXPECT_EQ(cache.statistics().entries, 2u);
  cache.setBudget(0);
  EXPECT_EQ(cache.statistics().bytes, 0u);
  EXPECT_EQ(cache.statistics().entries, 0u);
}

TEST(ActivationCacheTest, TakesManyThreads) {
  ActivationCache cache(200 * kilo);
  std::vector<std::jthread> threads;
  for (std::uint64_t t = 0; t < 4; ++t)
    threads.emplace_back([&cache, t] {
      for (std::uint64_t i = 0; i < 500; ++i) {
        cache.insert({i % 50, t}, {ofBytes(kilo)});
        cache.find({(i * 7) % 50, (t + i) % 4});
      }
    });
  threads.clear();
  EXPECT_LE(cache.statistics().bytes, cache.statistics().budget);
}

TEST(PreparedStoreTest, KeepsTheMostRecentlyUsedFew) {
  RecentlyPrepared store;
  const auto thing = std::make_shared<const int>(1);
  for (std::uint64_t i = 0; i < 40; ++i) {
    store.insert({i, 0}, thing, 10);
    EXPECT_NE(store.find({0, 0}), nullptr) << i;  // used every time, so never forgotten
  }
  EXPECT_EQ(store.find({5, 0}), nullptr);
  EXPECT_NE(store.find({39, 0}), nullptr);
}

TEST(PreparedStoreTest, BoundsTheBytesOfOldEntries) {
  RecentlyPrepared store;
  for (std::uint64_t i = 0; i < 12; ++i)
    store.insert({i, 0}, std::make_shared<const int>(1), std::size_t{20} << 20);
  int kept = 0;
  for (std::uint64_t i = 0; i < 12; ++i) kept += store.find({i, 0}) != nullptr;
  EXPECT_EQ(kept, 6);
}

TEST(PreparedStoreTest, StoresThatShareABudgetKeepNoLargeEntryBeyondIt) {
  const auto budget = std::make_shared<PreparedBudget>(std::size_t{64} << 20);
  RecentlyPrepared first(budget), second(budget);
  first.insert({1, 0}, std::make_shared<const int>(1), std::size_t{40} << 20);
  second.insert({2, 0}, std::make_shared<const int>(1), std::size_t{40} << 20);
  EXPECT_NE(first.find({1, 0}), nullptr);
  EXPECT_EQ(second.find({2, 0}), nullptr);
  EXPECT_EQ(budget->used, std::size_t{40} << 20);
}

}  // namespace
}  // namespace lapidary::core::testing
