// SPDX-License-Identifier: GPL-3.0-or-later
// Gather, GatherElements and GatherND.
#include <algorithm>

#include "core/ops/checks.h"
#include "core/ops/dtype_dispatch.h"
#include "core/ops/indexing/indexing.h"

namespace lapidary::core {
namespace {

/// Data seen as lines around the gathered axis, with the wanted positions of that axis.
IndexMaps lineMaps(const Lines& lines, std::vector<std::int64_t> indices) {
  for (std::int64_t& index : indices) index = checkedIndex(index, lines.length, 1, "indices");
  return {{identityMap(lines.outer), std::move(indices), identityMap(lines.inner)}};
}

std::vector<Activation> gather(const OpCall& call) {
  const Tensor data = call.input(0);
  const Tensor indices = call.input(1);
  const std::size_t axis = axisOf(call.node.intOr("axis", 0), data.rank());
  const Lines lines = linesAlong(data.shape(), axis);
  Shape shape = data.shape();
  shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
  shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), indices.shape().begin(),
               indices.shape().end());
  checkedShape(shape);
  const Tensor flat = data.reshaped({lines.outer, lines.length, lines.inner});
  return oneOutput(
      gatherByMaps(flat, lineMaps(lines, integersOf(call, 1, "indices"))).reshaped(std::move(shape)));
}

std::vector<Tensor> gatherBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Shape& shape = call.inputs[0].shape();
  const Lines lines = linesAlong(shape, axisOf(call.node.intOr("axis", 0), shape.size()));
  const IndexMaps maps = lineMaps(lines, integersOf(call, 1, "indices"));
  const Tensor flat = call.outputGradients[0].reshaped(maps.resultShape());
  return gradientOf(call, 0,
                    scatterByMaps(flat, maps, {lines.outer, lines.length, lines.inner}).reshaped(shape));
}

/// `length` elements from each offset, one after the other.
Tensor pickSlices(const Tensor& data, std::span<const std::int64_t> offsets, std::int64_t length,
                  const Shape& shape) {
  return moveElements(data, [&](const Tensor& from) {
    TensorBuilder out(from.dtype(), checkedShape(shape));
    visitWidth(from.dtype(), [&]<class Word>(Word) {
      Word* to = wordsOf<Word>(out);
      for (const std::int64_t offset : offsets) to = std::copy_n(wordsOf<Word>(from) + offset, length, to);
    });
    return std::move(out).build();
  });
}

/// The adjoint of pickSlices.
Tensor addSlices(const Tensor& gradient, std::span<const std::int64_t> offsets, std::int64_t length,
                 const Shape& shape) {
  TensorBuilder out = zeros(shape);
  float* to = out.as<float>().data();
  const float* from = gradient.as<float>().data();
  for (const std::int64_t offset : offsets)
    for (std::int64_t i = 0; i < length; ++i) to[offset + i] += *from++;
  return std::move(out).build();
}

std::vector<Activation> gatherElements(const OpCall& call) {
  const Tensor data = call.input(0);
  const Shape& shape = call.inputs[1].shape;
  const std::size_t axis = axisOf(call.node.intOr("axis", 0), data.rank());
  const auto offsets = elementOffsets(data.shape(), shape, integersOf(call, 1, "indices"), axis);
  return oneOutput(pickSlices(data, offsets, 1, shape));
}

std::vector<Tensor> gatherElementsBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Shape& shape = call.inputs[0].shape();
  const std::size_t axis = axisOf(call.node.intOr("axis", 0), shape.size());
  const auto offsets = elementOffsets(shape, call.inputs[1].shape(), integersOf(call, 1, "indices"), axis);
  return gradientOf(call, 0, addSlices(call.outputGradients[0], offsets, 1, shape));
}

std::size_t batchDimsOf(const Node& node) {
  const std::int64_t dims = node.intOr("batch_dims", 0);
  if (dims < 0) failAttribute("batch_dims", "is negative");
  return static_cast<std::size_t>(dims);
}

std::vector<Activation> gatherND(const OpCall& call) {
  const Tensor data = call.input(0);
  const Shape& indices = call.inputs[1].shape;
  const std::size_t batchDims = batchDimsOf(call.node);
  const SliceOffsets slices = sliceOffsets(data.shape(), indices, integersOf(call, 1, "indices"), batchDims);
  Shape shape(indices.begin(), indices.end() - 1);
  const auto first = static_cast<std::ptrdiff_t>(batchDims) + indices.back();
  shape.insert(shape.end(), data.shape().begin() + first, data.shape().end());
  return oneOutput(pickSlices(data, slices.offsets, slices.length, shape));
}

std::vector<Tensor> gatherNDBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Shape& shape = call.inputs[0].shape();
  const auto slices =
      sliceOffsets(shape, call.inputs[1].shape(), integersOf(call, 1, "indices"), batchDimsOf(call.node));
  return gradientOf(call, 0, addSlices(call.outputGradients[0], slices.offsets, slices.length, shape));
}

constexpr Op indexingGatherRows[] = {
    {"", "Gather", gather, gatherBackward, moveCost},
    {"", "GatherElements", gatherElements, gatherElementsBackward, moveCost},
    {"", "GatherND", gatherND, gatherNDBackward, moveCost},
};

}  // namespace

std::span<const Op> gatherOps() { return indexingGatherRows; }

}  // namespace lapidary::core
