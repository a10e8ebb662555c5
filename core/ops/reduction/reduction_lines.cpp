// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that walk along one axis: ArgMax, ArgMin, CumSum, CumProd, TopK.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/ops/checks.h"
#include "core/ops/reduction/reduction.h"

namespace lapidary::core {
namespace {

/// Calls `body(first element, stride)` for every line along the axis.
template <class Body>
void forEachLine(const Lines& lines, Body&& body) {
  for (std::int64_t o = 0; o < lines.outer; ++o)
    for (std::int64_t i = 0; i < lines.inner; ++i) body(o * lines.length * lines.inner + i, lines.inner);
}

/// Position of the best element; the first of equals, or the last where `lastWins`.
template <class T, class Better>
std::int64_t bestOf(const T* line, std::int64_t length, std::int64_t stride, bool lastWins, Better better) {
  std::int64_t best = 0;
  for (std::int64_t i = 1; i < length; ++i) {
    const T x = line[i * stride], y = line[best * stride];
    if (better(x, y) || (lastWins && x == y)) best = i;
  }
  return best;
}

template <class Better>
std::vector<Activation> argBest(const OpCall& call) {
  const Tensor data = call.input(0);
  const std::size_t axis = axisOf(call.node.intOr("axis", 0), data.rank());
  const Lines lines = linesAlong(data.shape(), axis);
  if (lines.length == 0) failInput(0, "data", "has no elements along axis " + std::to_string(axis));
  const bool lastWins = call.node.intOr("select_last_index", 0) != 0;
  Shape shape = data.shape();
  if (call.node.intOr("keepdims", 1) != 0)
    shape[axis] = 1;
  else
    shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
  TensorBuilder out(DType::Int64, shape);
  visitCompute(data.dtype(), [&]<class T>(T) {
    const Tensor values = convert(data, dtypeOf<T>());
    std::int64_t* to = out.as<std::int64_t>().data();
    forEachLine(lines, [&](std::int64_t start, std::int64_t stride) {
      *to++ = bestOf(values.template as<T>().data() + start, lines.length, stride, lastWins, Better{});
    });
  });
  return oneOutput(std::move(out).build());
}

struct Running {
  bool exclusive, reverse;
};
Running runningOf(const Node& node) {
  return {node.intOr("exclusive", 0) != 0, node.intOr("reverse", 0) != 0};
}

/// What the elements so far come to by `Join`, which starts with `first`.
template <class Join, class T>
void accumulate(const T* from, T* to, std::int64_t length, std::int64_t stride, Running how, T first) {
  T sum = first;
  for (std::int64_t k = 0; k < length; ++k) {
    const std::int64_t i = (how.reverse ? length - 1 - k : k) * stride;
    const T next = wrapping(sum, from[i], Join{});
    to[i] = how.exclusive ? sum : next;
    sum = next;
  }
}

template <class Join>
Tensor running(const Tensor& data, std::size_t axis, Running how, int first) {
  return visitCompute(data.dtype(), [&]<class T>(T) {
    const Tensor values = convert(data, dtypeOf<T>());
    TensorBuilder out(dtypeOf<T>(), data.shape());
    const Lines lines = linesAlong(data.shape(), axis);
    forEachLine(lines, [&](std::int64_t start, std::int64_t stride) {
      accumulate<Join>(values.template as<T>().data() + start, out.as<T>().data() + start, lines.length,
                       stride, how, static_cast<T>(first));
    });
    return convert(std::move(out).build(), data.dtype());
  });
}

Tensor runningSum(const Tensor& data, std::size_t axis, Running how) {
  return running<std::plus<>>(data, axis, how, 0);
}

std::vector<Activation> cumSum(const OpCall& call) {
  const Tensor data = call.input(0);
  return oneOutput(runningSum(data, axisOf(integerOf(call, 1, "axis"), data.rank()), runningOf(call.node)));
}

std::vector<Activation> cumProd(const OpCall& call) {
  const Tensor data = call.input(0);
  const std::size_t axis = axisOf(integerOf(call, 1, "axis"), data.rank());
  return oneOutput(running<std::multiplies<>>(data, axis, runningOf(call.node), 1));
}

/// The adjoint of a running sum is the running sum from the other side.
std::vector<Tensor> cumSumBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  Running how = runningOf(call.node);
  how.reverse = !how.reverse;
  const std::size_t axis = axisOf(integersOf(call, 1, "axis").at(0), call.inputs[0].rank());
  return gradientOf(call, 0, runningSum(call.outputGradients[0], axis, how));
}

/// How many to keep: an attribute before opset 10, input 1 since.
std::int64_t keptCount(const OpCall& call, std::int64_t size) {
  const std::int64_t k = call.opset < 10 ? call.node.intOr("k", -1) : integerOf(call, 1, "K");
  if (k < 0 || k > size)
    failInput(1, "K", "is " + std::to_string(k) + " for an axis of size " + std::to_string(size));
  return k;
}

/// Positions of the k best of a line, best first; of equals the earlier.
template <class T>
std::vector<std::int64_t> bestPositions(const T* line, const Lines& lines, std::int64_t k, bool largest) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(lines.length));
  std::iota(order.begin(), order.end(), 0);
  std::ranges::partial_sort(order, order.begin() + k, [&](std::int64_t a, std::int64_t b) {
    const T x = line[a * lines.inner], y = line[b * lines.inner];
    return x == y ? a < b : (x > y) == largest;
  });
  order.resize(static_cast<std::size_t>(k));
  return order;
}

