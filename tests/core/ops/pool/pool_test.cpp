// SPDX-License-Identifier: GPL-3.0-or-later
// Pools against naive loops that visit every tap, in plain and blocked layouts, and their gradients.
#include <gtest/gtest.h>

#include "core/ops/kernels/channel_blocks.h"
#include "tests/core/ops/gradient_check.h"

namespace lapidary::core {
namespace {

using testing::Attributes;
using testing::expectError;
using testing::GradientCase;
using testing::ints;
using testing::isClose;
using testing::makeNode;
using testing::number;
using testing::randomTensor;
using testing::runOne;
using testing::runOp;
using testing::text;

struct PoolRow {
  std::string name;
  Shape shape;
  Attributes attributes;
  Shape output;
};

/// Padding of each spatial dimension is given explicitly in `begin` and `end`, whatever auto_pad says.
struct Naive {
  std::vector<std::int64_t> kernel, stride, dilation, begin, end;
};

std::vector<std::int64_t> attribute(const PoolRow& row, const char* key, std::vector<std::int64_t> fallback) {
  const auto it = row.attributes.find(key);
  return it == row.attributes.end() ? fallback : std::get<std::vector<std::int64_t>>(it->second);
}

Naive naiveOf(const PoolRow& row) {
  const std::size_t dims = row.shape.size() - 2;
  Naive n;
  n.kernel = attribute(row, "kernel_shape", {});
  n.stride = attribute(row, "strides", std::vector<std::int64_t>(dims, 1));
  n.dilation = attribute(row, "dilations", std::vector<std::int64_t>(dims, 1));
  const auto pads = attribute(row, "pads", std::vector<std::int64_t>(2 * dims, 0));
  for (std::size_t d = 0; d < dims; ++d) {
    n.begin.push_back(pads[d]);
    n.end.push_back(pads[dims + d]);
    const auto mode = row.attributes.find("auto_pad");
    if (mode == row.attributes.end() || !std::get<std::string>(mode->second).starts_with("SAME")) continue;
    const std::int64_t total = std::max<std::int64_t>(
        0, (row.output[2 + d] - 1) * n.stride[d] + (n.kernel[d] - 1) * n.dilation[d] + 1 - row.shape[2 + d]);
    const bool upper = std::get<std::string>(mode->second) == "SAME_UPPER";
    n.begin[d] = upper ? total / 2 : (total + 1) / 2;
    n.end[d] = total - n.begin[d];
  }
  return n;
}

std::vector<std::int64_t> unflatten(std::int64_t flat, const Shape& shape) {
  std::vector<std::int64_t> position(shape.size());
  for (std::size_t d = shape.size(); d-- > 0; flat /= shape[d]) position[d] = flat % shape[d];
  return position;
}

/// Calls visit(output index, input index or -1 in the padding) for every tap that is inside the padded input.
template <class Visit>
void walk(const PoolRow& row, Visit&& visit) {
  const Naive n = naiveOf(row);
  for (std::int64_t o = 0; o < elementCount(row.output); ++o) {
    const auto at = unflatten(o, row.output);
    for (std::int64_t tap = 0; tap < elementCount(n.kernel); ++tap) {
      const auto k = unflatten(tap, n.kernel);
      std::int64_t index = at[0] * row.shape[1] + at[1];
      bool inside = true, padded = true;
      for (std::size_t d = 0; d < k.size(); ++d) {
        const std::int64_t i = at[2 + d] * n.stride[d] - n.begin[d] + k[d] * n.dilation[d];
        inside = inside && i >= 0 && i < row.shape[2 + d];
        padded = padded && i < row.shape[2 + d] + n.end[d];
        index = index * row.shape[2 + d] + i;
      }
      if (padded) visit(static_cast<std::size_t>(o), inside ? index : -1);
    }
  }
}

Tensor naiveMax(const PoolRow& row, const Tensor& x) {
  TensorBuilder y(DType::Float32, row.output);
  std::ranges::fill(y.as<float>(), -INFINITY);
  walk(row, [&](std::size_t o, std::int64_t i) {
    if (i >= 0) y.as<float>()[o] = std::max(y.as<float>()[o], x.as<float>()[static_cast<std::size_t>(i)]);
  });
  return std::move(y).build();
}

Tensor naiveSum(const PoolRow& row, const Tensor& x, bool average, bool includePad, std::int64_t p) {
  std::vector<double> sum(static_cast<std::size_t>(elementCount(row.output)), 0), count(sum.size(), 0);
  walk(row, [&](std::size_t o, std::int64_t i) {
    if (i >= 0) {
      const double v = static_cast<double>(x.as<float>()[static_cast<std::size_t>(i)]);
      sum[o] += average ? v : std::pow(std::abs(v), static_cast<double>(p));
    }
    if (i >= 0 || includePad) count[o] += 1;
  });
  TensorBuilder y(DType::Float32, row.output);
  for (std::size_t o = 0; o < sum.size(); ++o)
    y.as<float>()[o] =
        static_cast<float>(average ? sum[o] / count[o] : std::pow(sum[o], 1.0 / static_cast<double>(p)));
  return std::move(y).build();
}

const std::vector<PoolRow>& poolTable() {
  static const std::vector<PoolRow> rows{
      {"d1", {2, 3, 11}, {{"kernel_shape", ints({3})}, {"strides", ints({2})}}, {2, 3, 5}},
      {"d2", {1, 20, 24, 24}, {{"kernel_shape", ints({2, 2})}, {"strides", ints({2, 2})}}, {1, 20, 12, 12}},
      {"padded",
       {2, 13, 9, 7},
       {{"kernel_shape", ints({3, 3})}, {"strides", ints({2, 2})}, {"pads", ints({1, 1, 1, 1})}},
       {2, 13, 5, 4}},
      {"uneven",
       {1, 8, 9, 7},
       {{"kernel_shape", ints({3, 2})}, {"strides", ints({1, 2})}, {"pads", ints({2, 0, 1, 1})}},
       {1, 8, 10, 4}},
      {"ceiling",
       {1, 9, 6, 6},
       {{"kernel_shape", ints({3, 3})}, {"strides", ints({2, 2})}, {"ceil_mode", number(1)}},
       {1, 9, 3, 3}},
      {"ceilingPadded",
       {1, 2, 5, 6},
       {{"kernel_shape", ints({2, 3})},
        {"strides", ints({2, 3})},
        {"pads", ints({1, 1, 1, 1})},
        {"ceil_mode", number(1)}},
       {1, 2, 3, 3}},
      {"ceilingBehind",
       {1, 2, 4, 4},
       {{"kernel_shape", ints({1, 1})}, {"strides", ints({3, 2})}, {"ceil_mode", number(1)}},
       {1, 2, 2, 2}},
      {"upper",
       {1, 3, 8, 5},
       {{"kernel_shape", ints({3, 2})}, {"strides", ints({2, 3})}, {"auto_pad", text("SAME_UPPER")}},
       {1, 3, 4, 2}},
      {"lower",
       {1, 16, 8, 5},
       {{"kernel_shape", ints({4, 2})}, {"strides", ints({1, 1})}, {"auto_pad", text("SAME_LOWER")}},
       {1, 16, 8, 5}},
      {"valid", {1, 3, 8, 5}, {{"kernel_shape", ints({3, 2})}, {"auto_pad", text("VALID")}}, {1, 3, 6, 4}},
      {"dilated",
       {1, 4, 9, 9},
       {{"kernel_shape", ints({3, 2})}, {"dilations", ints({2, 3})}, {"pads", ints({1, 1, 1, 1})}},
       {1, 4, 7, 8}},
      {"d3",
       {1, 8, 5, 6, 7},
       {{"kernel_shape", ints({2, 3, 3})}, {"strides", ints({1, 2, 2})}, {"pads", ints({0, 1, 1, 0, 1, 1})}},
       {1, 8, 4, 3, 4}},
      {"whole", {2, 10, 7, 7}, {{"kernel_shape", ints({7, 7})}}, {2, 10, 1, 1}},
      {"empty", {0, 10, 7, 7}, {{"kernel_shape", ints({2, 2})}}, {0, 10, 6, 6}},
  };
  return rows;
}

/// The tensor in channels by 8 or 16, as a convolution leaves it.
Activation blocked(const Tensor& x, bool by16) {
  using Tag = dnnl::memory::format_tag;
  static constexpr Tag tags[][2] = {
      {Tag::aBc8b, Tag::aBc16b}, {Tag::aBcd8b, Tag::aBcd16b}, {Tag::aBcde8b, Tag::aBcde16b}};
  const dnnl::memory::dims dims(x.shape().begin(), x.shape().end());
  return reordered(Activation(x), {dims, dnnl::memory::data_type::f32, tags[x.rank() - 3][by16 ? 1 : 0]});
}

Activation runActivation(const std::string& type, const Activation& x, const Attributes& attributes) {
  const Node node = makeNode(type, {toPlain(x)}, attributes);
  const std::vector<Activation> inputs{x};
  return findOp("", type)->forward(OpCall{.node = node, .opset = 19, .inputs = inputs}).at(0);
}

void checkLayouts(const PoolRow& row, const std::string& type, const Tensor& x, const Attributes& attributes,
                  const Tensor& expected) {
  EXPECT_TRUE(isClose(runOne(type, {x}, attributes, 19), expected, 1e-4, 1e-5)) << type << " " << row.name;
  if (x.size() == 0) return;
  for (const bool by16 : {false, true}) {
    const Activation y = runActivation(type, blocked(x, by16), attributes);
    EXPECT_TRUE(isClose(toPlain(y), expected, 1e-4, 1e-5)) << type << " " << row.name << " in blocks";
    EXPECT_NE(y.layout, nullptr) << "blocked input should stay blocked";
  }
}

TEST(MaxPool, MatchesNaiveLoops) {
  for (const PoolRow& row : poolTable()) {
    const Tensor x = randomTensor(row.shape, 7);
    const Tensor expected = naiveMax(row, x);
    checkLayouts(row, "MaxPool", x, row.attributes, expected);
    const Tensor wide = runOne("MaxPool", {convert(x, DType::Float64)}, row.attributes);
    EXPECT_TRUE(isClose(toFloat32(wide), expected)) << row.name;
    EXPECT_EQ(runOne("MaxPool", {convert(x, DType::Float16)}, row.attributes).dtype(), DType::Float16);
  }
}

TEST(MaxPool, GivesIndicesAndIntegers) {
  for (const PoolRow& row : poolTable()) {
    const Tensor x = randomTensor(row.shape, 8, -100, 100);
    const auto outputs = runOp("MaxPool", {x}, row.attributes, 12, 2);
    ASSERT_EQ(outputs.size(), 2u);
    EXPECT_TRUE(isClose(outputs[0], naiveMax(row, x)));
    for (std::size_t i = 0; i < outputs[1].as<std::int64_t>().size(); ++i)
      EXPECT_EQ(x.as<float>()[static_cast<std::size_t>(outputs[1].as<std::int64_t>()[i])],
                outputs[0].as<float>()[i]);
    for (const DType type : {DType::Int8, DType::UInt8}) {
      const Tensor codes =
          convert(randomTensor(row.shape, 9, type == DType::Int8 ? -128.0f : 0.0f, 127), type);
      EXPECT_TRUE(
          isClose(runOne("MaxPool", {codes}, row.attributes), convert(naiveMax(row, toFloat32(codes)), type)))
          << row.name;
    }
  }
  const Tensor x = testing::floats({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6});
  const auto column =
      runOp("MaxPool", {x}, {{"kernel_shape", ints({1, 3})}, {"storage_order", number(1)}}, 12, 2);
  EXPECT_EQ(column[1].as<std::int64_t>()[0], 4);  // row 0, column 2 of two rows
  EXPECT_EQ(column[1].as<std::int64_t>()[1], 5);
}

TEST(AveragePool, MatchesNaiveLoops) {
  for (const PoolRow& row : poolTable())
    for (const bool includePad : {false, true}) {
      const Tensor x = randomTensor(row.shape, 9);
      Attributes attributes = row.attributes;
      attributes["count_include_pad"] = number(includePad);
      const Tensor expected = naiveSum(row, x, true, includePad, 1);
      checkLayouts(row, "AveragePool", x, attributes, expected);
      EXPECT_TRUE(isClose(toFloat32(runOne("AveragePool", {convert(x, DType::Float64)}, attributes)),
                          expected, 1e-5, 1e-5));
    }
}

TEST(LpPool, MatchesNaiveLoops) {
  for (const PoolRow& row : poolTable())
    for (const std::int64_t p : {1, 2, 3}) {
      const Tensor x = randomTensor(row.shape, 10);
      Attributes attributes = row.attributes;
      attributes["p"] = number(p);
      EXPECT_TRUE(isClose(runOne("LpPool", {x}, attributes), naiveSum(row, x, false, false, p), 1e-4, 1e-5))
          << row.name;
    }
}

TEST(Pool, LeavesWindowsWithoutElementsAlone) {
  // Taps at -1 and 3 of an input of 3: the first window holds nothing.
  const Tensor x = testing::floats({1, 1, 1}, {5});
  const Attributes attributes{{"kernel_shape", ints({2})}, {"dilations", ints({2})}, {"pads", ints({1, 1})}};
  EXPECT_EQ(runOne("MaxPool", {x}, attributes).as<float>()[0], -INFINITY);
  EXPECT_EQ(runOne("AveragePool", {x}, attributes, 19).as<float>()[0], 0.0f);
}

TEST(GlobalPool, MatchesNaiveLoops) {
  for (const Shape& shape :
       {Shape{2, 3, 7, 5}, Shape{1, 24, 8, 8}, Shape{3, 19, 1, 1}, Shape{2, 64, 9}, Shape{1, 5, 2, 3, 4}}) {
    const Tensor x = randomTensor(shape, 11);
    PoolRow row{"global",
                shape,
                {{"kernel_shape", ints(Shape(shape.begin() + 2, shape.end()))}},
                Shape(shape.size(), 1)};
    std::copy_n(shape.begin(), 2, row.output.begin());
    const std::map<std::string, Tensor> expected{{"GlobalAveragePool", naiveSum(row, x, true, false, 1)},
                                                 {"GlobalMaxPool", naiveMax(row, x)},
                                                 {"GlobalLpPool", naiveSum(row, x, false, false, 2)}};
    for (const auto& [type, y] : expected) {
      EXPECT_TRUE(isClose(runOne(type, {x}), y, 1e-4, 1e-5)) << type << " " << toText(shape);
      if (type == "GlobalLpPool") continue;
      for (const bool by16 : {false, true})
        EXPECT_TRUE(isClose(toPlain(runActivation(type, blocked(x, by16), {})), y, 1e-4, 1e-5)) << type;
    }
  }
}

TEST(GlobalPool, TakesOtherLayouts) {
  const Tensor x = randomTensor({2, 5, 3, 4}, 12);
  const Activation last =
      reordered(Activation(x), {{2, 5, 3, 4}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::nhwc});
  ASSERT_NE(last.layout, nullptr);
  for (const char* type : {"GlobalAveragePool", "GlobalMaxPool"})
    EXPECT_TRUE(isClose(toPlain(runActivation(type, last, {})), runOne(type, {x})));
  const Attributes attributes{{"kernel_shape", ints({2, 2})}};
  for (const char* type : {"MaxPool", "AveragePool"})
    EXPECT_TRUE(isClose(toPlain(runActivation(type, last, attributes)), runOne(type, {x}, attributes)));
}

TEST(Pool, RefusesDamagedAttributes) {
  const Tensor x = randomTensor({1, 2, 6, 6}, 1);
  const struct {
    Attributes attributes;
    const char* message;
  } damaged[] = {
      {{}, "kernel_shape is missing"},
      {{{"kernel_shape", number(3)}}, "kernel_shape is missing"},
      {{{"kernel_shape", ints({3})}}, "kernel_shape has 1 values"},
      {{{"kernel_shape", ints({0, 2})}}, "kernel_shape holds 0"},
      {{{"kernel_shape", ints({-1, 2})}}, "kernel_shape holds -1"},
      {{{"kernel_shape", ints({9, 9})}}, "does not fit"},
      {{{"kernel_shape", ints({std::int64_t{1} << 62, 1})}}, "kernel_shape holds"},
      {{{"kernel_shape", ints({2, 2})}, {"strides", ints({0, 1})}}, "strides holds 0"},
      {{{"kernel_shape", ints({2, 2})}, {"strides", ints({1})}}, "strides has 1 values"},
      {{{"kernel_shape", ints({2, 2})}, {"pads", ints({-1, 0, 0, 0})}}, "pads holds -1"},
      {{{"kernel_shape", ints({2, 2})}, {"pads", ints({0, 0, 0})}}, "pads has 3 values, 4 expected"},
      {{{"kernel_shape", ints({2, 2})}, {"pads", ints({2, 0, 0, 0})}}, "not smaller than the window"},
      {{{"kernel_shape", ints({2, 2})}, {"dilations", ints({1, -3})}}, "dilations holds -3"},
      {{{"kernel_shape", ints({2, 2})}, {"dilations", ints({1, std::int64_t{1} << 40})}}, "dilations holds"},
      {{{"kernel_shape", ints({2, 2})}, {"auto_pad", text("SOME")}}, "auto_pad is 'SOME'"},
  };
  for (const char* type : {"MaxPool", "AveragePool", "LpPool"})
    for (const auto& [attributes, message] : damaged)
      expectError([&] { runOne(type, {x}, attributes); }, message);
  const Attributes fine{{"kernel_shape", ints({1, 1})}};
  expectError([&] { runOne("MaxPool", {randomTensor({3, 4}, 1)}, fine); }, "spatial dimension");
  expectError([&] { runOne("AveragePool", {testing::int64s({1})}, fine); }, "spatial dimension");
  expectError([&] { runOne("AveragePool", {convert(x, DType::Int32)}, fine); }, "floating");
  expectError([&] { runOne("GlobalAveragePool", {randomTensor({3}, 1)}); }, "N x C");
  expectError([&] { runOne("GlobalMaxPool", {}); }, "input 0");
  expectError([&] { runOne("LpPool", {x}, {{"kernel_shape", ints({1, 1})}, {"p", number(0)}}); }, "p is 0");
  const Tensor endless(DType::Float32, {0, 1, std::int64_t{1} << 39}, {});
  EXPECT_EQ(runOne("MaxPool", {endless}, {{"kernel_shape", ints({1})}}).size(), 0);
}

TEST(PoolGradients, MatchFiniteDifferences) {
  for (const PoolRow& row : poolTable()) {
    if (row.shape[0] == 0) continue;
    Shape small = row.shape;
    small[1] = 2;
    const Tensor x = testing::separatedTensor(small, 3);
    checkGradients(
        GradientCase{.name = row.name, .type = "MaxPool", .inputs = {x}, .attributes = row.attributes});
    for (const bool includePad : {false, true}) {
      Attributes attributes = row.attributes;
      attributes["count_include_pad"] = number(includePad);
      checkGradients(GradientCase{.name = row.name,
                                  .type = "AveragePool",
                                  .inputs = {randomTensor(small, 4)},
                                  .attributes = attributes,
                                  .opset = 19});
    }
  }
  const Tensor x = testing::separatedTensor({2, 3, 4, 5}, 5);
  for (const char* type : {"GlobalAveragePool", "GlobalMaxPool"})
    checkGradients(GradientCase{.name = type, .type = type, .inputs = {x}});
}

TEST(PoolCost, CountsTaps) {
  const Shape in[] = {{1, 2, 8, 8}}, out[] = {{1, 2, 4, 4}};
  Node node;
  node.attributes["kernel_shape"] = ints({2, 2});
  EXPECT_EQ(costOf(*findOp("", "MaxPool"), node, in, out).flops, 32.0 * 4);
  EXPECT_EQ(costOf(*findOp("", "GlobalAveragePool"), node, in, out).flops, 128.0);
}

}  // namespace
}  // namespace lapidary::core
