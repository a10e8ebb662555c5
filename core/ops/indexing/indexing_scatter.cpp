// SPDX-License-Identifier: GPL-3.0-or-later
// ScatterElements (once called Scatter) and ScatterND, with their reductions, and TensorScatter, which writes
// into a cache.
#include <algorithm>

#include "core/ops/checks.h"
#include "core/ops/dtype_dispatch.h"
#include "core/ops/indexing/indexing.h"

namespace lapidary::core {
namespace {

enum class Combine { Replace, Add, Multiply, Minimum, Maximum };

Combine combineOf(const Node& node) {
  const std::string reduction = node.textOr("reduction", "none");
  if (reduction == "none") return Combine::Replace;
  if (reduction == "add") return Combine::Add;
  if (reduction == "mul") return Combine::Multiply;
  if (reduction == "min") return Combine::Minimum;
  if (reduction == "max") return Combine::Maximum;
  failAttribute("reduction", "is '" + reduction + "'");
}

template <class T>
T combined(Combine how, T old, T update) {
  switch (how) {
    case Combine::Replace:
      break;
    case Combine::Add:
      return wrapping(old, update, std::plus<>{});
    case Combine::Multiply:
      return wrapping(old, update, std::multiplies<>{});
    case Combine::Minimum:
      return std::min(old, update);
    case Combine::Maximum:
      return std::max(old, update);
  }
  return update;
}

/// A copy of `data` with slices of `length` elements at `offsets` combined with the updates, in order.
Tensor scattered(const Tensor& data, std::span<const std::int64_t> offsets, std::int64_t length,
                 const Tensor& updates, Combine how) {
  if (updates.dtype() != data.dtype())
    failInput(
        2, "updates",
        "is " + std::string(name(updates.dtype())) + " while data is " + std::string(name(data.dtype())));
  if (updates.size() != static_cast<std::int64_t>(offsets.size()) * length)
    failInput(2, "updates", "has shape " + toText(updates.shape()) + ", which does not match the indices");
  return visitCompute(data.dtype(), [&]<class T>(T) {
    const Tensor from = convert(data, dtypeOf<T>());
    const Tensor changes = convert(updates, dtypeOf<T>());
    TensorBuilder out(dtypeOf<T>(), data.shape());
    std::ranges::copy(from.template as<T>(), out.as<T>().begin());
    const T* update = changes.template as<T>().data();
    for (const std::int64_t offset : offsets)
      for (std::int64_t i = 0; i < length; ++i, ++update) {
        T& element = out.as<T>()[static_cast<std::size_t>(offset + i)];
        element = combined(how, element, *update);
      }
    return convert(std::move(out).build(), data.dtype());
  });
}

/// The gradients of a scatter that replaces (or adds): the data's flow where nothing was put (or
/// everywhere), the updates' from where they were put.
std::vector<Tensor> scatterGradients(const BackwardCall& call, std::span<const std::int64_t> offsets,
                                     std::int64_t length) {
  std::vector<Tensor> gradients = noGradients(call);
  const Combine how = combineOf(call.node);
  if (how != Combine::Replace && how != Combine::Add)
    throw Error(ErrorKind::Unsupported, "no gradient flows through a scatter that multiplies or compares");
  const Tensor& flow = call.outputGradients[0];
  if (flowsTo(call, 0)) {
    TensorBuilder nothing = zeros(call.inputs[2].shape());
    gradients[0] =
        how == Combine::Add ? flow : scattered(flow, offsets, length, std::move(nothing).build(), how);
  }
  if (flowsTo(call, 2)) {
    TensorBuilder out(DType::Float32, call.inputs[2].shape());
    float* to = out.as<float>().data();
    for (const std::int64_t offset : offsets) to = std::copy_n(flow.as<float>().data() + offset, length, to);
    gradients[2] = std::move(out).build();
  }
  return gradients;
}

std::vector<Activation> scatterElements(const OpCall& call) {
  const Tensor data = call.input(0);
  const std::size_t axis = axisOf(call.node.intOr("axis", 0), data.rank());
  const auto offsets =
      elementOffsets(data.shape(), call.input(1).shape(), integersOf(call, 1, "indices"), axis);
  return oneOutput(scattered(data, offsets, 1, call.input(2), combineOf(call.node)));
}

std::vector<Tensor> scatterElementsBackward(const BackwardCall& call) {
  const Shape& shape = call.inputs[0].shape();
  const std::size_t axis = axisOf(call.node.intOr("axis", 0), shape.size());
  return scatterGradients(
      call, elementOffsets(shape, call.inputs[1].shape(), integersOf(call, 1, "indices"), axis), 1);
}

std::vector<Activation> scatterND(const OpCall& call) {
  const Tensor data = call.input(0);
  const SliceOffsets slices =
      sliceOffsets(data.shape(), call.input(1).shape(), integersOf(call, 1, "indices"), 0);
  return oneOutput(scattered(data, slices.offsets, slices.length, call.input(2), combineOf(call.node)));
}

std::vector<Tensor> scatterNDBackward(const BackwardCall& call) {
  const SliceOffsets slices =
      sliceOffsets(call.inputs[0].shape(), call.inputs[1].shape(), integersOf(call, 1, "indices"), 0);
  return scatterGradients(call, slices.offsets, slices.length);
}

/// Where each line of the update goes in the cache: [first axes, positions, the rest], by the batch.
struct CacheWrite {
  std::vector<std::int64_t> offsets;
  std::int64_t length = 1;  ///< elements of a line
};

template <class Call>
std::vector<std::int64_t> writeIndices(const Call& call, std::int64_t batch) {
  if (!inputOr(call, 2).defined()) return std::vector<std::int64_t>(static_cast<std::size_t>(batch), 0);
  auto indices = integersOf(call, 2, "write_indices");
  if (indices.size() != static_cast<std::size_t>(batch))
    failInput(
        2, "write_indices",
        "holds " + std::to_string(indices.size()) + " indices for " + std::to_string(batch) + " samples");
  return indices;
}

bool circular(const Node& node) {
  const std::string mode = node.textOr("mode", "linear");
  if (mode != "linear" && mode != "circular") failAttribute("mode", "is '" + mode + "'");
  return mode == "circular";
}

template <class Call>
CacheWrite cacheWrite(const Call& call, const Shape& cache, const Shape& update) {
  const std::size_t axis = axisOf(call.node.intOr("axis", -2), cache.size());
  if (axis == 0) failAttribute("axis", "is that of the samples");
  Shape fits = cache;
  if (update.size() == cache.size()) fits[axis] = std::min(cache[axis], update[axis]);
  if (update != fits)
    failInput(1, "update", "has shape " + toText(update) + ", which does not fit the cache " + toText(cache));
  const bool wraps = circular(call.node);
  const std::int64_t size = cache[axis], count = update[axis], outer = product(cache, 0, axis);
  const auto indices = writeIndices(call, cache[0]);
  CacheWrite write;
  write.length = product(cache, axis + 1, cache.size());
  for (std::int64_t o = 0; o < outer; ++o) {
    const std::int64_t first = indices[static_cast<std::size_t>(o / (outer / cache[0]))];
    if (first < 0 || (wraps ? first >= size && size > 0 : first + count > size))
      failInput(2, "write_indices",
                "is " + std::to_string(first) + ", " + std::to_string(count) +
                    " positions from there do not fit a cache of " + std::to_string(size));
    for (std::int64_t i = 0; i < count; ++i)
      write.offsets.push_back((o * size + (wraps ? (first + i) % size : first + i)) * write.length);
  }
  return write;
}

std::vector<Activation> tensorScatter(const OpCall& call) {
  const Tensor cache = call.input(0), update = call.input(1);
  if (update.dtype() != cache.dtype())
    failInput(
        1, "update",
        "is " + std::string(name(update.dtype())) + ", but the cache is " + std::string(name(cache.dtype())));
  if (bitsOf(cache.dtype()) < 8) unsupported("a cache of " + std::string(name(cache.dtype())));
  const CacheWrite write = cacheWrite(call, cache.shape(), update.shape());
  TensorBuilder out(cache.dtype(), cache.shape());
  std::ranges::copy(cache.bytes(), out.bytes().begin());
  visitWidth(cache.dtype(), [&]<class Word>(Word) {
    const Word* from = wordsOf<Word>(update);
    for (const std::int64_t offset : write.offsets) {
      std::copy_n(from, write.length, wordsOf<Word>(out) + offset);
      from += write.length;
    }
  });
  return oneOutput(std::move(out).build());
}

std::vector<Tensor> tensorScatterBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  const CacheWrite write = cacheWrite(call, call.inputs[0].shape(), call.inputs[1].shape());
  const Tensor& flow = call.outputGradients[0];
  if (flowsTo(call, 0)) {
    TensorBuilder kept(DType::Float32, flow.shape());
    std::ranges::copy(flow.as<float>(), kept.as<float>().begin());
    for (const std::int64_t offset : write.offsets)
      std::fill_n(kept.as<float>().data() + offset, write.length, 0.0f);
    gradients[0] = std::move(kept).build();
  }
  if (flowsTo(call, 1)) {
    TensorBuilder written(DType::Float32, call.inputs[1].shape());
    float* to = written.as<float>().data();
    for (const std::int64_t offset : write.offsets)
      to = std::copy_n(flow.as<float>().data() + offset, write.length, to);
    gradients[1] = std::move(written).build();
  }
  return gradients;
}

constexpr Op indexingScatterRows[] = {
    {.domain = "",
     .type = "TensorScatter",
     .forward = tensorScatter,
     .backward = tensorScatterBackward,
     .cost = moveCost,
     .sinceOpset = 24},
    {"", "ScatterElements", scatterElements, scatterElementsBackward},
    {"", "Scatter", scatterElements, scatterElementsBackward},
    {"", "ScatterND", scatterND, scatterNDBackward},
};

}  // namespace

std::span<const Op> scatterOps() { return indexingScatterRows; }

}  // namespace lapidary::core
