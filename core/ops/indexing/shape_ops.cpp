// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that look at a shape or change it without touching the elements, Transpose and Expand.
#include "core/ops/indexing/shape_ops.h"

#include <algorithm>
#include <numeric>

#include "core/ops/broadcast.h"
#include "core/ops/families.h"
#include "core/ops/indexing/transpose.h"

namespace lapidary::core {
namespace {

const Activation& firstOf(const OpCall& call) {
  if (!call.has(0)) failInput(0, "data", "is missing");
  return call.inputs[0];
}

/// A bound of Shape counted from the end where negative, clamped to [0, rank].
std::int64_t shapeBound(std::int64_t bound, std::int64_t rank) {
  return std::clamp<std::int64_t>(bound < 0 ? bound + rank : bound, 0, rank);
}

std::vector<Activation> shape(const OpCall& call) {
  const Shape& shape = firstOf(call).shape;
  const auto rank = static_cast<std::int64_t>(shape.size());
  const std::int64_t start = shapeBound(call.node.intOr("start", 0), rank);
  const std::int64_t end = std::max(start, shapeBound(call.node.intOr("end", rank), rank));
  const std::span<const std::int64_t> part(shape.data() + start, static_cast<std::size_t>(end - start));
  return oneOutput(Tensor::from<std::int64_t>({end - start}, part));
}

std::vector<Activation> size(const OpCall& call) {
  return oneOutput(Tensor::scalar<std::int64_t>(elementCount(firstOf(call).shape)));
}

/// The gradient of every operator that only gives the elements another shape.
std::vector<Tensor> reshapeBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  return gradientOf(call, 0, call.outputGradients[0].reshaped(call.inputs[0].shape()));
}

/// The wanted shape with 0 (copy the input's dimension) and one -1 (whatever is left) worked out.
Shape resolvedShape(Shape wanted, const Tensor& data, bool allowZero) {
  std::int64_t known = 1;
  std::size_t unknown = wanted.size();
  for (std::size_t d = 0; d < wanted.size(); ++d) {
    if (wanted[d] == 0 && !allowZero) {
      if (d >= data.rank())
        failInput(1, "shape",
                  "copies axis " + std::to_string(d) + " of a tensor of rank " + std::to_string(data.rank()));
      wanted[d] = data.shape()[d];
    }
    if (wanted[d] == -1) {
      if (unknown != wanted.size()) failInput(1, "shape", "leaves two dimensions open");
      unknown = d;
    } else if (wanted[d] < 0) {
      failInput(1, "shape", "has a dimension of " + std::to_string(wanted[d]));
    }
  }
  if (unknown == wanted.size()) return wanted;
  wanted[unknown] = 1;
  known = elementCount(wanted);
  if (known == 0 || data.size() % known != 0)
    failInput(1, "shape",
              toText(data.shape()) + " does not divide into the open dimension of the wanted shape");
  wanted[unknown] = data.size() / known;
  return wanted;
}

std::vector<Activation> reshape(const OpCall& call) {
  const Tensor data = call.input(0);
  const Shape wanted = call.opset < 5 ? call.node.intsOr("shape", {}) : integersOf(call, 1, "shape");
  return oneOutput(data.reshaped(resolvedShape(wanted, data, call.node.intOr("allowzero", 0) != 0)));
}

std::vector<Activation> flatten(const OpCall& call) {
  const Tensor data = call.input(0);
  const auto rank = static_cast<std::int64_t>(data.rank());
  std::int64_t axis = call.node.intOr("axis", 1);
  if (axis < -rank || axis > rank)
    failAttribute("axis", std::to_string(axis) + " is outside rank " + std::to_string(rank));
  if (axis < 0) axis += rank;
  const auto split = static_cast<std::size_t>(axis);
  return oneOutput(
      data.reshaped({product(data.shape(), 0, split), product(data.shape(), split, data.rank())}));
}

/// The axes of Squeeze and Unsqueeze: an attribute before opset 13, input 1 since.
std::optional<std::vector<std::int64_t>> namedAxes(const OpCall& call) {
  if (call.opset >= 13) {
    if (!call.has(1)) return std::nullopt;
    return integersOf(call, 1, "axes");
  }
  const auto* axes = call.node.find<std::vector<std::int64_t>>("axes");
  return axes ? std::optional(*axes) : std::nullopt;
}

std::vector<Activation> squeeze(const OpCall& call) {
  const Tensor data = call.input(0);
  const auto axes = namedAxes(call);
  std::vector<bool> dropped(data.rank());
  if (axes) {
    for (const std::size_t axis : axesOf(*axes, data.rank())) {
      if (data.shape()[axis] != 1)
        throw Error(ErrorKind::InvalidInput, "axis " + std::to_string(axis) + " of " + toText(data.shape()) +
                                                 " is not 1 and cannot be squeezed");
      dropped[axis] = true;
    }
  } else {
    for (std::size_t d = 0; d < data.rank(); ++d) dropped[d] = data.shape()[d] == 1;
  }
  Shape shape;
  for (std::size_t d = 0; d < data.rank(); ++d)
    if (!dropped[d]) shape.push_back(data.shape()[d]);
  return oneOutput(data.reshaped(std::move(shape)));
}

std::vector<Activation> unsqueeze(const OpCall& call) {
  const Tensor data = call.input(0);
  const auto axes = namedAxes(call);
  if (!axes) throw Error(ErrorKind::InvalidInput, "no axes are given");
  const std::size_t rank = data.rank() + axes->size();
  std::vector<bool> added(rank);
  for (const std::size_t axis : axesOf(*axes, rank)) added[axis] = true;
  Shape shape;
  std::size_t next = 0;
  for (std::size_t d = 0; d < rank; ++d) shape.push_back(added[d] ? 1 : data.shape()[next++]);
  return oneOutput(data.reshaped(std::move(shape)));
}

std::vector<std::size_t> permutationOf(const Node& node, std::size_t rank) {
  const auto* perm = node.find<std::vector<std::int64_t>>("perm");
  std::vector<std::size_t> permutation(rank);
  std::iota(permutation.rbegin(), permutation.rend(), std::size_t{0});
  if (!perm) return permutation;
  if (perm->size() != rank)
    failAttribute(
        "perm", "has " + std::to_string(perm->size()) + " axes for a tensor of rank " + std::to_string(rank));
  return axesOf(*perm, rank);
}

std::vector<Activation> transpose(const OpCall& call) {
  const Tensor data = call.input(0);
  return oneOutput(transposed(data, permutationOf(call.node, data.rank())));
}

std::vector<Tensor> transposeBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const auto permutation = permutationOf(call.node, call.inputs[0].rank());
  return gradientOf(call, 0, transposed(call.outputGradients[0], inversePermutation(permutation)));
}

std::vector<Activation> expand(const OpCall& call) {
  const Tensor data = call.input(0);
  const Shape shapes[] = {data.shape(), integersOf(call, 1, "shape")};
  checkedShape(shapes[1]);
  return oneOutput(expandTo(data, broadcastShape(shapes)));
}

std::vector<Tensor> expandBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  return gradientOf(call, 0, sumTo(call.outputGradients[0], call.inputs[0].shape()));
}

constexpr Op shapeOpsRows[] = {
    {"", "Shape", shape, nullptr, viewCost, true},
    {"", "Size", size, nullptr, viewCost, true},
    {"", "Reshape", reshape, reshapeBackward, viewCost},
    {"", "Flatten", flatten, reshapeBackward, viewCost},
    {"", "Squeeze", squeeze, reshapeBackward, viewCost},
    {"", "Unsqueeze", unsqueeze, reshapeBackward, viewCost},
    {"", "Transpose", transpose, transposeBackward, moveCost},
    {"", "Expand", expand, expandBackward, moveCost},
};

}  // namespace

std::span<const Op> shapeOps() {
  static const std::vector<Op> all = joinOps({shapeOpsRows, castOps(), generateOps()});
  return all;
}

}  // namespace lapidary::core
