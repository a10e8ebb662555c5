// SPDX-License-Identifier: GPL-3.0-or-later
// Flips, shifts and crops of small images.
#include "core/train/augment.h"

#include <gtest/gtest.h>

#include <set>

namespace lapidary::core {
namespace {

/// One channel of 4 x 4: the value tells row and column.
Tensor counting(std::int64_t samples) {
  TensorBuilder builder(DType::Float32, {samples, 1, 4, 4});
  for (std::size_t i = 0; i < builder.as<float>().size(); ++i)
    builder.as<float>()[i] = static_cast<float>(i % 16);
  return std::move(builder).build();
}

std::vector<float> rowOf(const Tensor& images, std::size_t sample, std::size_t row) {
  const auto values = images.as<float>().subspan(sample * 16 + row * 4, 4);
  return {values.begin(), values.end()};
}

std::vector<std::uint64_t> seeds(std::size_t count) {
  std::vector<std::uint64_t> list;
  for (std::size_t i = 0; i < count; ++i) list.push_back(1000 + i);
  return list;
}

TEST(Augment, NothingLeavesTheImagesAsTheyAre) {
  const Tensor images = counting(3);
  EXPECT_EQ(augmented(images, {}, seeds(3)).id(), images.id());
}

TEST(Augment, AFlipChangesLeftAndRightOfAboutHalf) {
  const Tensor flipped = augmented(counting(200), {.flip = true}, seeds(200));
  std::size_t count = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto row = rowOf(flipped, i, 1);
    const bool turned = row == std::vector<float>{7, 6, 5, 4};
    EXPECT_TRUE(turned || (row == std::vector<float>{4, 5, 6, 7})) << i;
    count += turned;
  }
  EXPECT_GT(count, 70u);
  EXPECT_LT(count, 130u);
}

TEST(Augment, AShiftMovesWholePixelsAndRepeatsTheEdge) {
  const Tensor shifted = augmented(counting(300), {.shift = 1}, seeds(300));
  std::set<std::vector<float>> seen;
  for (std::size_t i = 0; i < 300; ++i) seen.insert(rowOf(shifted, i, 0));
  std::set<std::vector<float>> wanted;
  for (const float top : {0.0f, 4.0f}) {
    wanted.insert({top, top + 1, top + 2, top + 3});
    wanted.insert({top, top, top + 1, top + 2});
    wanted.insert({top + 1, top + 2, top + 3, top + 3});
  }
  EXPECT_EQ(seen, wanted);
}

TEST(Augment, ACropEnlargesWhatIsLeft) {
  const Tensor cropped = augmented(counting(50), {.crop = 0.5}, seeds(50));
  for (std::size_t i = 0; i < 50; ++i) {
    const auto row = rowOf(cropped, i, 2);
    const float step = row[1] - row[0];
    EXPECT_GE(step, 0.49f);
    EXPECT_LE(step, 1.0f);
    EXPECT_NEAR(row[3] - row[2], step, 1e-5f);
  }
}

TEST(Augment, ASampleDependsOnItsOwnSeedAlone) {
  const Augmentation all{.flip = true, .shift = 2, .crop = 0.3};
  const Tensor many = augmented(counting(4), all, seeds(4));
  const std::uint64_t third[] = {1002};
  const Tensor one = augmented(counting(1), all, third);
  for (std::size_t row = 0; row < 4; ++row) EXPECT_EQ(rowOf(one, 0, row), rowOf(many, 2, row));
}

TEST(Augment, RefusesWhatIsNoImage) {
  const Tensor vectors = Tensor::from<float>({1, 3}, std::vector<float>{1, 2, 3});
  EXPECT_THROW(augmented(vectors, {.flip = true}, seeds(1)), Error);
}

}  // namespace
}  // namespace lapidary::core
