// SPDX-License-Identifier: GPL-3.0-or-later
// Slice, Concat, Split and Tile, and Crop and DynamicSlice of the first versions of ONNX.
#include <algorithm>
#include <cstring>

#include "core/ops/arithmetic/elementwise_blocked.h"
#include "core/ops/checks.h"
#include "core/ops/dtype_dispatch.h"
#include "core/ops/indexing/indexing.h"

namespace lapidary::core {
namespace {

struct SliceArguments {
  std::vector<std::int64_t> starts, ends, axes, steps;
};

/// Attributes before opset 10, inputs since.
template <class Call>
SliceArguments sliceArguments(const Call& call) {
  SliceArguments slice;
  const auto given = [&](std::size_t i) {
    if constexpr (std::is_same_v<Call, OpCall>)
      return call.has(i);
    else
      return i < call.inputs.size() && call.inputs[i].defined();
  };
  if (call.opset < 10) {
    slice = {call.node.intsOr("starts", {}), call.node.intsOr("ends", {}), call.node.intsOr("axes", {}), {}};
  } else {
    slice = {integersOf(call, 1, "starts"), integersOf(call, 2, "ends"), {}, {}};
    if (given(3)) slice.axes = integersOf(call, 3, "axes");
    if (given(4)) slice.steps = integersOf(call, 4, "steps");
  }
  if (slice.axes.empty())
    for (std::size_t d = 0; d < slice.starts.size(); ++d) slice.axes.push_back(static_cast<std::int64_t>(d));
  if (slice.steps.empty()) slice.steps.assign(slice.starts.size(), 1);
  const std::size_t count = slice.starts.size();
  if (slice.ends.size() != count || slice.axes.size() != count || slice.steps.size() != count)
    throw Error(ErrorKind::InvalidInput, "starts, ends, axes and steps of a slice differ in number");
  return slice;
}

/// Indices from start to end by step over an axis of `size`, as ONNX clamps them.
std::vector<std::int64_t> sliceMap(std::int64_t start, std::int64_t end, std::int64_t step,
                                   std::int64_t size) {
  if (step == 0) failInput(4, "steps", "holds a zero");
  if (start < 0) start = start < -size ? -1 : start + size;
  if (end < 0) end = end < -size ? -1 : end + size;
  std::vector<std::int64_t> map;
  if (step > 0) {
    start = std::clamp<std::int64_t>(start, 0, size);
    end = std::clamp<std::int64_t>(end, 0, size);
    for (std::int64_t i = start; i < end; i += std::min(step, end - i)) map.push_back(i);
  } else {
    start = std::clamp<std::int64_t>(start, -1, size - 1);
    end = std::clamp<std::int64_t>(end, -1, size - 1);
    for (std::int64_t i = start; i > end; i += std::max(step, end - i)) map.push_back(i);
  }
  return map;
}

IndexMaps sliceMaps(const SliceArguments& slice, const Shape& shape) {
  IndexMaps maps = identityMaps(shape);
  const auto axes = axesOf(slice.axes, shape.size());
  for (std::size_t i = 0; i < axes.size(); ++i)
    maps.axes[axes[i]] = sliceMap(slice.starts[i], slice.ends[i], slice.steps[i], shape[axes[i]]);
  return maps;
}

std::vector<Activation> slice(const OpCall& call) {
  const Tensor data = call.input(0);
  return oneOutput(gatherByMaps(data, sliceMaps(sliceArguments(call), data.shape())));
}

std::vector<Tensor> sliceBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Shape& shape = call.inputs[0].shape();
  return gradientOf(call, 0,
                    scatterByMaps(call.outputGradients[0], sliceMaps(sliceArguments(call), shape), shape));
}

/// What Slice is since opset 10 was an operator of its own before.
OpCall asSlice(const OpCall& call) {
  OpCall slice = call;
  slice.opset = 10;
  return slice;
}
BackwardCall asSlice(const BackwardCall& call) {
  BackwardCall slice = call;
  slice.opset = 10;
  return slice;
}

std::vector<Activation> dynamicSlice(const OpCall& call) { return slice(asSlice(call)); }
std::vector<Tensor> dynamicSliceBackward(const BackwardCall& call) { return sliceBackward(asSlice(call)); }

/// What lies between the borders (left, top, right, bottom) of an image, or `scale` rows and columns from the
/// first two.
IndexMaps cropMaps(const Node& node, const Shape& shape) {
  if (shape.size() != 4) failInput(0, "input", "has shape " + toText(shape) + ", 4 dimensions were expected");
  const auto border = node.intsOr("border", {}), scale = node.intsOr("scale", {});
  if (border.size() != 4)
    failAttribute("border", "holds " + std::to_string(border.size()) + " numbers, 4 expected");
  if (!scale.empty() && scale.size() != 2)
    failAttribute("scale", "holds " + std::to_string(scale.size()) + " numbers");
  IndexMaps maps = identityMaps(shape);
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {  // rows, then columns
    const std::int64_t size = shape[2 + i], first = border[1 - i];
    const std::int64_t end = scale.empty() ? size - border[3 - i] : first + scale[i];
    if (first < 0 || end <= first || end > size)
      failAttribute("border", "leaves nothing, or more than there is, of " + toText(shape));
    maps.axes[2 + i] = identityMap(end - first);
    for (std::int64_t& index : maps.axes[2 + i]) index += first;
  }
  return maps;
}

std::vector<Activation> crop(const OpCall& call) {
  const Tensor data = call.input(0);
  return oneOutput(gatherByMaps(data, cropMaps(call.node, data.shape())));
}

std::vector<Tensor> cropBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Shape& shape = call.inputs[0].shape();
  return gradientOf(call, 0, scatterByMaps(call.outputGradients[0], cropMaps(call.node, shape), shape));
}

