// SPDX-License-Identifier: GPL-3.0-or-later
// The changes in ONNX's standard operators from opset 7 to 21 (onnx/docs/Changelog.md), as rewrites.
#include <algorithm>
#include <array>
#include <limits>

#include "core/io/onnx/onnx_upgrade_step.h"

namespace lapidary::core {
namespace {

Tensor floatScalar(float value, DType type) { return convert(Tensor::scalar(value), type); }

Tensor ints(std::initializer_list<std::int64_t> values) {
  return Tensor::from<std::int64_t>({static_cast<std::int64_t>(values.size())}, values);
}

std::string removed(NodeRewrite&, Node&) {
  return "is an experimental operator that newer opsets do not have";
}

std::string axesToInput(NodeRewrite& rewrite, Node& node) {
  rewrite.intsToInput(node, "axes", 1);
  return done();
}

std::string batchNorm9(NodeRewrite&, Node& node) {
  if (node.intOr("spatial", 1) == 0) return "normalises every position by itself (spatial = 0)";
  node.attributes.erase("spatial");
  return done();
}

std::string batchNorm14(NodeRewrite& rewrite, Node& node) {
  for (std::size_t i = 1; i < node.outputs.size(); ++i)
    if (rewrite.isRead(node.outputs[i])) return "gives out its running statistics";
  node.outputs.resize(1);
  return done();
}

std::string clip11(NodeRewrite& rewrite, Node& node) {
  const DType type = rewrite.floatTypeOf(node.inputs[0]);
  const float* low = node.find<float>("min");
  const float* high = node.find<float>("max");
  if (low) rewrite.setInput(node, 1, "min", floatScalar(*low, type));
  if (high) rewrite.setInput(node, 2, "max", floatScalar(*high, type));
  node.attributes.erase("min");
  node.attributes.erase("max");
  return done();
}

/// Inference passes everything through: the ratio only matters in training, which has an input of its own
/// since.
std::string dropout12(NodeRewrite&, Node& node) {
  node.attributes.erase("ratio");
  return done();
}

std::string pad11(NodeRewrite& rewrite, Node& node) {
  rewrite.intsToInput(node, "pads", 1);
  if (const float* value = node.find<float>("value"); value && *value != 0.0f)
    rewrite.setInput(node, 2, "value", floatScalar(*value, rewrite.floatTypeOf(node.inputs[0])));
  node.attributes.erase("value");
  return done();
}

std::string slice10(NodeRewrite& rewrite, Node& node) {
  rewrite.intsToInput(node, "starts", 1);
  rewrite.intsToInput(node, "ends", 2);
  rewrite.intsToInput(node, "axes", 3);
  return done();
}

std::string topK10(NodeRewrite& rewrite, Node& node) {
  rewrite.intsToInput(node, "k", 1);
  return done();
}

std::string split13(NodeRewrite& rewrite, Node& node) {
  rewrite.intsToInput(node, "split", 1);
  return done();
}

std::string split18(NodeRewrite&, Node& node) {
  if (node.inputs.size() < 2 || !node.inputs[1].valid())
    node.attributes["num_outputs"] = static_cast<std::int64_t>(node.outputs.size());
  return done();
}

std::string scatter11(NodeRewrite&, Node& node) {
  node.opType = "ScatterElements";
  return done();
}

std::string scan9(NodeRewrite&, Node&) { return "runs over batches as no newer opset does"; }

std::string upsample9(NodeRewrite& rewrite, Node& node) {
  const auto* scales = node.find<std::vector<float>>("scales");
  if (scales == nullptr) return "has no scales";
  rewrite.setInput(node, 1, "scales",
                   Tensor::from<float>({static_cast<std::int64_t>(scales->size())}, *scales));
  node.attributes.erase("scales");
  return done();
}

std::string upsample10(NodeRewrite&, Node& node) {
  node.opType = "Resize";
  return done();
}

/// Until opset 10 output pixel i reads input i / scale; the nearest one is the pixel below when
/// growing, the one above when shrinking (as ONNX Runtime has it: the specification left it open).
std::string resize11(NodeRewrite& rewrite, Node& node) {
  if (node.inputs.size() < 2) return "has no scales";
  const auto scales = rewrite.graph().initializers.find(node.inputs[1]);
  bool shrinks = false;
  if (scales != rewrite.graph().initializers.end() && scales->second.dtype() == DType::Float32)
    shrinks = std::ranges::any_of(scales->second.as<float>(), [](float s) { return s < 1.0f; });
  node.inputs = {node.inputs[0], ValueId{}, node.inputs[1]};
  node.attributes["coordinate_transformation_mode"] = std::string("asymmetric");
  if (node.textOr("mode", "nearest") == "nearest")
    node.attributes["nearest_mode"] = std::string(shrinks ? "ceil" : "floor");
  return done();
}

/// Before opset 13 everything from `axis` on counted as one axis; now only `axis` itself does.
std::string softmax13(NodeRewrite& rewrite, Node& node) {
  const std::int64_t axis = node.intOr("axis", 1);
  const ValueId input = node.inputs[0], output = node.outputs[0];
  const auto& shape = rewrite.graph().value(input).shape;
  node.attributes["axis"] = std::int64_t{-1};
  if (axis == -1 || (shape && axis == static_cast<std::int64_t>(shape->size()) - 1)) return done();
  const ValueId flat = rewrite.value(node, "flat"), soft = rewrite.value(node, "rows"),
                size = rewrite.value(node, "shape");
  rewrite.before({"", "Flatten", "", {input}, {flat}, {{"axis", axis}}});
  rewrite.after({"", "Shape", "", {input}, {size}, {}});
  rewrite.after({"", "Reshape", "", {soft, size}, {output}, {}});
  node.inputs[0] = flat;
  node.outputs[0] = soft;
  return done();
}

std::string roiAlign16(NodeRewrite&, Node& node) {
  node.attributes["coordinate_transformation_mode"] = std::string("output_half_pixel");
  return done();
}

std::string gridSample20(NodeRewrite&, Node& node) {
  const std::string mode = node.textOr("mode", "bilinear");
  if (mode == "bilinear") node.attributes["mode"] = std::string("linear");
  if (mode == "bicubic") node.attributes["mode"] = std::string("cubic");
  return done();
}

std::string dft20(NodeRewrite& rewrite, Node& node) {
  rewrite.setInput(node, 2, "axis", Tensor::scalar<std::int64_t>(node.intOr("axis", 1)));
  node.attributes.erase("axis");
  return done();
}

/// scale and bias had one value per group and now have one per channel: each is repeated.
std::string groupNorm21(NodeRewrite& rewrite, Node& node) {
  if (node.inputs.size() < 3) return "has no scale and bias";
  const std::int64_t groups = node.intOr("num_groups", 1);
  const ValueId channels = rewrite.value(node, "channels"), each = rewrite.value(node, "per_group");
  const ValueId grid = rewrite.value(node, "grid");
  const ValueId count = rewrite.constant(node, "groups", ints({groups}));
  const ValueId column = rewrite.constant(node, "column", ints({groups, 1})),
                flat = rewrite.constant(node, "flat", ints({-1}));
  const std::int64_t first = 1, second = 2, axis = 0;
  rewrite.before({"", "Shape", "", {node.inputs[0]}, {channels}, {{"start", first}, {"end", second}}});
  rewrite.before({"", "Div", "", {channels, count}, {each}, {}});
  rewrite.before({"", "Concat", "", {count, each}, {grid}, {{"axis", axis}}});
  for (const std::size_t i : {1u, 2u}) {
    const ValueId tall = rewrite.value(node, "tall"), wide = rewrite.value(node, "wide"),
                  all = rewrite.value(node, "all");
    rewrite.before({"", "Reshape", "", {node.inputs[i], column}, {tall}, {}});
    rewrite.before({"", "Expand", "", {tall, grid}, {wide}, {}});
    rewrite.before({"", "Reshape", "", {wide, flat}, {all}, {}});
    node.inputs[i] = all;
  }
  return done();
}

constexpr auto newSteps = std::to_array<UpgradeStep>({
    {"ATen", 9, removed},
    {"Affine", 9, removed},
    {"BatchNormalization", 9, batchNorm9},
    {"BatchNormalization", 14, batchNorm14},
    {"Clip", 11, clip11},
    {"Crop", 9, removed},
    {"DFT", 20, dft20},
    {"Dropout", 12, dropout12},
    {"DynamicSlice", 9, removed},
    {"GRUUnit", 9, removed},
    {"GivenTensorFill", 9, removed},
    {"GridSample", 20, gridSample20},
    {"GroupNormalization", 21, groupNorm21},
    {"Hardmax", 13, softmax13},
    {"ImageScaler", 9, removed},
    {"LogSoftmax", 13, softmax13},
    {"Pad", 11, pad11},
    {"ParametricSoftplus", 9, removed},
    {"ReduceL1", 18, axesToInput},
    {"ReduceL2", 18, axesToInput},
    {"ReduceLogSum", 18, axesToInput},
    {"ReduceLogSumExp", 18, axesToInput},
    {"ReduceMax", 18, axesToInput},
    {"ReduceMean", 18, axesToInput},
    {"ReduceMin", 18, axesToInput},
    {"ReduceProd", 18, axesToInput},
    {"ReduceSum", 13, axesToInput},
    {"ReduceSumSquare", 18, axesToInput},
    {"RoiAlign", 16, roiAlign16},
    {"Scale", 9, removed},
    {"ScaledTanh", 9, removed},
    {"Scan", 9, scan9},
    {"Scatter", 11, scatter11},
    {"Slice", 10, slice10},
    {"Softmax", 13, softmax13},
    {"Split", 13, split13},
    {"Split", 18, split18},
    {"Squeeze", 13, axesToInput},
    {"TopK", 10, topK10},
    {"Unsqueeze", 13, axesToInput},
    {"Upsample", 9, upsample9},
    {"Upsample", 10, upsample10},
    {"Resize", 11, resize11},  // after Upsample, which becomes Resize
});

}  // namespace

std::span<const UpgradeStep> upgradeSteps() { return newSteps; }

}  // namespace lapidary::core
