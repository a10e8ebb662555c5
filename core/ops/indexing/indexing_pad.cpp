// SPDX-License-Identifier: GPL-3.0-or-later
// Pad in all its modes, and CenterCropPad.
#include <algorithm>

#include "core/ops/dtype_dispatch.h"
#include "core/ops/indexing/indexing.h"

namespace lapidary::core {
namespace {

enum class Mode { Constant, Reflect, Edge, Wrap };

Mode modeOf(const Node& node) {
  const std::string mode = node.textOr("mode", "constant");
  if (mode == "constant") return Mode::Constant;
  if (mode == "reflect") return Mode::Reflect;
  if (mode == "edge") return Mode::Edge;
  if (mode == "wrap") return Mode::Wrap;
  failAttribute("mode", "is '" + mode + "'");
}

/// Source of position `i`, which may lie outside [0, size); -1 for the constant.
std::int64_t sourceOf(std::int64_t i, std::int64_t size, Mode mode) {
  if (i >= 0 && i < size) return i;
  switch (mode) {
    case Mode::Constant:
      break;
    case Mode::Edge:
      return std::clamp<std::int64_t>(i, 0, size - 1);
    case Mode::Wrap:
      return (i % size + size) % size;
    case Mode::Reflect: {
      if (size == 1) return 0;
      const std::int64_t period = 2 * (size - 1);
      const std::int64_t within = (i % period + period) % period;
      return within < size ? within : period - within;
    }
  }
  return -1;
}

std::vector<std::int64_t> padMap(std::int64_t size, std::int64_t before, std::int64_t after, Mode mode) {
  constexpr std::int64_t limit = std::int64_t{1} << 31;
  if (std::max(std::abs(before), std::abs(after)) > limit)
    failInput(1, "pads", "is larger than a result may be");
  const std::int64_t length = size + before + after;
  if (length < 0)
    failInput(1, "pads", "takes more than the " + std::to_string(size) + " elements of an axis");
  constexpr std::int64_t longest = std::int64_t{1} << 28;  // of which the map alone takes 2 GiB
  if (length > longest) failInput(1, "pads", "makes an axis longer than 2^28");
  if (size == 0 && length > 0 && mode != Mode::Constant)
    failInput(0, "data", "is empty and has nothing to repeat");
  std::vector<std::int64_t> map(static_cast<std::size_t>(length));
  if (mode == Mode::Constant) {
    for (std::int64_t i = 0; i < length; ++i)
      map[static_cast<std::size_t>(i)] = sourceOf(i - before, size, mode);
    return map;
  }
  // What negative pads take away is gone before anything is repeated.
  const std::int64_t first = std::max<std::int64_t>(-before, 0), added = std::max<std::int64_t>(before, 0);
  const std::int64_t kept = size - first - std::max<std::int64_t>(-after, 0);
  if (kept < 1 && length > 0) failInput(1, "pads", "leaves nothing of an axis to repeat");
  for (std::int64_t i = 0; i < length; ++i)
    map[static_cast<std::size_t>(i)] = first + sourceOf(i - added, kept, mode);
  return map;
}

/// Attributes before opset 11, inputs since; axes (input 3) since 18.
template <class Call>
IndexMaps padMaps(const Call& call, const Shape& shape, bool hasAxes) {
  const auto pads = call.opset < 11 ? call.node.intsOr("pads", call.node.intsOr("paddings", {}))
                                    : integersOf(call, 1, "pads");
  std::vector<std::int64_t> axes(shape.size());
  for (std::size_t d = 0; d < shape.size(); ++d) axes[d] = static_cast<std::int64_t>(d);
  if (hasAxes) axes = integersOf(call, 3, "axes");
  const auto padded = axesOf(axes, shape.size());
  if (pads.size() != 2 * padded.size())
    throw Error(ErrorKind::InvalidInput, "pads has " + std::to_string(pads.size()) + " values, " +
                                             std::to_string(2 * padded.size()) + " expected");
  IndexMaps maps = identityMaps(shape);
  for (std::size_t i = 0; i < padded.size(); ++i)
    maps.axes[padded[i]] = padMap(shape[padded[i]], pads[i], pads[i + padded.size()], modeOf(call.node));
  return maps;
}

Tensor padValue(const OpCall& call, DType type) {
  if (call.opset < 11) return convert(Tensor::scalar(call.node.floatOr("value", 0.0f)), type);
  if (!call.has(2)) return {};
  const Tensor value = call.input(2);
  if (value.size() != 1)
    failInput(2, "constant_value", "holds " + std::to_string(value.size()) + " values, 1 expected");
  return convert(value, type);
}

std::vector<Activation> pad(const OpCall& call) {
  const Tensor data = call.input(0);
  return oneOutput(
      gatherByMaps(data, padMaps(call, data.shape(), call.has(3)), padValue(call, data.dtype())));
}

std::vector<Tensor> padBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Shape& shape = call.inputs[0].shape();
  const bool hasAxes = call.inputs.size() > 3 && call.inputs[3].defined();
  return gradientOf(call, 0, scatterByMaps(call.outputGradients[0], padMaps(call, shape, hasAxes), shape));
}

/// Crops or pads around the centre; an odd remainder goes behind.
template <class Call>
IndexMaps centerMaps(const Call& call, const Shape& shape) {
  const auto wanted = integersOf(call, 1, "shape");
  std::vector<std::int64_t> all = identityMap(static_cast<std::int64_t>(shape.size()));
  const auto axes = axesOf(call.node.intsOr("axes", std::move(all)), shape.size());
  if (axes.size() != wanted.size())
    failInput(
        1, "shape",
        "has " + std::to_string(wanted.size()) + " values for " + std::to_string(axes.size()) + " axes");
  IndexMaps maps = identityMaps(shape);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    checkedShape({wanted[i]});
    const std::int64_t missing = wanted[i] - shape[axes[i]];
    const std::int64_t before = missing >= 0 ? missing / 2 : -(-missing / 2);
    maps.axes[axes[i]] = padMap(shape[axes[i]], before, missing - before, Mode::Constant);
  }
  return maps;
}

std::vector<Activation> centerCropPad(const OpCall& call) {
  const Tensor data = call.input(0);
  return oneOutput(gatherByMaps(data, centerMaps(call, data.shape())));
}

std::vector<Tensor> centerCropPadBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Shape& shape = call.inputs[0].shape();
  return gradientOf(call, 0, scatterByMaps(call.outputGradients[0], centerMaps(call, shape), shape));
}

constexpr Op indexingPadRows[] = {
    {"", "Pad", pad, padBackward, moveCost},
    {"", "CenterCropPad", centerCropPad, centerCropPadBackward, moveCost},
};

}  // namespace

std::span<const Op> padOps() { return indexingPadRows; }

}  // namespace lapidary::core
