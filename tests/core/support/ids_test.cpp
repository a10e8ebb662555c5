// SPDX-License-Identifier: GPL-3.0-or-later
// Typed indices and the keys under which computed values are remembered.
#include "core/support/ids.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <type_traits>
#include <vector>

namespace lapidary::core {
namespace {

using Words = std::vector<std::uint64_t>;

TEST(Ids, AnIdOfOneTableIsNoneOfAnother) {
  static_assert(!std::is_convertible_v<NodeId, ValueId>);
  static_assert(!std::is_same_v<NodeId, LayerId>);
  EXPECT_FALSE(NodeId{}.valid());
  EXPECT_TRUE(NodeId{0}.valid());
  EXPECT_LT(NodeId{1}, NodeId{2});
}

TEST(HashWords, SameWordsGiveTheSameKey) { EXPECT_EQ(hashWords(Words{1, 2, 3}), hashWords(Words{1, 2, 3})); }

TEST(HashWords, OrderMatters) {
  EXPECT_NE(hashWords(Words{1, 2}), hashWords(Words{2, 1}));
  EXPECT_NE(hashWords(Words{1, 2, 3}), hashWords(Words{1, 3, 2}));
}

TEST(HashWords, LengthMattersEvenWhereTheWordsAreZero) {
  std::set<Key> keys;
  for (std::size_t length = 0; length < 64; ++length) keys.insert(hashWords(Words(length, 0)));
  EXPECT_EQ(keys.size(), 64u);
}

// Ids of tensors are small consecutive numbers: such words must spread over both halves of the key.
TEST(HashWords, SmallNumbersCollideInNeitherHalf) {
  std::set<std::uint64_t> high;
  std::set<std::uint64_t> low;
  for (std::uint64_t a = 0; a < 100; ++a)
    for (std::uint64_t b = 0; b < 100; ++b) {
      const Key key = hashWords(Words{a, b});
      high.insert(key.high);
      low.insert(key.low);
    }
  EXPECT_EQ(high.size(), 10000u);
  EXPECT_EQ(low.size(), 10000u);
}

}  // namespace
}  // namespace lapidary::core
