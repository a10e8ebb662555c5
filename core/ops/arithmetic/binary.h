// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a function of two broadcast tensors, whatever their element type.
#pragma once

#include "core/ops/broadcast.h"
#include "core/ops/dtype_dispatch.h"
#include "core/ops/results.h"

namespace lapidary::core {

/// The two operands of a call, of one dtype. Before opset 7 the second may be aligned to an axis of
/// the first (attributes `broadcast` and `axis`); it is reshaped accordingly.
struct Operands {
  Tensor a, b;
};
Operands operandsOf(const OpCall& call);

/// f(a, b) computed in the compute type T, elements written as R.
template <class T, class R, class F>
Tensor mapPair(const Tensor& a, const Tensor& b, F f) {
  const Tensor x = convert(a, dtypeOf<T>());
  const Tensor y = convert(b, dtypeOf<T>());
  const Shape shapes[] = {x.shape(), y.shape()};
  const BroadcastPlan plan = planBroadcast(shapes);
  TensorBuilder out(dtypeOf<R>(), plan.shape);
  broadcastInto(plan, x.template as<T>().data(), y.template as<T>().data(), out.as<R>().data(), f);
  return std::move(out).build();
}

/// f(a, b) in the common dtype of both.
template <class F>
Tensor arithmetic(const Tensor& a, const Tensor& b, F f) {
  return visitCompute(a.dtype(), [&]<class T>(T) { return convert(mapPair<T, T>(a, b, f), a.dtype()); });
}

/// The gradients of a binary operator: each operand's is a function of the gradient and both operands,
/// summed over the axes along which it was repeated.
template <class ToFirst, class ToSecond>
std::vector<Tensor> pairGradients(const BackwardCall& call, ToFirst first, ToSecond second) {
  std::vector<Tensor> gradients = noGradients(call);
  if (flowsTo(call, 0)) gradients[0] = sumTo(first(call.outputGradients[0]), call.inputs[0].shape());
  if (flowsTo(call, 1)) gradients[1] = sumTo(second(call.outputGradients[0]), call.inputs[1].shape());
  return gradients;
}

// The parts of binaryOps().
std::span<const Op> arithmeticOps();  // binary_arithmetic.cpp
std::span<const Op> comparisonOps();  // binary_compare.cpp
std::span<const Op> variadicOps();    // binary_variadic.cpp

}  // namespace lapidary::core
