// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions by Winograd's algorithm against plain loops in double.
#include "core/ops/kernels/winograd.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/ops/kernels/channel_block_choice.h"
#include "core/ops/kernels/conv_winograd.h"
#include "tests/core/ops/op_testing.h"

namespace lapidary::core {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

struct WinogradCase {
  std::int64_t batch, in, out, height, width, padTop, padLeft, outHeight, outWidth;
};

std::vector<float> randomFloats(std::int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> value(-1, 1);
  std::vector<float> result(static_cast<std::size_t>(count));
  for (float& x : result) x = value(random);
  return result;
}

/// Where element (n, c, y, x) lies in nChw8c.
std::size_t at(std::int64_t n, std::int64_t c, std::int64_t y, std::int64_t x, std::int64_t channels,
               std::int64_t height, std::int64_t width) {
  return static_cast<std::size_t>((((n * (channels / 8) + c / 8) * height + y) * width + x) * 8 + c % 8);
}

struct Tensors {
  explicit Tensors(const WinogradCase& c)
      : input(randomFloats(c.batch * c.in * c.height * c.width, 1)),
        weight(randomFloats(c.out * c.in * 9, 2)),
        bias(randomFloats(c.out, 3)),
        residual(randomFloats(c.batch * c.out * c.outHeight * c.outWidth, 4)),
        output(residual.size(), std::nanf("")) {}
  std::vector<float> input, weight, bias, residual, output;
};

WinogradCall callOf(const WinogradCase& c, const WinogradWeights& weights, Tensors& tensors) {
  WinogradCall call{.batch = c.batch,
                    .height = c.height,
                    .width = c.width,
                    .outHeight = c.outHeight,
                    .outWidth = c.outWidth,
                    .padTop = c.padTop,
                    .padLeft = c.padLeft};
  call.weights = &weights;
  call.input = tensors.input.data();
  call.lowest = -infinity;
  call.highest = infinity;
  call.output = tensors.output.data();
  return call;
}

/// The sum at one position, and the sum of its magnitudes, which bounds the rounding.
std::pair<double, double> sumAt(const WinogradCase& c, const Tensors& t, std::int64_t n, std::int64_t o,
                                std::int64_t y, std::int64_t x) {
  double sum = 0, magnitude = 0;
  for (std::int64_t i = 0; i < c.in; ++i)
    for (std::int64_t tap = 0; tap < 9; ++tap) {
      const std::int64_t row = y + tap / 3 - c.padTop, column = x + tap % 3 - c.padLeft;
      if (row < 0 || column < 0 || row >= c.height || column >= c.width) continue;
      const double product =
          static_cast<double>(t.input[at(n, i, row, column, c.in, c.height, c.width)]) *
          static_cast<double>(t.weight[static_cast<std::size_t>((o * c.in + i) * 9 + tap)]);
      sum += product;
      magnitude += std::abs(product);
    }
  return {sum, magnitude};
}

/// Compares every element with `expected(sum, bias, residual)`.
template <class Expected>
void expectEverywhere(const WinogradCase& c, const Tensors& t, Expected&& expected) {
  for (std::int64_t n = 0; n < c.batch; ++n)
    for (std::int64_t o = 0; o < c.out; ++o)
      for (std::int64_t y = 0; y < c.outHeight; ++y)
        for (std::int64_t x = 0; x < c.outWidth; ++x) {
          const std::size_t position = at(n, o, y, x, c.out, c.outHeight, c.outWidth);
          const auto [sum, magnitude] = sumAt(c, t, n, o, y, x);
          const double wanted = expected(sum, static_cast<double>(t.bias[static_cast<std::size_t>(o)]),
                                         static_cast<double>(t.residual[position]));
          ASSERT_NEAR(static_cast<double>(t.output[position]), wanted, 1e-6 * (magnitude + 1))
              << "sample " << n << ", channel " << o << ", row " << y << ", column " << x;
        }
}

const WinogradCase winogradCases[] = {
    {2, 16, 16, 8, 8, 1, 1, 8, 8},  // whole tiles
    {1, 8, 24, 7, 9, 1, 1, 7, 9},   // tiles over the edge, half a pair of blocks
    {3, 24, 8, 5, 6, 0, 0, 3, 4},   // no padding
    {1, 16, 16, 3, 3, 2, 2, 5, 5},  // padding on all sides of every tile
    {1, 8, 8, 4, 4, 0, 2, 3, 4},    // uneven padding
    {13, 8, 16, 1, 1, 1, 1, 1, 1},  // one pixel; tiles of many samples together
    {5, 40, 16, 10, 3, 1, 1, 10, 3},
};

TEST(Winograd, MatchesPlainLoops) {
  for (const WinogradCase& c : winogradCases) {
    Tensors tensors(c);
    const WinogradWeights weights = winogradWeights(tensors.weight.data(), c.out, c.in);
    runWinograd(callOf(c, weights, tensors));
    expectEverywhere(c, tensors, [](double sum, double, double) { return sum; });
  }
}

TEST(Winograd, AddsBiasAndResidualAndActs) {
  const WinogradCase& c = winogradCases[1];
  Tensors tensors(c);
  const WinogradWeights weights = winogradWeights(tensors.weight.data(), c.out, c.in);
  WinogradCall call = callOf(c, weights, tensors);
  call.bias = tensors.bias.data();
  call.residual = tensors.residual.data();
  call.slope = 0.25f;
  runWinograd(call);
  expectEverywhere(c, tensors, [](double sum, double bias, double residual) {
    const double x = sum + bias + residual;
    return x < 0 ? 0.25 * x : x;
  });
  call.slope = 1;
  call.lowest = -0.5f;
  call.highest = 1.5f;
  runWinograd(call);
  expectEverywhere(c, tensors, [](double sum, double bias, double residual) {
    return std::clamp(sum + bias + residual, -0.5, 1.5);
  });
}

TEST(Winograd, ASampleDoesNotDependOnItsNeighbours) {
  const WinogradCase many{7, 16, 24, 9, 9, 1, 1, 9, 9};
  WinogradCase one = many;
  one.batch = 1;
  Tensors all(many), single(one);
  const WinogradWeights weights = winogradWeights(all.weight.data(), many.out, many.in);
  runWinograd(callOf(many, weights, all));
  for (std::int64_t n = 0; n < many.batch; ++n) {
    const auto size = static_cast<std::ptrdiff_t>(single.input.size());
    std::copy_n(all.input.begin() + n * size, size, single.input.begin());
    runWinograd(callOf(one, weights, single));
    EXPECT_TRUE(std::equal(single.output.begin(), single.output.end(),
                           all.output.begin() + n * static_cast<std::ptrdiff_t>(single.output.size())))
        << "sample " << n;
  }
}

TEST(Winograd, IsChosenOnlyWhereItAppliesAndPays) {
  const auto shapeOf = [](Shape x, Shape weight, std::vector<std::int64_t> strides) {
    const Node node = testing::makeNode(
        "Conv", {}, {{"strides", testing::ints(strides)}, {"pads", testing::ints({1, 1, 1, 1})}});
    return convShape(node, x, weight);
  };
  Fusion tanh;
  tanh.activation = FusedActivation::Tanh;
  const ConvShape good = shapeOf({1, 32, 16, 16}, {32, 32, 3, 3}, {1, 1});
  const bool here = suitsWinograd(good, nullptr);
  EXPECT_EQ(here, blocksOfEight());  // not on processors whose blocks are wider
  if (!here) GTEST_SKIP() << "skipped: oneDNN keeps other blocks on this processor";
  EXPECT_FALSE(suitsWinograd(good, &tanh));
  EXPECT_FALSE(suitsWinograd(shapeOf({1, 32, 16, 16}, {32, 32, 3, 3}, {2, 2}), nullptr));
  EXPECT_FALSE(suitsWinograd(shapeOf({1, 3, 16, 16}, {32, 3, 3, 3}, {1, 1}), nullptr));
  EXPECT_FALSE(suitsWinograd(shapeOf({1, 32, 1, 1}, {32, 32, 3, 3}, {1, 1}), nullptr));
  EXPECT_FALSE(suitsWinograd(shapeOf({1, 32, 16, 16}, {32, 32, 5, 5}, {1, 1}), nullptr));
}

}  // namespace
}  // namespace lapidary::core