/// The part [from, from + length) of an axis.
Tensor part(const Tensor& data, std::size_t axis, std::int64_t from, std::int64_t length) {
  IndexMaps maps = identityMaps(data.shape());
  maps.axes[axis] = identityMap(length);
  for (std::int64_t& index : maps.axes[axis]) index += from;
  return gatherByMaps(data, maps);
}

/// The common shape of a concatenation; throws Error naming an input that does not fit.
Shape concatShape(const OpCall& call, std::size_t axis) {
  Shape shape = call.inputs[0].shape;
  for (std::size_t i = 1; i < call.inputs.size(); ++i) {
    if (!call.has(i)) failInput(i, "inputs", "is missing");
    Shape other = call.inputs[i].shape;
    if (other.size() != shape.size())
      failInput(i, "inputs", "has shape " + toText(other) + " beside " + toText(shape));
    shape[axis] += std::exchange(other[axis], shape[axis]);
    other[axis] = shape[axis];
    if (other != shape)
      failInput(i, "inputs",
                "has shape " + toText(call.inputs[i].shape) + ", which does not fit the others off axis " +
                    std::to_string(axis));
    if (call.inputs[i].dtype != call.inputs[0].dtype)
      failInput(i, "inputs", "differs in element type from the first");
  }
  return checkedShape(std::move(shape));
}

/// Puts the lines of a tensor side by side with those of others; `at` is where its bytes start in a line.
void writeLines(const Tensor& from, std::size_t axis, std::span<std::byte> to, std::size_t at,
                std::int64_t outer) {
  if (from.size() == 0) return;
  const std::size_t line =
      from.bytes().size() / static_cast<std::size_t>(linesAlong(from.shape(), axis).outer);
  const std::size_t stride = to.size() / static_cast<std::size_t>(outer);
  for (std::size_t i = 0; i < static_cast<std::size_t>(outer); ++i)
    std::memcpy(to.data() + i * stride + at, from.bytes().data() + i * line, line);
}

Tensor joined(std::span<const Tensor> parts, const Shape& shape, std::size_t axis) {
  TensorBuilder out(parts[0].dtype(), shape);
  const std::int64_t outer = product(shape, 0, axis);
  std::size_t at = 0;
  for (const Tensor& part : parts) {
    writeLines(part, axis, out.bytes(), at, outer);
    if (outer > 0) at += part.bytes().size() / static_cast<std::size_t>(outer);
  }
  return std::move(out).build();
}

std::vector<Activation> concat(const OpCall& call) {
  if (!call.has(0)) failInput(0, "inputs", "is missing");
  const std::size_t axis = axisOf(call.node.intOr("axis", 1), call.inputs[0].shape.size());
  const Shape shape = concatShape(call, axis);
  if (auto blocked = blockedConcat(call.inputs, axis)) return oneOutput(*blocked);
  const DType type = call.inputs[0].dtype;
  std::vector<Tensor> parts;
  for (std::size_t i = 0; i < call.inputs.size(); ++i)
    parts.push_back(bitsOf(type) < 8 ? convert(call.input(i), DType::Int8) : call.input(i));
  return oneOutput(convert(joined(parts, shape, axis), type));
}

std::vector<Tensor> concatBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  const std::size_t axis = axisOf(call.node.intOr("axis", 1), call.inputs[0].rank());
  std::int64_t from = 0;
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    const std::int64_t length = call.inputs[i].shape()[axis];
    if (flowsTo(call, i)) gradients[i] = part(call.outputGradients[0], axis, from, length);
    from += length;
  }
  return gradients;
}

/// Equal parts, the last one smaller where they do not divide.
std::vector<std::int64_t> evenParts(std::int64_t size, std::int64_t count) {
  if (count < 1)
    throw Error(ErrorKind::InvalidInput, "an axis cannot be split into " + std::to_string(count) + " parts");
  const std::int64_t each = size / count + (size % count != 0);
  std::vector<std::int64_t> lengths(static_cast<std::size_t>(count));
  for (std::int64_t& length : lengths) {
    length = std::min(each, size);
    size -= length;
  }
  return lengths;
}

