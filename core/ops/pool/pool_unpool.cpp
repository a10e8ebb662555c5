// SPDX-License-Identifier: GPL-3.0-or-later
// MaxUnpool: puts the values of a MaxPool back to the positions that its Indices name.
#include "core/ops/pool/pool.h"

#include <algorithm>

#include "core/ops/checks.h"
#include "core/ops/dtype_dispatch.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

std::vector<std::int64_t> sizesWithin(const Node& node, const char* key, std::size_t count,
                                      std::int64_t fallback, std::int64_t lowest) {
  std::vector<std::int64_t> values = node.intsOr(key, std::vector<std::int64_t>(count, fallback));
  if (values.size() != count)
    failAttribute(key,
                  "has " + std::to_string(values.size()) + " values, " + std::to_string(count) + " expected");
  for (const std::int64_t value : values)
    if (value < lowest || value > std::int64_t{1} << 24) failAttribute(key, "holds " + std::to_string(value));
  return values;
}

/// The shape that the pool had to begin with, as far as kernel, strides and pads tell.
Shape inferredShape(const Node& node, const Shape& pooled) {
  const std::size_t dims = pooled.size() - 2;
  if (!node.find<std::vector<std::int64_t>>("kernel_shape")) failAttribute("kernel_shape", "is missing");
  const auto kernel = sizesWithin(node, "kernel_shape", dims, 1, 1);
  const auto strides = sizesWithin(node, "strides", dims, 1, 1),
             pads = sizesWithin(node, "pads", 2 * dims, 0, 0);
  Shape shape = checkedShape(pooled);
  for (std::size_t d = 0; d < dims; ++d) {
    checkedShape({pooled[d + 2]});
    shape[d + 2] = (pooled[d + 2] - 1) * strides[d] - pads[d] - pads[d + dims] + kernel[d];
    if (shape[d + 2] < 0)
      failAttribute("pads", "takes more than there is along axis " + std::to_string(d + 2));
  }
  return checkedShape(shape);
}

/// The wanted shape as an input, at least as large as the inferred one in every dimension.
Shape wantedShape(const OpCall& call, const Shape& inferred) {
  if (!call.has(2)) return inferred;
  const Shape wanted = checkedShape(integersOf(call, 2, "output_shape"));
  bool fits = wanted.size() == inferred.size();
  for (std::size_t d = 0; fits && d < wanted.size(); ++d) fits = wanted[d] >= inferred[d];
  if (!fits)
    failInput(2, "output_shape", "is " + toText(wanted) + ", at least " + toText(inferred) + " was expected");
  return wanted;
}

/// The index of an element of `from` in the larger shape `to`.
std::int64_t indexIn(const Shape& from, const Shape& to, std::int64_t index) {
  std::int64_t found = 0, stride = 1;
  for (std::size_t d = from.size(); d-- > 0;) {
    found += index % from[d] * stride;
    index /= from[d];
    stride *= to[d];
  }
  return found;
}

}  // namespace

std::vector<Activation> maxUnpoolForward(const OpCall& call) {
  const Tensor x = call.input(0);
  requireRank(x, 3, "X");
  const auto indices = integersOf(call, 1, "I");
  if (call.input(1).shape() != x.shape())
    failInput(1, "I",
              "has shape " + toText(call.input(1).shape()) + ", " + toText(x.shape()) + " was expected");
  const Shape inferred = inferredShape(call.node, x.shape());
  const Shape shape = wantedShape(call, inferred);
  const std::int64_t count = elementCount(inferred);
  TensorBuilder out(x.dtype(), shape);
  std::ranges::fill(out.bytes(), std::byte{0});
  visitWidth(x.dtype(), [&]<class Word>(Word) {
    for (std::size_t i = 0; i < indices.size(); ++i) {
      if (indices[i] < 0 || indices[i] >= count)
        failInput(1, "I", "names element " + std::to_string(indices[i]) + " of " + toText(inferred));
      wordsOf<Word>(out)[indexIn(inferred, shape, indices[i])] = wordsOf<Word>(x)[i];
    }
  });
  return oneOutput(std::move(out).build());
}

}  // namespace lapidary::core
