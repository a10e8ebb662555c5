// SPDX-License-Identifier: GPL-3.0-or-later
// Resize and Upsample: one pass an axis, each position a weighted sum of old ones.
#include "core/ops/resize/resize.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/ops/axes.h"
#include "core/ops/checks.h"
#include "core/ops/dtype_dispatch.h"
#include "core/ops/families.h"
#include "core/ops/resize/resize_pass.h"
#include "core/ops/resize/resize_taps.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

ResizeMode modeOf(const Node& node) {
  const std::string mode = node.textOr("mode", "nearest");
  if (mode == "nearest") return ResizeMode::Nearest;
  if (mode == "linear" || mode == "bilinear") return ResizeMode::Linear;
  if (mode == "cubic") return ResizeMode::Cubic;
  failAttribute("mode", "is '" + mode + "'");
}

/// Upsample and Resize of opset 10 take x / scale and round down.
ResizeRule ruleOf(const Node& node, std::int64_t opset) {
  ResizeRule rule;
  rule.mode = modeOf(node);
  if (node.opType == "Upsample" || opset < 11) {
    rule.coordinates = "asymmetric";
    rule.nearest = "floor";
    return rule;
  }
  rule.coordinates = node.textOr("coordinate_transformation_mode", "half_pixel");
  rule.nearest = node.textOr("nearest_mode", "round_prefer_floor");
  rule.cubicA = static_cast<double>(node.floatOr("cubic_coeff_a", -0.75f));
  rule.excludeOutside = node.intOr("exclude_outside", 0) != 0;
  rule.antialias = node.intOr("antialias", 0) != 0;
  return rule;
}

/// Reads the inputs of either kind of call.
struct Arguments {
  std::vector<std::size_t> axes;
  std::vector<double> roi, scales;
  std::vector<std::int64_t> sizes;
};

std::vector<double> numbersOf(const Tensor& tensor) {
  if (!tensor.defined()) return {};
  const Tensor wide = convert(tensor, DType::Float64);
  return {wide.as<double>().begin(), wide.as<double>().end()};
}

/// Upsample before opset 9; before opset 7 images only, by height and width.
std::vector<double> scalesAttribute(const Node& node, std::int64_t opset) {
  if (opset < 7)
    return {1, 1, static_cast<double>(node.floatOr("height_scale", 0)),
            static_cast<double>(node.floatOr("width_scale", 0))};
  const auto* scales = node.find<std::vector<float>>("scales");
  if (!scales) failAttribute("scales", "is missing");
  return {scales->begin(), scales->end()};
}

Arguments argumentsOf(const Node& node, std::int64_t opset, std::span<const Tensor> inputs) {
  Arguments given;
  const auto at = [&](std::size_t i) { return i < inputs.size() ? inputs[i] : Tensor(); };
  std::vector<std::int64_t> axes(inputs[0].rank());
  std::iota(axes.begin(), axes.end(), 0);
  given.axes = axesOf(node.intsOr("axes", axes), axes.size());
  if (node.opType == "Upsample" && opset < 9) {
    given.scales = scalesAttribute(node, opset);
  } else if (node.opType == "Upsample" || opset < 11) {
    given.scales = numbersOf(at(1));
  } else {
    given.roi = numbersOf(at(1));
    given.scales = numbersOf(at(2));
    if (at(3).defined()) given.sizes = toInt64(at(3));
  }
  const std::size_t count = given.axes.size();
  if (given.sizes.empty() == given.scales.empty() && count > 0)
    throw Error(ErrorKind::InvalidInput, "either scales or sizes must be given");
  if (!given.sizes.empty() && given.sizes.size() != count)
    failInput(
        3, "sizes",
        "holds " + std::to_string(given.sizes.size()) + " values, " + std::to_string(count) + " expected");
  if (!given.scales.empty() && given.scales.size() != count)
    failInput(
        2, "scales",
        "holds " + std::to_string(given.scales.size()) + " values, " + std::to_string(count) + " expected");
  const bool needsRoi = node.textOr("coordinate_transformation_mode", "") == "tf_crop_and_resize";
  if (needsRoi && given.roi.size() != 2 * count)
    failInput(
        1, "roi",
        "holds " + std::to_string(given.roi.size()) + " values, " + std::to_string(2 * count) + " expected");
  return given;
}

/// keep_aspect_ratio_policy: one scale for all axes, the smallest or largest that was asked for.
void keepAspect(const Node& node, const Shape& shape, Arguments& given) {
  const std::string policy = node.textOr("keep_aspect_ratio_policy", "stretch");
  if (policy == "stretch" || given.sizes.empty()) return;
  const bool smaller = policy == "not_larger";
  if (!smaller && policy != "not_smaller") failAttribute("keep_aspect_ratio_policy", "is '" + policy + "'");
  double scale = smaller ? std::numeric_limits<double>::max() : 0;
  for (std::size_t i = 0; i < given.axes.size(); ++i) {
    const double wanted = static_cast<double>(given.sizes[i]) / static_cast<double>(shape[given.axes[i]]);
    scale = smaller ? std::min(scale, wanted) : std::max(scale, wanted);
  }
  for (std::size_t i = 0; i < given.axes.size(); ++i)
    given.sizes[i] = std::llround(scale * static_cast<double>(shape[given.axes[i]]));
  given.scales.assign(given.axes.size(), scale);
}

