// SPDX-License-Identifier: GPL-3.0-or-later
// Remembered cuts: the budget, and the modest part of background work.
#include "core/compress/cut/cut_memo.h"

#include <gtest/gtest.h>

#include "core/support/background.h"

namespace lapidary::core {
namespace {

constexpr std::size_t weightBytes = 400;

CutKey keyOf(std::uint32_t layer) { return {LayerId{layer}, {}, {}}; }

CutWeight made() {
  return {TensorBuilder(DType::Float32, {static_cast<std::int64_t>(weightBytes / sizeof(float))}).build(),
          nullptr, 0, std::nullopt};
}

TEST(CutMemo, DropsTheLeastRecentlyUsed) {
  CutMemo memo(3 * weightBytes);
  for (const std::uint32_t layer : {0u, 1u, 2u}) memo.insert(keyOf(layer), made());
  memo.find(keyOf(0));
  memo.insert(keyOf(3), made());
  EXPECT_TRUE(memo.find(keyOf(0)));
  EXPECT_FALSE(memo.find(keyOf(1)));
}

TEST(CutMemo, BackgroundWorkTakesOnlyFreeRoomAndGoesFirst) {
  CutMemo memo(3 * weightBytes);
  memo.insert(keyOf(0), made());
  memo.insert(keyOf(1), made());
  {
    const BackgroundWork work;
    memo.insert(keyOf(10), made());
    memo.insert(keyOf(11), made());
  }
  EXPECT_FALSE(memo.find(keyOf(11))) << "no room";
  memo.insert(keyOf(2), made());
  EXPECT_FALSE(memo.find(keyOf(10))) << "the first to go";
  for (const std::uint32_t layer : {0u, 1u, 2u}) EXPECT_TRUE(memo.find(keyOf(layer))) << layer;
}

}  // namespace
}  // namespace lapidary::core
