// SPDX-License-Identifier: GPL-3.0-or-later
// Every way that exporters take from a constant to a weight: what it amounts to, and that it is a layer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/model/constants.h"
#include "tests/core/model/model_builder.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;

Tensor ints(const std::vector<std::int64_t>& values) {
  return Tensor::from<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}

std::vector<float> folded(ModelBuilder& b, const std::string& name) {
  const Tensor tensor = toFloat32(foldConstant(b.graph, {}, b.value(name)));
  return {tensor.as<float>().begin(), tensor.as<float>().end()};
}

Shape shapeIn(ModelBuilder& b, const std::string& name) {
  const auto info = constantInfo(b.graph, b.value(name));
  EXPECT_TRUE(info) << name;
  if (!info) return {};
  EXPECT_EQ(foldConstant(b.graph, {}, b.value(name)).shape(), info->shape) << name;
  return info->shape;
}

TEST(ConstantChains, ReshapeTakesItsSizesFromAnyConstant) {
  ModelBuilder b;
  b.constant("w", counting({2, 3, 4})).constant("sizes", ints({0, -1})).constant("part", ints({6}));
  b.node("Reshape", {"w", "sizes"}, {"initialiser"});
  b.node("Constant", {}, {"c"}).attributes["value_ints"] = std::vector<std::int64_t>{-1, 4};
  b.node("Reshape", {"w", "c"}, {"node"});
  b.node("Constant", {}, {"four"}).attributes["value"] = ints({4});
  b.node("Concat", {"part", "four"}, {"joined"}).attributes["axis"] = std::int64_t{0};
  b.node("Cast", {"joined"}, {"cast"}).attributes["to"] = std::int64_t{7};
  b.node("Reshape", {"w", "cast"}, {"computed"});
  b.node("Reshape", {"w"}, {"attribute"}).attributes["shape"] = std::vector<std::int64_t>{3, 8};
  EXPECT_EQ(shapeIn(b, "initialiser"), (Shape{2, 12}));
  EXPECT_EQ(shapeIn(b, "node"), (Shape{6, 4}));
  EXPECT_EQ(shapeIn(b, "computed"), (Shape{6, 4}));
  EXPECT_EQ(shapeIn(b, "attribute"), (Shape{3, 8}));
}

TEST(ConstantChains, ReshapesThatCannotBeAreNone) {
  ModelBuilder b;
  b.input("x").constant("w", counting({2, 3}));
  for (const auto& sizes : std::vector<std::vector<std::int64_t>>{
           {4}, {-1, -1}, {4, -1}, {-2, 3}, {0, 0, 0}, {std::int64_t{1} << 62, std::int64_t{1} << 62}}) {
    ModelBuilder each = b;
    each.constant("sizes", ints(sizes));
    each.node("Reshape", {"w", "sizes"}, {"y"});
    EXPECT_FALSE(constantInfo(each.graph, each.value("y"))) << sizes.size();
  }
  b.node("Reshape", {"w", "x"}, {"y"});
  EXPECT_FALSE(constantInfo(b.graph, b.value("y"))) << "sizes that are computed";
}

TEST(ConstantChains, AxesComeAndGo) {
  ModelBuilder b;
  b.constant("w", counting({1, 2, 1, 3})).constant("axes", ints({-2})).constant("two", ints({0, 3}));
  b.node("Squeeze", {"w"}, {"all"});
  b.node("Squeeze", {"w", "axes"}, {"one"});
  b.node("Squeeze", {"w"}, {"old"}).attributes["axes"] = std::vector<std::int64_t>{0};
  b.node("Unsqueeze", {"all", "two"}, {"wide"});
  b.node("Flatten", {"w"}, {"flat"}).attributes["axis"] = std::int64_t{2};
  EXPECT_EQ(shapeIn(b, "all"), (Shape{2, 3}));
  EXPECT_EQ(shapeIn(b, "one"), (Shape{1, 2, 3}));
  EXPECT_EQ(shapeIn(b, "old"), (Shape{2, 1, 3}));
  EXPECT_EQ(shapeIn(b, "wide"), (Shape{1, 2, 3, 1}));
  EXPECT_EQ(shapeIn(b, "flat"), (Shape{2, 3}));
}

TEST(ConstantChains, PartsAreCutOutAndJoined) {
  ModelBuilder b;
  b.constant("w", counting({2, 4})).constant("from", ints({3})).constant("to", ints({-5}));
  b.constant("axis", ints({1})).constant("step", ints({-2})).constant("sizes", ints({1, 3}));
  b.node("Slice", {"w", "from", "to", "axis", "step"}, {"back"});
  Node& old = b.node("Slice", {"w"}, {"rows"});
  old.attributes["starts"] = std::vector<std::int64_t>{1};
  old.attributes["ends"] = std::vector<std::int64_t>{9};
  b.node("Split", {"w", "sizes"}, {"left", "right"}).attributes["axis"] = std::int64_t{1};
  b.node("Split", {"w"}, {"top", "bottom"});
  b.node("Concat", {"right", "left"}, {"turned"}).attributes["axis"] = std::int64_t{-1};
  EXPECT_EQ(shapeIn(b, "back"), (Shape{2, 2}));
  EXPECT_THAT(folded(b, "back"), ElementsAre(4, 2, 8, 6));
  EXPECT_THAT(folded(b, "rows"), ElementsAre(5, 6, 7, 8));
  EXPECT_EQ(shapeIn(b, "right"), (Shape{2, 3}));
  EXPECT_THAT(folded(b, "right"), ElementsAre(2, 3, 4, 6, 7, 8));
  EXPECT_THAT(folded(b, "bottom"), ElementsAre(5, 6, 7, 8));
  EXPECT_THAT(folded(b, "turned"), ElementsAre(2, 3, 4, 1, 6, 7, 8, 5));
  EXPECT_THAT(constantRoots(b.graph, b.value("turned")), ElementsAre(b.value("w")));
}

