// SPDX-License-Identifier: GPL-3.0-or-later
// DepthToSpace and SpaceToDepth: blocks of pixels become channels and back.
#include "core/ops/axes.h"
#include "core/ops/indexing/transpose.h"
#include "core/ops/resize/resize.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

/// A rearrangement: split the axes, permute them, join them again.
struct Rearrangement {
  Shape split;
  std::vector<std::size_t> permutation;
  Shape joined;
};

std::int64_t blockOf(const Node& node, const Shape& shape) {
  if (shape.size() != 4) failInput(0, "input", "has shape " + toText(shape) + ", NCHW expected");
  const std::int64_t block = node.intOr("blocksize", 0);
  if (block < 1 || block > (1 << 15)) failAttribute("blocksize", "is " + std::to_string(block));
  return block;
}

Rearrangement depthToSpace(const Node& node, const Shape& shape) {
  const std::int64_t b = blockOf(node, shape);
  const std::int64_t n = shape[0], h = shape[2], w = shape[3], c = shape[1] / (b * b);
  if (shape[1] % (b * b) != 0)
    failInput(0, "input",
              "has " + std::to_string(shape[1]) + " channels, not a multiple of the squared block");
  const Shape joined{n, c, h * b, w * b};
  if (node.textOr("mode", "DCR") == "CRD") return {{n, c, b, b, h, w}, {0, 1, 4, 2, 5, 3}, joined};
  return {{n, b, b, c, h, w}, {0, 3, 4, 1, 5, 2}, joined};
}

Rearrangement spaceToDepth(const Node& node, const Shape& shape) {
  const std::int64_t b = blockOf(node, shape);
  const std::int64_t n = shape[0], c = shape[1], h = shape[2] / b, w = shape[3] / b;
  if (shape[2] % b != 0 || shape[3] % b != 0)
    failInput(0, "input", "has shape " + toText(shape) + ", not a multiple of the block");
  return {{n, c, h, b, w, b}, {0, 3, 5, 1, 2, 4}, {n, b * b * c, h, w}};
}

using Plan = Rearrangement (*)(const Node&, const Shape&);

template <Plan plan>
std::vector<Activation> forward(const OpCall& call) {
  const Tensor data = call.input(0);
  const Rearrangement r = plan(call.node, data.shape());
  return oneOutput(transposed(data.reshaped(r.split), r.permutation).reshaped(r.joined));
}

template <Plan plan>
std::vector<Tensor> backward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Rearrangement r = plan(call.node, call.inputs[0].shape());
  Shape permuted;
  for (const std::size_t d : r.permutation) permuted.push_back(r.split[d]);
  const Tensor spread = call.outputGradients[0].reshaped(permuted);
  return gradientOf(call, 0,
                    transposed(spread, inversePermutation(r.permutation)).reshaped(call.inputs[0].shape()));
}

constexpr Op resizeDepthRows[] = {
    {"", "DepthToSpace", forward<depthToSpace>, backward<depthToSpace>, moveCost},
    {"", "SpaceToDepth", forward<spaceToDepth>, backward<spaceToDepth>, moveCost},
};

}  // namespace

std::span<const Op> depthSpaceOps() { return resizeDepthRows; }

}  // namespace lapidary::core
