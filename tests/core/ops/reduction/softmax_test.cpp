// SPDX-License-Identifier: GPL-3.0-or-later
// Softmax, LogSoftmax and Hardmax against naiveSoftmax loops, in both meanings of `axis`, and their
// gradients.
#include <gtest/gtest.h>

#include "tests/core/ops/gradient_check.h"

namespace lapidary::core {
namespace {

using testing::expectError;
using testing::GradientCase;
using testing::isClose;
using testing::number;
using testing::randomTensor;
using testing::runOne;

struct Lines {
  std::int64_t outer, length, inner;
};

Tensor naiveSoftmax(const std::string& type, const Tensor& x, const Lines& lines) {
  TensorBuilder y(DType::Float32, x.shape());
  for (std::int64_t o = 0; o < lines.outer; ++o)
    for (std::int64_t i = 0; i < lines.inner; ++i) {
      const auto at = [&](std::int64_t k) {
        return static_cast<std::size_t>((o * lines.length + k) * lines.inner + i);
      };
      double top = -INFINITY, sum = 0;
      std::int64_t best = 0;
      for (std::int64_t k = 0; k < lines.length; ++k)
        if (const double v = static_cast<double>(x.as<float>()[at(k)]); v > top) {
          top = v;
          best = k;
        }
      for (std::int64_t k = 0; k < lines.length; ++k)
        sum += std::exp(static_cast<double>(x.as<float>()[at(k)]) - top);
      for (std::int64_t k = 0; k < lines.length; ++k) {
        const double z = static_cast<double>(x.as<float>()[at(k)]) - top;
        const double value = type == "Softmax"      ? std::exp(z) / sum
                             : type == "LogSoftmax" ? z - std::log(sum)
                                                    : (k == best ? 1 : 0);
        y.as<float>()[at(k)] = static_cast<float>(value);
      }
    }
  return std::move(y).build();
}

struct SoftmaxRow {
  Shape shape;
  std::int64_t axis, opset;
  Lines lines;
};

const SoftmaxRow table[] = {
    {{3, 10}, -1, 13, {3, 10, 1}},      {{3, 10}, 0, 13, {1, 3, 10}},      {{2, 3, 4, 5}, 1, 13, {2, 3, 20}},
    {{2, 3, 4, 5}, -2, 17, {6, 4, 5}},  {{2, 3, 4, 5}, 1, 12, {2, 60, 1}}, {{2, 3, 4, 5}, 0, 11, {1, 120, 1}},
    {{2, 3, 4, 5}, -1, 11, {24, 5, 1}}, {{2, 3}, 2, 11, {6, 1, 1}},        {{8, 64, 64}, 2, 13, {512, 64, 1}},
    {{1000}, 0, 13, {1, 1000, 1}},      {{5, 1}, 1, 13, {5, 1, 1}},        {{7, 33}, 1, 1, {7, 33, 1}},
};

TEST(Softmax, MatchesNaiveLoops) {
  for (const char* type : {"Softmax", "LogSoftmax", "Hardmax"})
    for (const SoftmaxRow& row : table) {
      const Tensor x = randomTensor(row.shape, 3, -8, 8);
      const Tensor expected = naiveSoftmax(type, x, row.lines);
      EXPECT_TRUE(isClose(runOne(type, {x}, {{"axis", number(row.axis)}}, row.opset), expected, 1e-4, 1e-6))
          << type << " " << toText(row.shape) << " axis " << row.axis << " opset " << row.opset;
      const Tensor wide = runOne(type, {convert(x, DType::Float64)}, {{"axis", number(row.axis)}}, row.opset);
      EXPECT_EQ(wide.dtype(), DType::Float64);
      EXPECT_TRUE(isClose(toFloat32(wide), expected, 1e-5, 1e-6)) << type;
    }
}

TEST(Softmax, HasItsDefaultAxes) {
  const Tensor x = randomTensor({2, 3, 4}, 5);
  EXPECT_TRUE(isClose(runOne("Softmax", {x}, {}, 13), naiveSoftmax("Softmax", x, {6, 4, 1})));
  EXPECT_TRUE(isClose(runOne("Softmax", {x}, {}, 11), naiveSoftmax("Softmax", x, {2, 12, 1})));
}

TEST(Softmax, StandsLargeNumbersAndEmptyInputs) {
  const Tensor x = testing::floats({2, 3}, {1e30f, -1e30f, 1e30f, -3e38f, -3e38f, -INFINITY});
  EXPECT_TRUE(isClose(runOne("Softmax", {x}), testing::floats({2, 3}, {0.5f, 0, 0.5f, 0.5f, 0.5f, 0})));
  EXPECT_EQ(runOne("Softmax", {randomTensor({0, 3}, 1)}).shape(), (Shape{0, 3}));
  EXPECT_EQ(runOne("LogSoftmax", {randomTensor({3, 0}, 1)}).size(), 0);
  EXPECT_TRUE(isClose(runOne("Softmax", {randomTensor({}, 1)}, {}, 13), testing::floats({}, {1})));
}

TEST(Softmax, NamesWhatDoesNotFit) {
  expectError([] { runOne("Softmax", {randomTensor({2, 3}, 1)}, {{"axis", number(2)}}); }, "axis 2");
  expectError([] { runOne("Softmax", {randomTensor({2, 3}, 1)}, {{"axis", number(-3)}}, 11); }, "axis -3");
  expectError([] { runOne("Hardmax", {testing::int64s({1, 2})}); }, "floating");
  expectError([] { runOne("Softmax", {}); }, "input 0");
}

TEST(SoftmaxGradients, MatchFiniteDifferences) {
  for (const char* type : {"Softmax", "LogSoftmax"})
    for (const SoftmaxRow& row : table)
      if (elementCount(row.shape) < 200)
        checkGradients(GradientCase{.name = type,
                                    .type = type,
                                    .inputs = {randomTensor(row.shape, 3)},
                                    .attributes = {{"axis", number(row.axis)}},
                                    .opset = row.opset});
}

}  // namespace
}  // namespace lapidary::core
