// SPDX-License-Identifier: GPL-3.0-or-later
// Which nodes of a written graph are named because no rule of what was tried covers them.
#include "core/io/onnx/runtime_rules.h"

#include <gmock/gmock.h>

#include "core/compress/cut/cutter.h"
#include "tests/core/io/onnx/onnx_builder.h"
#include "tests/core/run/graph_building.h"

namespace lapidary::core::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Model finished(GraphBuilder& b) {
  Model model = b.model();
  model.layers = findLayers(*model.graph);
  return model;
}

ValueId dequantized(GraphBuilder& b, const Tensor& codes, std::int64_t axis = 1) {
  const std::int64_t count = codes.shape()[static_cast<std::size_t>(axis)];
  const std::vector<float> steps(static_cast<std::size_t>(count), 0.01f);
  return b.node("DequantizeLinear",
                {b.weight("q", codes), b.weight("s", Tensor::from<float>({count}, steps))}, {{"axis", axis}});
}

Tensor bytes() { return convert(randomTensor({4, 4}, 1, 100), DType::Int8); }

std::vector<std::pair<std::string, Unproved>> found(GraphBuilder& b) {
  std::vector<std::pair<std::string, Unproved>> found;
  for (const UnprovedNode& node : unprovedNodes(finished(b))) found.emplace_back(node.opType, node.why);
  return found;
}

TEST(RuntimeRules, ProductsBesideABareDequantizeLinearAreRewritten) {
  for (const bool guarded : {false, true}) {
    GraphBuilder b;
    const ValueId x = b.input("x", {2, 4}), w = dequantized(b, bytes());
    b.output(b.node("MatMul", {x, guarded ? b.node("Sum", {w}) : w}));
    if (guarded)
      EXPECT_THAT(found(b), IsEmpty());
    else
      EXPECT_THAT(found(b), ElementsAre(std::pair("DequantizeLinear", Unproved::Rewrite)));
  }
}

/// What the writer makes of the same is covered: the rules and the writer are of one mind.
TEST(RuntimeRules, NothingIsLeftToSayOfWhatTheWriterWrote) {
  GraphBuilder b;
  const ValueId x = b.input("x", {2, 4}), w = dequantized(b, bytes());
  b.output(b.node("MatMul", {x, w}));
  EXPECT_THAT(unprovedNodes(reread(finished(b))), IsEmpty());
}

TEST(RuntimeRules, OperatorsThatWereNotTriedAreNamed) {
  GraphBuilder b;
  const ValueId x = b.input("x", {1, 2, 6, 6}), offsets = b.input("offsets", {1, 18, 4, 4});
  b.output(b.node("DeformConv", {x, b.weight("w", randomTensor({3, 2, 3, 3}, 1)), offsets}));
  const Model model = finished(b);
  ASSERT_EQ(model.layers.size(), 1u);
  EXPECT_THAT(unprovedNodes(model),
              ElementsAre(UnprovedNode{"DeformConv_0", "DeformConv", Unproved::Operator}));
}

TEST(RuntimeRules, LayoutsOfCodesThatWereNotTriedAreNamedAndThoseOfFloatsAreNot) {
  for (const bool coded : {true, false}) {
    GraphBuilder b;
    const ValueId x = b.input("x", {2, 4});
    const ValueId w =
        coded ? b.node("Sum", {dequantized(b, bytes())}) : b.weight("w", randomTensor({4, 4}, 1));
    b.output(b.node("MatMul", {x, b.node("Neg", {w})}));
    if (coded)
      EXPECT_THAT(found(b), ElementsAre(std::pair("MatMul", Unproved::Layout)));
    else
      EXPECT_THAT(found(b), IsEmpty());
  }
}

/// y = MatMul(codes of x, w) with a zero point of this value and type.
template <class Zero>
std::vector<std::pair<std::string, Unproved>> besideCodes(Zero zero, const std::string& op) {
  GraphBuilder b(21);
  const ValueId x = b.input("x", {2, 4}), s = b.weight("xs", Tensor::scalar(0.1f)),
                z = b.weight("xz", Tensor::scalar(zero));
  const ValueId codes = b.node("DequantizeLinear", {b.node("QuantizeLinear", {x, s, z}), s, z});
  b.output(op == "Gemm" ? b.node(op, {codes, b.node("Sum", {b.weight("w", randomTensor({4, 4}, 1))})})
                        : b.node(op, {codes}));
  return found(b);
}

TEST(RuntimeRules, CodesOfActivationsThatWereNotTriedAreNamed) {
  EXPECT_THAT(besideCodes<std::uint8_t>(128, "Relu"), IsEmpty());
  EXPECT_THAT(besideCodes<std::int8_t>(0, "Relu"), IsEmpty());
  EXPECT_THAT(besideCodes<std::int16_t>(0, "Relu"), ElementsAre(std::pair("Relu", Unproved::Activations)));
  EXPECT_THAT(besideCodes<std::uint8_t>(128, "Softmax"),
              ElementsAre(std::pair("Softmax", Unproved::Activations)));
  EXPECT_THAT(besideCodes<std::uint8_t>(128, "Gemm"), ElementsAre(std::pair("Gemm", Unproved::Rewrite)))
      << "floating-point weights beside codes";
}

/// A kernel takes scales of whatever axis for those of the outputs.
TEST(RuntimeRules, ScalesOfInputsBesideCodesAreRewritten) {
  for (const std::int64_t axis : {0, 1}) {
    GraphBuilder b;
    const ValueId x = b.input("x", {2, 4}), s = b.weight("xs", Tensor::scalar(0.1f)),
                  z = b.weight("xz", Tensor::scalar(std::uint8_t{128}));
    const ValueId codes = b.node("DequantizeLinear", {b.node("QuantizeLinear", {x, s, z}), s, z});
    b.output(b.node("MatMul", {codes, dequantized(b, bytes(), axis)}));
    if (axis == 1)
      EXPECT_THAT(found(b), IsEmpty());
    else
      EXPECT_THAT(found(b), ElementsAre(std::pair("DequantizeLinear", Unproved::Rewrite)));
  }
}

}  // namespace
}  // namespace lapidary::core::testing