TEST(ConstantChains, FourBitsAreMovedToo) {
  ModelBuilder b;
  b.constant("w", convert(Tensor::from<std::int8_t>({2, 3}, {-8, 1, 2, 3, 4, 7}), DType::Int4));
  b.node("Split", {"w"}, {"a", "b"}).attributes["axis"] = std::int64_t{0};
  b.node("Concat", {"b", "a"}, {"c"}).attributes["axis"] = std::int64_t{0};
  b.node("Transpose", {"c"}, {"t"});
  EXPECT_THAT(folded(b, "t"), ElementsAre(3, -8, 4, 1, 7, 2));
}

TEST(ConstantChains, FakeQuantizationIsFollowed) {
  ModelBuilder b;
  b.constant("w", Tensor::from<float>({2, 2}, {0.26f, -9, 0.75f, 100}))
      .constant("s", Tensor::from<float>({2}, {0.5f, 0.25f}))
      .constant("z", Tensor::from<std::int8_t>({2}, {0, 1}));
  b.node("QuantizeLinear", {"w", "s", "z"}, {"q"}).attributes["axis"] = std::int64_t{0};
  b.node("DequantizeLinear", {"q", "s", "z"}, {"d"}).attributes["axis"] = std::int64_t{0};
  b.node("QuantizeLinear", {"w", "s"}, {"u"}).attributes["axis"] = std::int64_t{0};
  EXPECT_THAT(folded(b, "q"), ElementsAre(1, -18, 4, 127));
  EXPECT_THAT(folded(b, "d"), ElementsAre(0.5f, -9, 0.75f, 31.5f));
  EXPECT_THAT(folded(b, "u"), ElementsAre(1, 0, 3, 255));
}

TEST(ConstantChains, AChainWithoutEndIsNotFollowed) {
  ModelBuilder b;
  b.constant("v0", counting({2, 2}));
  for (int i = 0; i < 40; ++i)
    b.node("Mul", {"v" + std::to_string(i), "v" + std::to_string(i)}, {"v" + std::to_string(i + 1)});
  EXPECT_FALSE(constantInfo(b.graph, b.value("v40")));
  b.constant("s0", ints({2, 2}));
  for (int i = 0; i < 40; ++i)
    b.node("Reshape", {"s0", "s" + std::to_string(i)}, {"s" + std::to_string(i + 1)});
  EXPECT_FALSE(constantInfo(b.graph, b.value("s40")));
}

/// A layer for each way, with the shape in which its node reads it.
struct Way {
  std::string op;
  std::string domain;
  Shape shape;
  std::vector<std::string> inputs;  ///< "w" is the weight
  int channelAxis;
  std::map<std::string, Attribute> attributes = {};
};

TEST(ConstantChains, OperatorsWithWeightsAreLayers) {
  const std::string microsoft = "com.microsoft", none;
  const Attribute yes = std::int64_t{1};
  const auto equation = [](const char* text) {
    return std::map<std::string, Attribute>{{"equation", std::string(text)}};
  };
  for (const Way& way :
       std::vector<Way>{{"FusedConv", microsoft, {8, 1, 3, 3}, {"x", "w", "b"}, 0},
                        {"FusedMatMul", microsoft, {4, 8}, {"x", "w"}, 1},
                        {"FusedMatMul", microsoft, {8, 4}, {"x", "w"}, 0, {{"transB", yes}}},
                        {"FusedMatMul", microsoft, {8, 4}, {"w", "x"}, 0},
                        {"FusedGemm", microsoft, {8, 4}, {"x", "w", "b"}, 0, {{"transB", yes}}},
                        {"GemmFastGelu", microsoft, {4, 8}, {"x", "w"}, 1},
                        {"Attention", microsoft, {4, 12}, {"x", "w", "b"}, 1},
                        {"Gemm", none, {8, 4}, {"w", "x"}, 0},
                        {"Gemm", none, {4, 8}, {"w", "x"}, 1, {{"transA", yes}}},
                        {"DeformConv", none, {8, 4, 3, 3}, {"x", "w", "o"}, 0},
                        {"Einsum", none, {4, 8}, {"x", "w"}, 1, equation("bi,ij->bj")},
                        {"Einsum", none, {8, 4}, {"x", "w"}, 0, equation("bi,ji->bj")},
                        {"Einsum", none, {4, 2, 8}, {"x", "w"}, 2, equation("bti,ihd->bthd")},
                        {"Einsum", none, {8, 4}, {"w", "x"}, 0, equation("oi,...i->...o")},
                        {"Einsum", none, {2, 4, 8}, {"x", "w"}, 2, equation("...i,...io")},
                        {"Gather", none, {100, 4, 2}, {"w", "x"}, 0},
                        {"Gather", none, {4, 100}, {"w", "x"}, 1, {{"axis", yes}}}}) {
    ModelBuilder b;
    b.input("x").input("o").constant("w", counting(way.shape)).constant("b", counting({8}));
    Node& node = b.node(way.op, way.inputs, {"y"}, "n");
    node.domain = way.domain;
    node.attributes = way.attributes;
    const auto layers = findLayers(b.graph);
    ASSERT_EQ(layers.size(), 1u) << way.op;
    EXPECT_EQ(layers[0].shape, way.shape) << way.op;
    EXPECT_EQ(layers[0].channelAxis, way.channelAxis) << way.op << " " << toText(way.shape);
    EXPECT_EQ(layers[0].bias, way.inputs.size() > 2 && way.inputs[2] == "b" ? b.value("b") : ValueId{});
  }
}

}  // namespace
}  // namespace lapidary::core::testing
