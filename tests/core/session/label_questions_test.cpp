// SPDX-License-Identifier: GPL-3.0-or-later
// A session asks its labels by the answers that it has, or by few that later evaluations go on from.
#include <gtest/gtest.h>

#include "core/io/numpy/npz.h"
#include "tests/core/session/sessions.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::core {
namespace {

std::string digitsMovedOn(const testing::TemporaryFolder& folder) {
  auto arrays = readNpz(mapFile(demo + "digits_test.npz"));
  const Tensor y = convert(arrays.at("y"), DType::Int64);
  TensorBuilder moved(DType::Int64, y.shape());
  for (std::size_t i = 0; i < y.as<std::int64_t>().size(); ++i)
    moved.as<std::int64_t>()[i] = (y.as<std::int64_t>()[i] + 1) % 10;
  arrays.insert_or_assign("y", std::move(moved).build());
  std::string content;
  writeNpz(arrays, [&](std::span<const std::byte> part) { content += textOf(part); });
  return folder.write("moved.npz", content);
}

TEST(LabelQuestions, FewAnswersSufficeAndAllCountWhereTheyAreKnown) {
  const testing::TemporaryFolder folder;
  const Session session = sessionOf(demo + "lenet300.onnx", digitsMovedOn(folder));
  const auto few = session.labelQuestions({});
  ASSERT_EQ(few.size(), 1u);
  EXPECT_EQ(few[0].kind, DataWarningKind::PermutedClasses);
  EXPECT_GE(few[0].total, 256u);
  EXPECT_LT(few[0].total, 1000u) << "no pass over all of the data";
  session.evaluate({}, qualityOnly, {});
  const auto all = session.labelQuestions({});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].total, 2000u);
  EXPECT_EQ(all[0].count, 1972u) << "98.6 % of them";
}

TEST(LabelQuestions, GoodLabelsAndNoLabelsAreNotAsked) {
  EXPECT_TRUE(demoSession("lenet300").labelQuestions({}).empty());
  EXPECT_TRUE(sessionOf(demo + "lenet300.onnx", "").labelQuestions({}).empty());
}

}  // namespace
}  // namespace lapidary::core
