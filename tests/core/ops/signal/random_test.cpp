// SPDX-License-Identifier: GPL-3.0-or-later
// Random operators: shape, type and statistics of what they give, and that it is the same in every run.
#include "tests/core/ops/op_testing.h"

namespace lapidary::core::testing {
namespace {

struct Statistics {
  double mean = 0, deviation = 0, low = 0, high = 0;
};

Statistics statisticsOf(const Tensor& tensor) {
  const Tensor wide = convert(tensor, DType::Float64);
  const auto values = wide.as<double>();
  const auto count = static_cast<double>(values.size());
  Statistics s{0, 0, *std::ranges::min_element(values), *std::ranges::max_element(values)};
  for (const double x : values) s.mean += x / count;
  for (const double x : values) s.deviation += (x - s.mean) * (x - s.mean) / count;
  s.deviation = std::sqrt(s.deviation);
  return s;
}

const Attributes square{{"shape", ints({200, 200})}};

Attributes with(Attributes attributes, const std::string& key, Attribute value) {
  attributes[key] = std::move(value);
  return attributes;
}

TEST(Random, UniformFillsItsRange) {
  const Tensor x = runOne("RandomUniform", {}, with(with(square, "low", -2.0f), "high", 4.0f));
  EXPECT_EQ(x.shape(), (Shape{200, 200}));
  EXPECT_EQ(x.dtype(), DType::Float32);
  const Statistics s = statisticsOf(x);
  EXPECT_NEAR(s.mean, 1, 0.05);
  EXPECT_NEAR(s.deviation, 6 / std::sqrt(12.0), 0.05);
  EXPECT_GE(s.low, -2);
  EXPECT_LE(s.high, 4);
  EXPECT_GT(s.high - s.low, 5.9);
}

TEST(Random, NormalHasMeanScaleAndTails) {
  const Tensor x =
      runOne("RandomNormal", {}, with(with(with(square, "mean", 3.0f), "scale", 2.0f), "dtype", number(11)));
  EXPECT_EQ(x.dtype(), DType::Float64);
  const Statistics s = statisticsOf(x);
  EXPECT_NEAR(s.mean, 3, 0.05);
  EXPECT_NEAR(s.deviation, 2, 0.05);
  double fourth = 0;
  for (const double value : x.as<double>()) fourth += std::pow((value - 3) / 2, 4) / 40000;
  EXPECT_NEAR(fourth, 3, 0.2);
}

TEST(Random, LikeTakesShapeAndTypeOfItsInput) {
  const Tensor like = convert(randomTensor({3, 4}, 1), DType::Float64);
  EXPECT_EQ(runOne("RandomNormalLike", {like}).dtype(), DType::Float64);
  EXPECT_EQ(runOne("RandomUniformLike", {like}, {{"dtype", number(10)}}).dtype(), DType::Float16);
  EXPECT_EQ(runOne("RandomUniformLike", {int64s({1, 2, 3})}).shape(), (Shape{3}));
}

TEST(Random, TheSeedDecidesEverything) {
  const auto drawn = [](Attributes attributes) { return runOne("RandomNormal", {}, std::move(attributes)); };
  EXPECT_TRUE(isClose(drawn(square), drawn(square), 0, 0));
  EXPECT_TRUE(isClose(drawn(square), drawn(with(square, "seed", 0.0f)), 0, 0));
  EXPECT_TRUE(isClose(drawn(with(square, "seed", 7.5f)), drawn(with(square, "seed", 7.5f)), 0, 0));
  EXPECT_FALSE(isClose(drawn(with(square, "seed", 7.5f)), drawn(with(square, "seed", 8.5f)), 0, 0));
}

TEST(Random, BernoulliFollowsItsChances) {
  TensorBuilder chances(DType::Float32, {40000});
  std::ranges::fill(chances.as<float>(), 0.3f);
  const Tensor p = std::move(chances).build();
  const Tensor x = runOne("Bernoulli", {p}, {{"dtype", number(6)}});
  EXPECT_EQ(x.dtype(), DType::Int32);
  const Statistics s = statisticsOf(x);
  EXPECT_NEAR(s.mean, 0.3, 0.02);
  EXPECT_EQ(s.low, 0);
  EXPECT_EQ(s.high, 1);
  EXPECT_EQ(runOne("Bernoulli", {p}).dtype(), DType::Float32);
  EXPECT_TRUE(isClose(runOne("Bernoulli", {floats({2}, {0, 1})}), floats({2}, {0, 1})));
}

TEST(Random, MultinomialDrawsByWeight) {
  const Tensor logs = floats({2, 3}, {std::log(0.2f), std::log(0.5f), std::log(0.3f), 0, -100, 0});
  const Tensor x = runOne("Multinomial", {logs}, {{"sample_size", number(20000)}, {"dtype", number(7)}});
  ASSERT_EQ(x.shape(), (Shape{2, 20000}));
  ASSERT_EQ(x.dtype(), DType::Int64);
  double counts[6] = {};
  for (std::size_t i = 0; i < 40000; ++i)
    counts[i / 20000 * 3 + static_cast<std::size_t>(x.as<std::int64_t>()[i])] += 1.0 / 20000;
  const double expected[] = {0.2, 0.5, 0.3, 0.5, 0, 0.5};
  for (int k = 0; k < 6; ++k) EXPECT_NEAR(counts[k], expected[k], 0.02) << k;
  EXPECT_EQ(runOne("Multinomial", {logs}).dtype(), DType::Int32);
}

TEST(Random, HostileAttributesAreRefused) {
  const auto normal = [](Attributes attributes) { runOne("RandomNormal", {}, std::move(attributes)); };
  expectError([&] { normal({}); }, "'shape'");
  expectError([&] { normal({{"shape", ints({-1})}}); }, "negative");
  expectError([&] { normal({{"shape", ints({1 << 20, 1 << 20})}}); }, "2^31");
  expectError([&] { normal(with(square, "dtype", number(7))); }, "'dtype'");
  expectError([&] { normal(with(square, "dtype", number(8))); }, "'dtype'");
  const Tensor logs = floats({1, 2}, {0, 0});
  const auto multinomial = [](const Tensor& given, Attributes attributes) {
    runOne("Multinomial", {given}, std::move(attributes));
  };
  expectError([&] { multinomial(logs, {{"sample_size", number(-5)}}); }, "'sample_size'");
  expectError([&] { multinomial(logs, {{"sample_size", number(std::int64_t{1} << 40)}}); }, "2^31");
  expectError([&] { multinomial(logs, {{"dtype", number(1)}}); }, "'dtype'");
  expectError([&] { multinomial(floats({2}, {0, 0}), {}); }, "batch x classes");
  expectError([&] { multinomial(floats({1, 2}, {-INFINITY, -INFINITY}), {}); }, "no finite");
}

}  // namespace
}  // namespace lapidary::core::testing
