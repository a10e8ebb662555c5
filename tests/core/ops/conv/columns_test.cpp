// SPDX-License-Identifier: GPL-3.0-or-later
// Col2Im, DeformConv, MaxUnpool and Det against loops and the operators that they undo or generalise.
#include "tests/core/ops/op_testing.h"

namespace lapidary::core::testing {
namespace {

Tensor filled(Shape shape, float value) {
  TensorBuilder builder(DType::Float32, std::move(shape));
  std::ranges::fill(builder.as<float>(), value);
  return std::move(builder).build();
}

TEST(Col2Im, AddsWhereBlocksOverlap) {
  const std::int64_t pad = 1, stride = 2, dilation = 2, size = 6, kernel = 2, positions = 3;
  const Tensor x = randomTensor({2, 3 * kernel * kernel, positions * positions}, 1);
  const Tensor y = runOne("Col2Im", {x, int64s({size, size}), int64s({kernel, kernel})},
                          {{"pads", ints({pad, pad, pad, pad})},
                           {"strides", ints({stride, stride})},
                           {"dilations", ints({dilation, dilation})}},
                          18);
  std::vector<double> expected(2 * 3 * 36, 0);
  for (std::int64_t plane = 0; plane < 6; ++plane)
    for (std::int64_t tap = 0; tap < 4; ++tap)
      for (std::int64_t position = 0; position < 9; ++position) {
        const std::int64_t row = position / 3 * stride - pad + tap / 2 * dilation;
        const std::int64_t column = position % 3 * stride - pad + tap % 2 * dilation;
        if (row >= 0 && row < size && column >= 0 && column < size)
          expected[static_cast<std::size_t>(plane * 36 + row * size + column)] +=
              valueAt(x, (plane * 4 + tap) * 9 + position);
      }
  ASSERT_EQ(y.shape(), (Shape{2, 3, size, size}));
  for (std::int64_t i = 0; i < y.size(); ++i)
    EXPECT_NEAR(valueAt(y, i), expected[static_cast<std::size_t>(i)], 1e-5);
}

TEST(Col2Im, ArgumentsAreChecked) {
  const Tensor x = randomTensor({1, 4, 4}, 1);
  const auto run = [&](const Tensor& image, const Tensor& block) {
    runOne("Col2Im", {x, image, block}, {}, 18);
  };
  EXPECT_NO_THROW(run(int64s({3, 3}), int64s({2, 2})));
  expectError([&] { run(int64s({4, 4}), int64s({2, 2})); }, "input 0 (input)");
  expectError([&] { run(int64s({3, 3}), int64s({3, 1})); }, "input 0 (input)");
  expectError([&] { run(int64s({3, 3}), int64s({2, -2})); }, "negative");
  expectError([&] { run(int64s({3, -3}), int64s({2, 2})); }, "negative");
  expectError([&] { run(int64s({1 << 20, 1 << 20}), int64s({2, 2})); }, "2^31");
}

TEST(DeformConv, WithoutOffsetsIsAConvolution) {
  const Tensor x = randomTensor({2, 4, 6, 7}, 1), w = randomTensor({6, 2, 3, 2}, 2), b = randomTensor({6}, 3);
  const Attributes attributes{{"group", number(2)},
                              {"pads", ints({1, 0, 1, 1})},
                              {"strides", ints({2, 1})},
                              {"dilations", ints({1, 2})}};
  const Tensor expected = runOne("Conv", {x, w, b}, attributes);
  const Shape& out = expected.shape();
  for (const std::int64_t offsetGroups : {1, 2}) {
    Attributes deform = attributes;
    deform["offset_group"] = number(offsetGroups);
    const Tensor none = filled({2, offsetGroups * 12, out[2], out[3]}, 0);
    EXPECT_TRUE(isClose(runOne("DeformConv", {x, w, none, b}, deform, 19), expected, 1e-4, 1e-4));
    const Tensor half = filled({2, offsetGroups * 6, out[2], out[3]}, 0.5f);
    const Tensor halved = runOne("Mul", {runOne("Conv", {x, w}, attributes), Tensor::scalar(0.5f)});
    EXPECT_TRUE(isClose(runOne("DeformConv", {x, w, none, Tensor(), half}, deform, 19), halved, 1e-4, 1e-4));
  }
}

TEST(DeformConv, OffsetsMoveEveryTap) {
  const Tensor x = randomTensor({1, 1, 5, 5}, 4), w = randomTensor({1, 1, 2, 2}, 5);
  const Tensor offset = randomTensor({1, 8, 4, 4}, 6, -1.5f, 1.5f);
  const Tensor y = runOne("DeformConv", {x, w, offset}, {}, 19);
  for (std::int64_t i = 0; i < 16; ++i) {
    double sum = 0;
    for (std::int64_t tap = 0; tap < 4; ++tap) {
      const double row = static_cast<double>(i / 4 + tap / 2) + valueAt(offset, 2 * tap * 16 + i);
      const double column = static_cast<double>(i % 4 + tap % 2) + valueAt(offset, (2 * tap + 1) * 16 + i);
      for (std::int64_t p = 0; p < 25; ++p)
        sum += valueAt(w, tap) * valueAt(x, p) *
               std::max(0.0, 1 - std::abs(row - static_cast<double>(p / 5))) *
               std::max(0.0, 1 - std::abs(column - static_cast<double>(p % 5)));
    }
    EXPECT_NEAR(valueAt(y, i), sum, 1e-5) << i;
  }
}

TEST(DeformConv, ArgumentsAreChecked) {
  const Tensor x = randomTensor({1, 2, 5, 5}, 4), w = randomTensor({1, 2, 2, 2}, 5),
               offset = filled({1, 8, 4, 4}, 0);
  const auto run = [](std::vector<Tensor> inputs, Attributes attributes = {}) {
    runOne("DeformConv", inputs, std::move(attributes), 19);
  };
  EXPECT_NO_THROW(run({x, w, offset}));
  expectError([&] { run({x, w, filled({1, 8, 4, 3}, 0)}); }, "input 2 (offset)");
  expectError([&] { run({x, w, offset}, {{"offset_group", number(3)}}); }, "'offset_group'");
  expectError([&] { run({x, w, offset}, {{"group", number(-1)}}); }, "'group'");
  expectError([&] { run({x, w, offset}, {{"kernel_shape", ints({3, 3})}}); }, "'kernel_shape'");
  expectError([&] { run({x, w, offset, filled({2}, 0)}); }, "input 3 (B)");
  expectError([&] { run({x, w, offset, Tensor(), filled({1, 8, 4, 4}, 0)}); }, "input 4 (mask)");
  expectError([&] { run({randomTensor({1, 2, 5}, 1), w, offset}); }, "two spatial dimensions");
}

TEST(MaxUnpool, PutsBackWhatMaxPoolFound) {
  const Tensor x = randomTensor({2, 3, 6, 8}, 1, 1, 2);
  const Attributes window{{"kernel_shape", ints({2, 2})}, {"strides", ints({2, 2})}};
  const auto pooled = runOp("MaxPool", {x}, window, 12, 2);
  const Tensor y = runOne("MaxUnpool", {pooled[0], pooled[1]}, window);
  ASSERT_EQ(y.shape(), x.shape());
  EXPECT_TRUE(isClose(runOne("MaxPool", {y}, window), pooled[0], 0, 0));
  for (std::int64_t i = 0; i < y.size(); ++i)
    EXPECT_TRUE(valueAt(y, i) == 0 || valueAt(y, i) == valueAt(x, i));
}

TEST(MaxUnpool, ArgumentsAreChecked) {
  const Tensor x = randomTensor({1, 1, 2, 2}, 1);
  const auto indices = [](std::initializer_list<std::int64_t> values) {
    return Tensor::from<std::int64_t>({1, 1, 2, 2}, values);
  };
  const auto run = [](std::vector<Tensor> inputs, std::int64_t kernel = 2) {
    runOne("MaxUnpool", inputs, {{"kernel_shape", ints({kernel, kernel})}, {"strides", ints({2, 2})}});
  };
  const Tensor good = indices({0, 1, 2, 3});
  EXPECT_NO_THROW(run({x, good}));
  expectError([&] { run({x, indices({0, 1, 2, 16})}); }, "names element 16");
  expectError([&] { run({x, indices({0, 1, 2, -1})}); }, "names element -1");
  expectError([&] { run({x, good}, -1); }, "'kernel_shape'");
  expectError([&] { run({x, good}, 1 << 20); }, "2^31");
  expectError([&] { run({x, int64s({0, 1})}); }, "input 1 (I)");
  expectError([&] { run({x, good, int64s({1, 1, 3, 3})}); }, "output_shape");
  expectError([&] { run({x, good, int64s({1, 1, 1 << 20, 1 << 20})}); }, "2^31");
  expectError([&] { runOne("MaxUnpool", {x, good}); }, "'kernel_shape'");
}

TEST(Det, IsTheSignedVolume) {
  EXPECT_TRUE(isClose(runOne("Det", {floats({2, 2, 2}, {1, 2, 3, 4, 0, 1, 1, 0})}), floats({2}, {-2, -1})));
  EXPECT_TRUE(isClose(runOne("Det", {floats({3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9})}), Tensor::scalar(0.0f),
                      1e-5, 1e-5));
  const Tensor a = randomTensor({5, 5}, 1), b = randomTensor({5, 5}, 2);
  const Tensor both = runOne("Mul", {runOne("Det", {a}), runOne("Det", {b})});
  EXPECT_TRUE(isClose(runOne("Det", {runOne("MatMul", {a, b})}), both, 1e-4, 1e-5));
  expectError([] { runOne("Det", {randomTensor({2, 3}, 1)}); }, "square");
  expectError([] { runOne("Det", {randomTensor({2}, 1)}); }, "dimensions");
}

}  // namespace
}  // namespace lapidary::core::testing