std::vector<Activation> topK(const OpCall& call) {
  const Tensor data = call.input(0);
  const std::size_t axis = axisOf(call.node.intOr("axis", -1), data.rank());
  const Lines lines = linesAlong(data.shape(), axis);
  const std::int64_t k = keptCount(call, lines.length);
  const bool largest = call.node.intOr("largest", 1) != 0;
  Shape shape = data.shape();
  shape[axis] = k;
  TensorBuilder positions(DType::Int64, shape);
  return visitCompute(data.dtype(), [&]<class T>(T) {
    const Tensor values = convert(data, dtypeOf<T>());
    TensorBuilder best(dtypeOf<T>(), shape);
    std::int64_t line = 0;
    forEachLine(lines, [&](std::int64_t start, std::int64_t stride) {
      const T* from = values.template as<T>().data() + start;
      std::int64_t to = line / stride * k * stride + line % stride;
      for (const std::int64_t i : bestPositions(from, lines, k, largest)) {
        best.as<T>()[static_cast<std::size_t>(to)] = from[i * stride];
        positions.as<std::int64_t>()[static_cast<std::size_t>(to)] = i;
        to += stride;
      }
      ++line;
    });
    std::vector<Activation> outputs = oneOutput(convert(std::move(best).build(), data.dtype()));
    outputs.emplace_back(std::move(positions).build());
    return outputs;
  });
}

std::vector<Tensor> topKBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Shape& shape = call.inputs[0].shape();
  const Lines lines = linesAlong(shape, axisOf(call.node.intOr("axis", -1), shape.size()));
  TensorBuilder out = zeros(shape);
  const auto flow = call.outputGradients[0].as<float>();
  const auto positions = call.outputs[1].as<std::int64_t>();
  const std::int64_t perOuter =
      lines.outer == 0 ? 1 : std::max<std::int64_t>(1, call.outputs[1].size() / lines.outer);
  for (std::size_t i = 0; i < flow.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    const std::int64_t index = (at / perOuter * lines.length + positions[i]) * lines.inner + at % lines.inner;
    out.as<float>()[static_cast<std::size_t>(index)] += flow[i];
  }
  return gradientOf(call, 0, std::move(out).build());
}

constexpr Op reductionLinesRows[] = {
    {"", "ArgMax", argBest<std::greater<>>},
    {"", "ArgMin", argBest<std::less<>>},
    {"", "CumSum", cumSum, cumSumBackward},
    {.domain = "", .type = "CumProd", .forward = cumProd, .sinceOpset = 26},
    {"", "TopK", topK, topKBackward},
};

}  // namespace

std::span<const Op> lineOps() { return reductionLinesRows; }

}  // namespace lapidary::core
