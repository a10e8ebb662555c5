// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of any number of broadcast tensors (Min, Max, Sum, Mean), and Where.
#include <algorithm>
#include <cmath>

#include "core/ops/arithmetic/binary.h"

namespace lapidary::core {
namespace {

struct Plus {
  template <class T>
  T operator()(T a, T b) const {
    return wrapping(a, b, std::plus<>{});
  }
};
struct Lesser {  // not-a-number wins
  template <class T>
  T operator()(T a, T b) const {
    return a < b || a != a ? a : b;
  }
};
struct Greater {
  template <class T>
  T operator()(T a, T b) const {
    return a > b || a != a ? a : b;
  }
};

template <class F>
Tensor fold(const OpCall& call) {
  Tensor result = call.input(0);
  for (std::size_t i = 1; i < call.inputs.size(); ++i) {
    const Tensor next = call.input(i);
    if (next.dtype() != result.dtype())
      failInput(i, "data",
                "is " + std::string(name(next.dtype())) + " while the first is " +
                    std::string(name(result.dtype())));
    result = arithmetic(result, next, F{});
  }
  return result;
}

template <class F>
std::vector<Activation> variadic(const OpCall& call) {
  return oneOutput(fold<F>(call));
}

std::vector<Activation> mean(const OpCall& call) {
  const Tensor sum = fold<Plus>(call);
  const Tensor count = convert(Tensor::scalar(static_cast<float>(call.inputs.size())), sum.dtype());
  return oneOutput(arithmetic(sum, count, [](auto a, auto b) { return static_cast<decltype(a)>(a / b); }));
}

/// The same gradient to every input.
std::vector<Tensor> shareGradient(const BackwardCall& call, float factor) {
  std::vector<Tensor> gradients = noGradients(call);
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    if (!flowsTo(call, i)) continue;
    const Tensor scaled =
        factor == 1.0f ? call.outputGradients[0]
                       : broadcastMap(call.outputGradients[0], Tensor::scalar(factor), std::multiplies<>{});
    gradients[i] = sumTo(scaled, call.inputs[i].shape());
  }
  return gradients;
}

std::vector<Tensor> sumBackward(const BackwardCall& call) { return shareGradient(call, 1.0f); }
std::vector<Tensor> meanBackward(const BackwardCall& call) {
  return shareGradient(call, 1.0f / static_cast<float>(call.inputs.size()));
}

float isSame(float y, float x) { return y == x ? 1.0f : 0.0f; }

/// Where several inputs are the extreme, they share the gradient evenly.
std::vector<Tensor> extremeBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  if (!call.outputGradients[0].defined()) return gradients;
  Tensor ties = broadcastMap(call.outputs[0], call.inputs[0], isSame);
  for (std::size_t i = 1; i < call.inputs.size(); ++i)
    ties = broadcastMap(ties, broadcastMap(call.outputs[0], call.inputs[i], isSame), std::plus<>{});
  const Tensor share =
      broadcastMap(call.outputGradients[0], ties, [](float g, float n) { return n > 0 ? g / n : 0.0f; });
  for (std::size_t i = 0; i < gradients.size(); ++i)
    if (flowsTo(call, i)) {
      const Tensor mask = broadcastMap(call.outputs[0], call.inputs[i], isSame);
      gradients[i] = sumTo(broadcastMap(share, mask, std::multiplies<>{}), call.inputs[i].shape());
    }
  return gradients;
}

template <class Word>
Tensor choose(const Tensor& condition, const Tensor& yes, const Tensor& no) {
  const Shape shapes[] = {condition.shape(), yes.shape(), no.shape()};
  const BroadcastPlan plan = planBroadcast(shapes);
  TensorBuilder out(yes.dtype(), plan.shape);
  const auto* c = condition.as<std::uint8_t>().data();
  const Word* x = wordsOf<Word>(yes);
  const Word* y = wordsOf<Word>(no);
  Word* to = wordsOf<Word>(out);
  const std::int64_t stepC = plan.rowStride(0), stepX = plan.rowStride(1), stepY = plan.rowStride(2);
  forEachRow<3>(plan, [&](std::int64_t start, const std::array<std::int64_t, 3>& at) {
    for (std::int64_t i = 0; i < plan.rowLength(); ++i)
      to[start + i] = c[at[0] + i * stepC] ? x[at[1] + i * stepX] : y[at[2] + i * stepY];
  });
  return std::move(out).build();
}

std::vector<Activation> where(const OpCall& call) {
  const Tensor condition = call.input(0), yes = call.input(1), no = call.input(2);
  if (condition.dtype() != DType::Bool)
    failInput(0, "condition", "is " + std::string(name(condition.dtype())) + ", bool expected");
  if (yes.dtype() != no.dtype())
    failInput(2, "Y",
              "is " + std::string(name(no.dtype())) + " while X is " + std::string(name(yes.dtype())));
  return oneOutput(
      visitWidth(yes.dtype(), [&]<class Word>(Word) { return choose<Word>(condition, yes, no); }));
}

std::vector<Tensor> whereBackward(const BackwardCall& call) {
  std::vector<Tensor> gradients = noGradients(call);
  const Tensor& condition = call.inputs[0];
  if (flowsTo(call, 1))
    gradients[1] = sumTo(choose<std::uint32_t>(condition, call.outputGradients[0], Tensor::scalar(0.0f)),
                         call.inputs[1].shape());
  if (flowsTo(call, 2))
    gradients[2] = sumTo(choose<std::uint32_t>(condition, Tensor::scalar(0.0f), call.outputGradients[0]),
                         call.inputs[2].shape());
  return gradients;
}

constexpr Op binaryVariadicRows[] = {
    {"", "Min", variadic<Lesser>, extremeBackward},
    {"", "Max", variadic<Greater>, extremeBackward},
    {"", "Sum", variadic<Plus>, sumBackward},
    {"", "Mean", mean, meanBackward},
    {"", "Where", where, whereBackward},
};

}  // namespace

std::span<const Op> variadicOps() { return binaryVariadicRows; }

}  // namespace lapidary::core
