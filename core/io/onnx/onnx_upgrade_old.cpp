// SPDX-License-Identifier: GPL-3.0-or-later
// The changes in ONNX's standard operators up to opset 7 (onnx/docs/Changelog.md), as rewrites.
#include <algorithm>
#include <array>

#include "core/io/onnx/onnx_upgrade_step.h"
#include "core/model/element_codes.h"

namespace lapidary::core {
namespace {

Tensor intTensor(const std::vector<std::int64_t>& values) {
  return Tensor::from<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}

/// A hint about memory that may be written over.
std::string dropConsumed(NodeRewrite&, Node& node) {
  node.attributes.erase("consumed_inputs");
  return done();
}

std::string dropTest(NodeRewrite&, Node& node) {
  node.attributes.erase("is_test");
  return done();
}

std::string dropOutputSequence(NodeRewrite&, Node& node) {
  node.attributes.erase("output_sequence");
  return done();
}

/// Puts `count` axes of size 1 behind those of input 1: Reshape copies a dimension where it is told 0.
void appendAxes(NodeRewrite& rewrite, Node& node, std::size_t rank, std::size_t count) {
  if (count == 0) return;
  std::vector<std::int64_t> shape(rank, 0);
  shape.resize(rank + count, 1);
  const ValueId aligned = rewrite.value(node, "aligned");
  rewrite.before({"",
                  "Reshape",
                  "",
                  {node.inputs[1], rewrite.constant(node, "alignment", intTensor(shape))},
                  {aligned},
                  {}});
  node.inputs[1] = aligned;
}

/// The second operand began at `axis` of the first; now both end together.
std::string alignOperands(NodeRewrite& rewrite, Node& node) {
  const auto* given = node.find<std::int64_t>("axis");
  node.attributes.erase("broadcast");
  if (!given || node.inputs.size() < 2) {
    node.attributes.erase("axis");
    return done();
  }
  const auto first = rewrite.rankOf(node.inputs[0]), second = rewrite.rankOf(node.inputs[1]);
  if (!first || !second) return "joins operands of unknown rank at an axis";
  const auto rank = static_cast<std::int64_t>(*first);
  const std::int64_t axis = *given < 0 ? *given + rank : *given;
  const std::int64_t behind = rank - axis - static_cast<std::int64_t>(*second);
  if (axis < 0 || behind < 0) return "joins operands at an axis that does not fit them";
  appendAxes(rewrite, node, *second, static_cast<std::size_t>(behind));
  node.attributes.erase("axis");
  return done();
}

/// A vector held one slope a channel; now it lies along the last axis.
std::string alignSlope(NodeRewrite& rewrite, Node& node) {
  if (node.inputs.size() < 2) return "has no slope";
  const auto slope = rewrite.graph().initializers.find(node.inputs[1]);
  if (slope != rewrite.graph().initializers.end() && slope->second.size() == 1) return done();
  const auto rank = rewrite.rankOf(node.inputs[0]), own = rewrite.rankOf(node.inputs[1]);
  if (!rank || !own) return "has operands of unknown rank";
  if (*own == 1 && *rank > 2) appendAxes(rewrite, node, 1, *rank - 2);
  return done();
}

std::string gemm7(NodeRewrite&, Node& node) {
  node.attributes.erase("broadcast");
  return done();
}

std::string cast6(NodeRewrite&, Node& node) {
  const auto* name = node.find<std::string>("to");
  if (!name) return done();
  const auto code = codeOfName(*name);
  if (!code) return "casts to '" + *name + "'";
  node.attributes["to"] = *code;
  return done();
}

std::string concat4(NodeRewrite&, Node& node) {
  node.attributes.try_emplace("axis", std::int64_t{1});
  return done();
}

std::string reshape5(NodeRewrite& rewrite, Node& node) {
  rewrite.intsToInput(node, "shape", 1);
  return dropConsumed(rewrite, node);
}

/// How often and along which axis became how often along every axis.
std::string tile6(NodeRewrite& rewrite, Node& node) {
  if (node.inputs.size() < 3) return "has no count or axis";
  const auto& constants = rewrite.graph().initializers;
  const auto tiles = constants.find(node.inputs[1]), axis = constants.find(node.inputs[2]);
  const auto rank = rewrite.rankOf(node.inputs[0]);
  if (!rank || tiles == constants.end() || axis == constants.end())
    return "has a count or axis that is computed";
  const auto count = toInt64(convert(tiles->second, DType::Int64)),
             along = toInt64(convert(axis->second, DType::Int64));
  if (count.size() != 1 || along.size() != 1 || along[0] < 0 || along[0] >= static_cast<std::int64_t>(*rank))
    return "has an axis that does not fit";
  std::vector<std::int64_t> repeats(*rank, 1);
  repeats[static_cast<std::size_t>(along[0])] = count[0];
  node.inputs.resize(1);
  rewrite.setInput(node, 1, "repeats", intTensor(repeats));
  return done();
}

std::string pad2(NodeRewrite&, Node& node) {
  auto paddings = node.attributes.extract("paddings");
  if (paddings.empty()) return done();
  paddings.key() = "pads";
  node.attributes.insert(std::move(paddings));
  return done();
}

std::string split2(NodeRewrite& rewrite, Node& node) {
  if (node.inputs.size() < 2 || !node.inputs[1].valid()) return done();
  const auto lengths = rewrite.graph().initializers.find(node.inputs[1]);
  if (lengths == rewrite.graph().initializers.end()) return "has computed lengths";
  node.attributes["split"] = toInt64(convert(lengths->second, DType::Int64));
  node.inputs.resize(1);
  return done();
}

std::string lpPool2(NodeRewrite&, Node& node) {
  if (const auto* p = node.find<float>("p")) {
    const auto whole = static_cast<std::int64_t>(std::min(std::max(*p, 0.0f), 1e6f));
    if (static_cast<float>(whole) != *p) return "takes a norm that is not whole";
    node.attributes["p"] = whole;
  }
  return done();
}

std::string upsample7(NodeRewrite&, Node& node) {
  node.attributes["scales"] =
      std::vector<float>{1, 1, node.floatOr("height_scale", 1), node.floatOr("width_scale", 1)};
  node.attributes.erase("height_scale");
  node.attributes.erase("width_scale");
  return done();
}

/// The usual constants gained digits.
std::string selu6(NodeRewrite& rewrite, Node& node) {
  node.attributes.try_emplace("alpha", 1.6732f);
  node.attributes.try_emplace("gamma", 1.0507f);
  return dropConsumed(rewrite, node);
}

constexpr auto oldSteps = std::to_array<UpgradeStep>({
    {"Abs", 6, dropConsumed},
    {"Add", 6, dropConsumed},
    {"Add", 7, alignOperands},
    {"And", 7, alignOperands},
    {"BatchNormalization", 6, dropConsumed},
    {"BatchNormalization", 7, dropTest},
    {"Cast", 6, cast6},
    {"Ceil", 6, dropConsumed},
    {"Clip", 6, dropConsumed},
    {"Concat", 4, concat4},
    {"Div", 6, dropConsumed},
    {"Div", 7, alignOperands},
    {"Dropout", 6, dropConsumed},
    {"Dropout", 7, dropTest},
    {"Elu", 6, dropConsumed},
    {"Equal", 7, alignOperands},
    {"Exp", 6, dropConsumed},
    {"Floor", 6, dropConsumed},
    {"GRU", 7, dropOutputSequence},
    {"Gemm", 7, gemm7},
    {"GlobalLpPool", 2, lpPool2},
    {"Greater", 7, alignOperands},
    {"HardSigmoid", 6, dropConsumed},
    {"InstanceNormalization", 6, dropConsumed},
    {"LSTM", 7, dropOutputSequence},
    {"LeakyRelu", 6, dropConsumed},
    {"Less", 7, alignOperands},
    {"Log", 6, dropConsumed},
    {"LpPool", 2, lpPool2},
    {"Max", 6, dropConsumed},
    {"Mean", 6, dropConsumed},
    {"Min", 6, dropConsumed},
    {"Mul", 6, dropConsumed},
    {"Mul", 7, alignOperands},
    {"Neg", 6, dropConsumed},
    {"Or", 7, alignOperands},
    {"PRelu", 6, dropConsumed},
    {"PRelu", 7, alignSlope},
    {"Pad", 2, pad2},
    {"Pow", 7, alignOperands},
    {"RNN", 7, dropOutputSequence},
    {"Reciprocal", 6, dropConsumed},
    {"Relu", 6, dropConsumed},
    {"Reshape", 5, reshape5},
    {"Selu", 6, selu6},
    {"Sigmoid", 6, dropConsumed},
    {"Split", 2, split2},
    {"Sqrt", 6, dropConsumed},
    {"Sub", 6, dropConsumed},
    {"Sub", 7, alignOperands},
    {"Sum", 6, dropConsumed},
    {"Tanh", 6, dropConsumed},
    {"Tile", 6, tile6},
    {"Upsample", 7, upsample7},
    {"Xor", 7, alignOperands},
});

}  // namespace

std::span<const UpgradeStep> oldUpgradeSteps() { return oldSteps; }

}  // namespace lapidary::core