std::int64_t scaledSize(std::int64_t size, double scale) {
  const double result = std::floor(static_cast<double>(size) * scale);
  if (!(scale > 0) || !(result <= static_cast<double>(std::int64_t{1} << 31)))
    failInput(2, "scales", "holds " + std::to_string(scale));
  return static_cast<std::int64_t>(result);
}

struct Pass {
  std::size_t axis;
  AxisTaps taps;
};

/// The axes that change, and the shape that comes of it.
struct ResizePlan {
  Shape shape;
  std::vector<Pass> passes;
};

ResizePlan planOf(const Node& node, std::int64_t opset, std::span<const Tensor> inputs) {
  if (inputs.empty() || !inputs[0].defined()) failInput(0, "X", "is missing");
  const Shape& shape = inputs[0].shape();
  const ResizeRule rule = ruleOf(node, opset);
  Arguments given = argumentsOf(node, opset, inputs);
  keepAspect(node, shape, given);
  ResizePlan plan{shape, {}};
  std::vector<ResizeAxis> changes;
  const std::size_t count = given.axes.size();
  for (std::size_t i = 0; i < count; ++i) {
    ResizeAxis axis;
    axis.from = shape[given.axes[i]];
    if (axis.from == 0) failInput(0, "X", "is empty along a resized axis");
    axis.to = given.sizes.empty() ? scaledSize(axis.from, given.scales[i]) : given.sizes[i];
    axis.scale = given.scales.empty() ? static_cast<double>(axis.to) / static_cast<double>(axis.from)
                                      : given.scales[i];
    if (given.roi.size() == 2 * count) {
      axis.roiStart = given.roi[i];
      axis.roiEnd = given.roi[i + count];
    }
    plan.shape[given.axes[i]] = axis.to;
    changes.push_back(axis);
  }
  checkedShape(plan.shape);
  const bool crops = rule.coordinates == "tf_crop_and_resize";
  for (std::size_t i = 0; i < count; ++i)
    if (changes[i].from != changes[i].to || changes[i].scale != 1 || crops)
      plan.passes.push_back({given.axes[i], tapsOf(rule, changes[i])});
  return plan;
}

template <class T>
Tensor runPasses(Tensor data, const ResizePlan& plan, T outside) {
  for (const Pass& pass : plan.passes) {
    const Lines lines = linesAlong(data.shape(), pass.axis);
    Shape shape = data.shape();
    shape[pass.axis] = static_cast<std::int64_t>(pass.taps.size());
    TensorBuilder out(data.dtype(), checkedShape(std::move(shape)));
    resizeAxis(data.as<T>().data(), out.as<T>().data(), lines, pass.taps, outside);
    data = std::move(out).build();
  }
  return data;
}

/// The adjoint of one pass.
Tensor undoPass(const Tensor& gradient, const Pass& pass, std::int64_t length) {
  Shape shape = gradient.shape();
  shape[pass.axis] = length;
  const Lines lines = linesAlong(shape, pass.axis);
  TensorBuilder out = zeros(shape);
  const float* from = gradient.as<float>().data();
  float* to = out.as<float>().data();
  for (std::int64_t o = 0; o < lines.outer; ++o, to += length * lines.inner)
    for (const std::vector<Tap>& position : pass.taps) {
      for (const Tap& tap : position)
        for (std::int64_t i = 0; i < lines.inner; ++i)
          to[tap.source * lines.inner + i] += static_cast<float>(tap.weight) * from[i];
      from += lines.inner;
    }
  return std::move(out).build();
}

std::vector<Activation> resize(const OpCall& call) {
  std::vector<Tensor> inputs;
  for (std::size_t i = 0; i < call.inputs.size(); ++i)
    inputs.push_back(call.has(i) ? call.input(i) : Tensor());
  const ResizePlan plan = planOf(call.node, call.opset, inputs);
  const Tensor& data = inputs[0];
  const float outside = call.node.floatOr("extrapolation_value", 0.0f);
  if (computeType(data.dtype()) == DType::Float32)
    return oneOutput(convert(runPasses<float>(toFloat32(data), plan, outside), data.dtype()));
  const Tensor wide = convert(data, DType::Float64);
  return oneOutput(convert(runPasses<double>(wide, plan, static_cast<double>(outside)), data.dtype()));
}

std::vector<Tensor> resizeBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const ResizePlan plan = planOf(call.node, call.opset, call.inputs);
  Tensor gradient = call.outputGradients[0];
  for (auto pass = plan.passes.rbegin(); pass != plan.passes.rend(); ++pass)
    gradient = undoPass(gradient, *pass, call.inputs[0].shape()[pass->axis]);
  return gradientOf(call, 0, gradient);
}

constexpr Op resizeRows[] = {
    {"", "Resize", resize, resizeBackward},
    {"", "Upsample", resize, resizeBackward},
};

}  // namespace

std::span<const Op> resizeOps() {
  static const std::vector<Op> all = joinOps({resizeRows, depthSpaceOps()});
  return all;
}

}  // namespace lapidary::core
