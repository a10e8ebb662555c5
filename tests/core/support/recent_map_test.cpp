// SPDX-License-Identifier: GPL-3.0-or-later
// The map of what was used lately: what stays, what goes, and by which limit.
#include "core/support/recent_map.h"

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "core/support/ids.h"

namespace lapidary::core {
namespace {

using ::testing::ElementsAre;

template <class KeyType, class Value>
std::vector<KeyType> keysOf(const RecentMap<KeyType, Value>& map) {
  std::vector<KeyType> keys;
  for (const auto& entry : map) keys.push_back(entry.key);
  return keys;
}

/// A key that can be ordered but not hashed.
struct Pair {
  int first, second;
  auto operator<=>(const Pair&) const = default;
};

TEST(RecentMap, FindsWhatItKeepsAndNothingElse) {
  RecentMap<std::string, int> map;
  map.put("a", 1);
  ASSERT_NE(map.find("a"), nullptr);
  EXPECT_EQ(*map.find("a"), 1);
  EXPECT_EQ(map.find("b"), nullptr);
  EXPECT_TRUE(map.contains("a"));
  EXPECT_FALSE(map.contains("b"));
}

TEST(RecentMap, DropsTheLeastRecentlyUsedBeyondANumberOfEntries) {
  RecentMap<int, int> map({.entries = 3});
  for (const int key : {1, 2, 3}) map.put(key, key);
  map.find(1);
  map.put(4, 4);
  EXPECT_THAT(keysOf(map), ElementsAre(4, 1, 3));
}

TEST(RecentMap, DropsTheLeastRecentlyUsedBeyondANumberOfBytes) {
  RecentMap<int, int> map({.bytes = 100});
  map.put(1, 1, 40);
  map.put(2, 2, 40);
  map.put(3, 3, 20);
  EXPECT_EQ(map.bytes(), 100u);
  EXPECT_EQ(map.size(), 3u);
  map.put(4, 4, 1);
  EXPECT_THAT(keysOf(map), ElementsAre(4, 3, 2));
  EXPECT_EQ(map.bytes(), 61u);
}

TEST(RecentMap, TheNewestStaysWhateverItsSize) {
  RecentMap<int, int> map({.entries = 0, .bytes = 10});
  map.put(1, 1, 5);
  EXPECT_EQ(map.put(2, 2, 1000), 2);
  EXPECT_THAT(keysOf(map), ElementsAre(2));
  EXPECT_EQ(map.bytes(), 1000u);
}

TEST(RecentMap, AskingWhetherAKeyIsThereIsNotAUse) {
  RecentMap<int, int> map({.entries = 2});
  map.put(1, 1);
  map.put(2, 2);
  EXPECT_TRUE(map.contains(1));
  map.put(3, 3);
  EXPECT_FALSE(map.contains(1));
}

TEST(RecentMap, PuttingAgainReplacesValueAndBytes) {
  RecentMap<int, std::string> map;
  map.put(1, "old", 10);
  map.put(1, "new", 3);
  EXPECT_EQ(*map.find(1), "new");
  EXPECT_EQ(map.bytes(), 3u);
  EXPECT_EQ(map.size(), 1u);
}

TEST(RecentMap, PuttingANewOneLeavesTheFirstWhereItIs) {
  RecentMap<int, std::string> map;
  EXPECT_EQ(map.putNew(1, "first", 10), "first");
  EXPECT_EQ(map.putNew(1, "second", 20), "first");
  EXPECT_EQ(map.bytes(), 10u);
}

TEST(RecentMap, WhatIsPutWhereRoomIsTakesNobodysPlaceAndGoesFirst) {
  RecentMap<int, int> map({.entries = 3, .bytes = 100});
  map.put(1, 1, 40);
  EXPECT_FALSE(map.putWhereRoom(1, 7, 10)) << "it is there";
  EXPECT_FALSE(map.putWhereRoom(2, 2, 61)) << "too many bytes";
  EXPECT_TRUE(map.putWhereRoom(2, 2, 60));
  EXPECT_EQ(map.bytes(), 100u);
  map.put(3, 3, 10);
  EXPECT_THAT(keysOf(map), ElementsAre(3, 1));
  EXPECT_TRUE(map.putWhereRoom(4, 4));
  EXPECT_FALSE(map.putWhereRoom(5, 5)) << "too many entries";
  EXPECT_EQ(*map.find(4), 4);
  EXPECT_THAT(keysOf(map), ElementsAre(4, 3, 1)) << "what was used stays like any other";
}

TEST(RecentMap, MakesWhatIsNotThereOnce) {
  RecentMap<int, int> map({.entries = 1});
  int made = 0;
  const auto make = [&] { return ++made; };
  EXPECT_EQ(map.get(7, make), 1);
  EXPECT_EQ(map.get(7, make), 1);
  map.get(8, make);
  EXPECT_EQ(map.get(7, make), 3);
}

TEST(RecentMap, AllowsMoreEntriesButNeverFewer) {
  RecentMap<int, int> map({.entries = 1});
  map.allowEntries(2);
  map.allowEntries(1);
  for (const int key : {1, 2, 3}) map.put(key, key);
  EXPECT_THAT(keysOf(map), ElementsAre(3, 2));
}

TEST(RecentMap, TakesEntriesOutAndForgetsTheirBytes) {
  RecentMap<int, std::unique_ptr<int>> map;
  for (const int key : {1, 2, 3}) map.put(key, std::make_unique<int>(key), 10);
  EXPECT_EQ(map.oldest().key, 1);
  const auto oldest = map.takeOldest();
  EXPECT_EQ(oldest.key, 1);
  EXPECT_EQ(*oldest.value, 1);
  std::unique_ptr<int> taken;
  EXPECT_TRUE(map.take(3, &taken));
  EXPECT_EQ(*taken, 3);
  EXPECT_FALSE(map.take(3));
  EXPECT_THAT(keysOf(map), ElementsAre(2));
  EXPECT_EQ(map.bytes(), 10u);
}

TEST(RecentMap, KeysMayBeHashedOrOrdered) {
  RecentMap<Key, int> hashed;
  hashed.put({1, 2}, 3);
  EXPECT_EQ(*hashed.find({1, 2}), 3);
  RecentMap<Pair, int> ordered;
  ordered.put({1, 2}, 3);
  EXPECT_EQ(*ordered.find({1, 2}), 3);
  EXPECT_EQ(ordered.find({2, 1}), nullptr);
}

}  // namespace
}  // namespace lapidary::core
