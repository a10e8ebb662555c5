// SPDX-License-Identifier: GPL-3.0-or-later
// Broadcasting arithmetic, comparison and logic: against a naive loop, by finite differences, at the edges.
#include <functional>

#include "tests/core/ops/gradient_check.h"

namespace lapidary::core::testing {
namespace {

struct ShapePair {
  Shape a, b, result;
};
const ShapePair pairs[] = {
    {{2, 3, 4, 5}, {2, 3, 4, 5}, {2, 3, 4, 5}},
    {{2, 3, 4, 5}, {3, 1, 1}, {2, 3, 4, 5}},
    {{2, 3, 4, 5}, {1, 3, 1, 5}, {2, 3, 4, 5}},
    {{2, 3, 4}, {}, {2, 3, 4}},
    {{}, {4, 2}, {4, 2}},
    {{}, {}, {}},
    {{3, 1, 4}, {2, 1}, {3, 2, 4}},
    {{1, 4, 1}, {5, 1, 3}, {5, 4, 3}},
    {{5}, {4, 1}, {4, 5}},
    {{2, 0, 3}, {1, 3}, {2, 0, 3}},
};

/// Element of `shape` that stands at flat position `at` of `result`, worked out one dimension at a time.
std::size_t naiveIndex(const Shape& shape, const Shape& result, std::int64_t at) {
  std::int64_t index = 0, step = 1;
  for (std::size_t d = result.size(); d-- > 0;) {
    const std::int64_t position = at % result[d];
    at /= result[d];
    if (result.size() - d > shape.size()) continue;
    const std::int64_t size = shape[d - (result.size() - shape.size())];
    index += (size == 1 ? 0 : position) * step;
    step *= size;
  }
  return static_cast<std::size_t>(index);
}

Tensor naive(const Tensor& a, const Tensor& b, const Shape& result,
             const std::function<double(double, double)>& f) {
  const Tensor x = convert(a, DType::Float64), y = convert(b, DType::Float64);
  TensorBuilder out(DType::Float64, result);
  for (std::int64_t i = 0; i < out.size(); ++i)
    out.as<double>()[static_cast<std::size_t>(i)] =
        f(x.as<double>()[naiveIndex(a.shape(), result, i)], y.as<double>()[naiveIndex(b.shape(), result, i)]);
  return std::move(out).build();
}

struct BinaryCase {
  std::string type;
  std::function<double(double, double)> exact;
  bool logical = false;
  Attributes attributes = {};
};
const BinaryCase binaryCases[] = {
    {"Add", std::plus<>{}},
    {"Sub", std::minus<>{}},
    {"Mul", std::multiplies<>{}},
    {"Div", std::divides<>{}},
    {"Pow", [](double a, double b) { return std::pow(a, b); }},
    {"Min", [](double a, double b) { return std::min(a, b); }},
    {"Max", [](double a, double b) { return std::max(a, b); }},
    {"Sum", std::plus<>{}},
    {"Mean", [](double a, double b) { return (a + b) / 2; }},
    {"Mod", [](double a, double b) { return std::fmod(a, b); }, false, {{"fmod", std::int64_t{1}}}},
    {"Equal", std::equal_to<>{}, true},
    {"Less", std::less<>{}, true},
    {"LessOrEqual", std::less_equal<>{}, true},
    {"Greater", std::greater<>{}, true},
    {"GreaterOrEqual", std::greater_equal<>{}, true},
};

TEST(Binary, BroadcastsLikeANaiveLoop) {
  for (const BinaryCase& row : binaryCases)
    for (const ShapePair& pair : pairs)
      for (const DType type : {DType::Float32, DType::Float64, DType::Float16}) {
        const Tensor a = convert(randomTensor(pair.a, 1, 0.5f, 2), type);
        const Tensor b = convert(randomTensor(pair.b, 2, 0.5f, 2), type);
        const DType result = row.logical ? DType::Bool : type;
        const double tolerance = type == DType::Float16 ? 2e-3 : 1e-5;
        EXPECT_TRUE(isClose(runOne(row.type, {a, b}, row.attributes),
                            convert(naive(a, b, pair.result, row.exact), result), tolerance, tolerance))
            << row.type << " " << toText(pair.a) << " " << toText(pair.b) << " " << name(type);
      }
}

TEST(Binary, ShapesThatDoNotFitAreNamed) {
  expectError(
      [] {
        runOne("Add", {randomTensor({2, 3}, 1), randomTensor({4}, 1)});
      },
      "shape 4 does not broadcast with 2x3");
  expectError([] { runOne("Add", {randomTensor({100000, 1}, 1), randomTensor({1, 100000}, 1)}); }, "2^31");
  expectError([] { runOne("Add", {randomTensor({2}, 1), int64s({1, 2})}); }, "input 1 (B)");
  expectError([] { runOne("Add", {randomTensor({2}, 1)}); }, "input 1 is missing");
}

TEST(Binary, IntegersWrapAndRefuseZero) {
  const auto int32 = [](std::initializer_list<std::int32_t> v) {
    return Tensor::from<std::int32_t>({static_cast<std::int64_t>(v.size())}, v);
  };
  const std::int32_t low = std::numeric_limits<std::int32_t>::min(),
                     high = std::numeric_limits<std::int32_t>::max();
  EXPECT_TRUE(isClose(runOne("Add", {int32({high}), int32({1})}), int32({low})));
  EXPECT_TRUE(isClose(runOne("Mul", {int32({high}), int32({2})}), int32({-2})));
  EXPECT_TRUE(isClose(runOne("Div", {int32({low, -7, 7}), int32({-1, 2, 2})}), int32({low, -3, 3})));
  EXPECT_TRUE(isClose(runOne("Mod", {int32({low, -7, 7, 7}), int32({-1, 3, -3, 3})}), int32({0, 2, -2, 1})));
  EXPECT_TRUE(
      isClose(runOne("Mod", {int32({-7, 7}), int32({3, -3})}, {{"fmod", number(1)}}), int32({-1, 1})));
  expectError([&] { runOne("Div", {int32({1}), int32({0})}); }, "input 1 (B): holds a zero");
  expectError([&] { runOne("Mod", {int32({1}), int32({0})}); }, "input 1 (B): holds a zero");
  const Tensor bytes = Tensor::from<std::uint8_t>({2}, {200, 100});
  EXPECT_TRUE(isClose(runOne("Add", {bytes, bytes}), Tensor::from<std::uint8_t>({2}, {144, 200})));
  const Tensor wide = Tensor::from<std::uint32_t>({1}, {4000000000u});
  EXPECT_TRUE(
      isClose(runOne("Mul", {wide, wide}), Tensor::from<std::uint32_t>({1}, {4000000000u * 4000000000u})));
}

TEST(Binary, PowersMixTypes) {
  const Tensor base = int64s({3, -2, 7, 2});
  EXPECT_TRUE(
      isClose(runOne("Pow", {base, int64s({39, 3, 0, -1})}), int64s({4052555153018976267, -8, 1, 0})));
  EXPECT_TRUE(isClose(runOne("Pow", {base, floats({}, {2})}), int64s({9, 4, 49, 4})));
  EXPECT_TRUE(isClose(runOne("Pow", {floats({2}, {-1.5f, 2}), int64s({2})}), floats({2}, {2.25f, 4})));
  EXPECT_TRUE(isClose(runOne("Pow", {floats({2}, {-1.5f, 2}), floats({}, {3})}), floats({2}, {-3.375f, 8})));
}

TEST(Binary, LogicAndBits) {
  const Tensor p = Tensor::from<bool>({2, 1}, {true, false}), q = Tensor::from<bool>({2}, {true, false});
  EXPECT_TRUE(isClose(runOne("And", {p, q}), Tensor::from<bool>({2, 2}, {true, false, false, false})));
  EXPECT_TRUE(isClose(runOne("Or", {p, q}), Tensor::from<bool>({2, 2}, {true, true, true, false})));
  EXPECT_TRUE(isClose(runOne("Xor", {p, q}), Tensor::from<bool>({2, 2}, {false, true, true, false})));
  EXPECT_TRUE(isClose(runOne("Equal", {p, q}), Tensor::from<bool>({2, 2}, {true, false, false, true})));
  const Tensor x = Tensor::from<std::uint8_t>({3}, {12, 255, 1}),
               y = Tensor::from<std::uint8_t>({3}, {10, 15, 9});
  EXPECT_TRUE(isClose(runOne("BitwiseAnd", {x, y}), Tensor::from<std::uint8_t>({3}, {8, 15, 1})));
  EXPECT_TRUE(isClose(runOne("BitwiseOr", {x, y}), Tensor::from<std::uint8_t>({3}, {14, 255, 9})));
  EXPECT_TRUE(isClose(runOne("BitwiseXor", {x, y}), Tensor::from<std::uint8_t>({3}, {6, 240, 8})));
  const Tensor steps = Tensor::from<std::uint8_t>({3}, {3, 1, 200});
  EXPECT_TRUE(isClose(runOne("BitShift", {x, steps}, {{"direction", text("LEFT")}}),
                      Tensor::from<std::uint8_t>({3}, {96, 254, 0})));
  EXPECT_TRUE(isClose(runOne("BitShift", {x, steps}, {{"direction", text("RIGHT")}}),
                      Tensor::from<std::uint8_t>({3}, {1, 127, 0})));
  expectError([&] { runOne("BitShift", {x, y}); }, "direction");
  expectError([&] { runOne("And", {x, y}); }, "bool expected");
}

TEST(Binary, WhereChoosesByBroadcasting) {
  const Tensor condition = Tensor::from<bool>({2, 1}, {true, false});
  EXPECT_TRUE(isClose(runOne("Where", {condition, int64s({1, 2, 3}), Tensor::scalar<std::int64_t>(9)}),
                      Tensor::from<std::int64_t>({2, 3}, {1, 2, 3, 9, 9, 9})));
  expectError([&] { runOne("Where", {condition, int64s({1}), floats({1}, {1})}); }, "input 2 (Y)");
}

TEST(Binary, BeforeOpset7AnAxisAlignsTheSecond) {
  const Tensor a = randomTensor({2, 3, 4}, 1), b = randomTensor({3}, 2);
  const Tensor legacy = runOp("Add", {a, b}, {{"axis", number(1)}, {"broadcast", number(1)}}, 6)[0];
  EXPECT_TRUE(isClose(legacy, runOne("Add", {a, b.reshaped({3, 1})})));
}

TEST(Binary, GradientsAgreeWithDifferences) {
  for (const char* type : {"Add", "Sub", "Mul", "Div", "Pow", "Sum", "Mean"})
    for (const ShapePair& pair : pairs)
      checkGradients({std::string(type) + toText(pair.a) + "_" + toText(pair.b),
                      type,
                      {randomTensor(pair.a, 3, 0.7f, 2), randomTensor(pair.b, 4, 0.7f, 2)}});
  const Tensor x = separatedTensor({3, 4}, 1), y = separatedTensor({4}, 2, 0.13f),
               z = separatedTensor({3, 1}, 3, 0.17f);
  checkGradients({"Min", "Min", {x, y, z}});
  checkGradients({"Max", "Max", {x, y, z}});
  checkGradients({"PRelu", "PRelu", {separatedTensor({2, 3, 4}, 4), randomTensor({3, 1}, 5)}});
  checkGradients({"PRelu6", "PRelu", {separatedTensor({2, 3, 4}, 4), randomTensor({3}, 5)}, {}, 6});
  checkGradients({"Where", "Where", {Tensor::from<bool>({3, 1}, {true, false, true}), x, y}});
}

}  // namespace
}  // namespace lapidary::core::testing