std::vector<std::int64_t> splitLengths(const OpCall& call, std::int64_t size) {
  std::vector<std::int64_t> lengths = call.node.intsOr("split", {});
  if (call.opset < 2 && call.has(1)) lengths = integersOf(call, 1, "split");
  if (call.opset >= 13) lengths = call.has(1) ? integersOf(call, 1, "split") : std::vector<std::int64_t>{};
  if (lengths.empty()) {
    const auto outputs = static_cast<std::int64_t>(call.node.outputs.size());
    return evenParts(size, call.node.intOr("num_outputs", outputs));
  }
  std::int64_t sum = 0;
  for (const std::int64_t length : lengths) {
    if (length < 0 || length > size - sum)
      failInput(1, "split", "does not add up to " + std::to_string(size));
    sum += length;
  }
  if (sum != size) failInput(1, "split", "does not add up to " + std::to_string(size));
  return lengths;
}

std::vector<Activation> split(const OpCall& call) {
  const Tensor data = call.input(0);
  const std::size_t axis = axisOf(call.node.intOr("axis", 0), data.rank());
  const auto lengths = splitLengths(call, data.shape()[axis]);
  if (lengths.size() < call.node.outputs.size())
    throw Error(ErrorKind::InvalidInput, std::to_string(call.node.outputs.size()) + " outputs for " +
                                             std::to_string(lengths.size()) + " parts");
  std::vector<Activation> outputs;
  std::int64_t from = 0;
  for (std::size_t i = 0; i < call.node.outputs.size(); from += lengths[i++])
    outputs.push_back(omitted(call, i) ? Activation() : Activation(part(data, axis, from, lengths[i])));
  return outputs;
}

std::vector<Tensor> splitBackward(const BackwardCall& call) {
  if (call.wanted.empty() || !call.wanted[0] || !isFloating(call.inputs[0].dtype())) return noGradients(call);
  const bool any = std::ranges::any_of(call.outputGradients, &Tensor::defined);
  const Shape& shape = call.inputs[0].shape();
  const std::size_t axis = axisOf(call.node.intOr("axis", 0), shape.size());
  if (!any) return noGradients(call);
  std::vector<Tensor> parts;
  std::int64_t covered = 0;
  for (std::size_t i = 0; i < call.outputs.size(); ++i) {
    if (!call.outputs[i].defined())
      throw Error(ErrorKind::Unsupported, "no gradient flows through a split with an omitted part");
    covered += call.outputs[i].shape()[axis];
    parts.push_back(call.outputGradients[i].defined() ? call.outputGradients[i]
                                                      : zeros(call.outputs[i].shape()).build());
  }
  if (covered != shape[axis])
    throw Error(ErrorKind::Unsupported, "no gradient flows through a split with an omitted part");
  return gradientOf(call, 0, joined(parts, shape, axis));
}

/// Before opset 6 one axis is tiled: inputs tiles and axis.
template <class Call>
IndexMaps tileMaps(const Call& call, const Shape& shape) {
  std::vector<std::int64_t> repeats = integersOf(call, 1, "repeats");
  if (call.opset < 6) {
    const auto axis = axisOf(integersOf(call, 2, "axis").at(0), shape.size());
    const std::int64_t tiles = repeats.at(0);
    repeats.assign(shape.size(), 1);
    repeats[axis] = tiles;
  }
  if (repeats.size() != shape.size())
    failInput(1, "repeats",
              "holds " + std::to_string(repeats.size()) + " values for a tensor of rank " +
                  std::to_string(shape.size()));
  Shape result = shape;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (repeats[d] < 0 || repeats[d] > (std::int64_t{1} << 31))
      failInput(1, "repeats", "holds " + std::to_string(repeats[d]));
    checkedShape({shape[d], repeats[d]});
    result[d] = shape[d] * repeats[d];
  }
  checkedShape(result);
  IndexMaps maps;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    maps.axes.push_back(identityMap(result[d]));
    for (std::int64_t& index : maps.axes[d]) index %= shape[d];
  }
  return maps;
}

std::vector<Activation> tile(const OpCall& call) {
  const Tensor data = call.input(0);
  return oneOutput(gatherByMaps(data, tileMaps(call, data.shape())));
}

std::vector<Tensor> tileBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Shape& shape = call.inputs[0].shape();
  return gradientOf(call, 0, scatterByMaps(call.outputGradients[0], tileMaps(call, shape), shape));
}

constexpr Op indexingSliceRows[] = {
    {"", "DynamicSlice", dynamicSlice, dynamicSliceBackward, moveCost},
    {"", "Crop", crop, cropBackward, moveCost},
    {"", "Slice", slice, sliceBackward, moveCost},
    {"", "Concat", concat, concatBackward, moveCost, true},
    {"", "Split", split, splitBackward, moveCost},
    {"", "Tile", tile, tileBackward, moveCost},
};

}  // namespace

std::span<const Op> sliceOps() { return indexingSliceRows; }

}  // namespace lapidary::core
