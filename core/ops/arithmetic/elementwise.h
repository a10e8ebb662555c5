// SPDX-License-Identifier: GPL-3.0-or-later
// How a function of one element becomes an operator: loops over any float type, derivative, blocked layout.
#pragma once

#include <algorithm>

#include "core/ops/arithmetic/elementwise_blocked.h"
#include "core/ops/dtype_dispatch.h"
#include "core/ops/results.h"

namespace lapidary::core {

// A function object F stands for one operator. It is made from a Node (its attributes) and has
//   T operator()(T x)                   for float and double, and integers where `integers` is declared;
//   float derivative(float x, float y)  that at x where y = f(x), if there is one;
//   void array(from, to, count)         a vectorised loop over floats, if there is one;
//   void gradients(x, g, to, count)     a vectorised loop over g * derivative, where that does not look at y;
//   BlockedFunction blocked()           its oneDNN form, if there is one.

template <class F>
concept HasDerivative = requires(const F& f) {
  f.derivative(1.0f, 1.0f);
};
template <class F>
concept HasArray = requires(const F& f, const float* from, float* to) {
  f.array(from, to, std::size_t{1});
};
template <class F>
concept HasGradients = requires(const F& f, const float* from, float* to) {
  f.gradients(from, from, to, std::size_t{1});
};
template <class F>
concept HasBlocked = requires(const F& f) {
  f.blocked();
};
template <class F>
concept TakesIntegers = requires {
  F::integers;
};

template <class F, class T>
Tensor mapAs(const Tensor& x, const F& f, T) {
  const Tensor from = convert(x, dtypeOf<T>());
  TensorBuilder out(dtypeOf<T>(), x.shape());
  const T* __restrict source = from.template as<T>().data();
  T* __restrict target = out.as<T>().data();
  const auto count = static_cast<std::size_t>(x.size());
  if constexpr (HasArray<F> && std::is_same_v<T, float>) {
    f.array(source, target, count);
  } else {
    for (std::size_t i = 0; i < count; ++i) target[i] = f(source[i]);
  }
  return convert(std::move(out).build(), x.dtype());
}

template <class F>
std::vector<Activation> unaryForward(const OpCall& call) {
  const F f(call.node);
  if constexpr (HasBlocked<F>) {
    if (call.has(0) && call.inputs[0].layout) return oneOutput(blockedMap(call.inputs[0], f.blocked()));
  }
  const Tensor x = call.input(0);
  const auto map = [&](auto zero) { return mapAs(x, f, zero); };
  if constexpr (TakesIntegers<F>)
    return oneOutput(visitCompute(x.dtype(), map));
  else
    return oneOutput(visitFloating(x.dtype(), map));
}

template <class F>
std::vector<Tensor> unaryBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const F f(call.node);
  const Tensor input = toFloat32(call.inputs[0]);
  const Tensor output = toFloat32(call.outputs[0]);
  const float* __restrict x = input.as<float>().data();
  const float* __restrict y = output.as<float>().data();
  const float* __restrict g = call.outputGradients[0].template as<float>().data();
  TensorBuilder out(DType::Float32, input.shape());
  float* __restrict to = out.as<float>().data();
  const std::size_t count = out.as<float>().size();
  if constexpr (HasGradients<F>)
    f.gradients(x, g, to, count);
  else
    for (std::size_t i = 0; i < count; ++i) to[i] = g[i] * f.derivative(x[i], y[i]);
  return gradientOf(call, 0, std::move(out).build());
}

template <class F>
constexpr Op unaryOp(std::string_view type, std::string_view domain = "") {
  Op op{domain, type, unaryForward<F>};
  if constexpr (HasDerivative<F>) op.backward = unaryBackward<F>;
  op.takesBlocked = HasBlocked<F>;
  return op;
}

/// The row of an operator that older sets do not have.
constexpr Op since(std::int64_t opset, Op op) {
  op.sinceOpset = opset;
  return op;
}

// The parts of elementwiseOps().
std::span<const Op> mathOps();          // elementwise_math.cpp
std::span<const Op> activationOps();    // elementwise_activations.cpp
std::span<const Op> experimentalOps();  // elementwise_experimental.cpp

}  // namespace lapidary::core
