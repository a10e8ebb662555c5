// SPDX-License-Identifier: GPL-3.0-or-later
// Activation functions.
#include <bit>
#include <cmath>
#include <numbers>

#include "core/ops/arithmetic/elementwise.h"
#include "core/ops/kernels/vector_math.h"
#include "core/support/vectorized.h"

namespace lapidary::core {
namespace {

using BlockedKind = BlockedFunction::Kind;

template <class T>
T logistic(T x) {
  return T{1} / (T{1} + std::exp(-x));
}
/// log(1 + e^x) without overflow.
template <class T>
T softplus(T x) {
  return std::log1p(std::exp(-std::abs(x))) + std::max(x, T{});
}

/// By the bits, since a choice between floats is not vectorised: those of a float above zero are an integer
/// above zero.
LAPIDARY_VECTORIZED void reluGradients(const float* __restrict x, const float* __restrict g,
                                       float* __restrict to, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t above = std::bit_cast<std::int32_t>(x[i]) > 0 ? -1 : 0;
    to[i] = std::bit_cast<float>(std::bit_cast<std::int32_t>(g[i]) & above);
  }
}

struct Relu {
  static constexpr bool integers = true;
  explicit Relu(const Node&) {}
  template <class T>
  T operator()(T x) const {
    return x < T{} ? T{} : x;
  }
  float derivative(float x, float) const { return x > 0 ? 1.0f : 0.0f; }
  void gradients(const float* x, const float* g, float* to, std::size_t count) const {
    reluGradients(x, g, to, count);
  }
  BlockedFunction blocked() const { return {BlockedKind::Relu}; }
};

struct LeakyRelu {
  float alpha;
  explicit LeakyRelu(const Node& node) : alpha(node.floatOr("alpha", 0.01f)) {}
  template <class T>
  T operator()(T x) const {
    return x < T{} ? static_cast<T>(alpha) * x : x;
  }
  float derivative(float x, float) const { return x > 0 ? 1.0f : alpha; }
  BlockedFunction blocked() const { return {BlockedKind::Relu, alpha}; }
};

struct ThresholdedRelu {
  float alpha;
  explicit ThresholdedRelu(const Node& node) : alpha(node.floatOr("alpha", 1.0f)) {}
  template <class T>
  T operator()(T x) const {
    return x > static_cast<T>(alpha) ? x : T{};
  }
  float derivative(float x, float) const { return x > alpha ? 1.0f : 0.0f; }
};

struct Elu {
  float alpha;
  explicit Elu(const Node& node) : alpha(node.floatOr("alpha", 1.0f)) {}
  template <class T>
  T operator()(T x) const {
    return x < T{} ? static_cast<T>(alpha) * std::expm1(x) : x;
  }
  float derivative(float x, float y) const { return x > 0 ? 1.0f : y + alpha; }
};

struct Selu {
  float alpha, gamma;
  explicit Selu(const Node& node)
      : alpha(node.floatOr("alpha", 1.67326319217681884765625f)),
        gamma(node.floatOr("gamma", 1.05070102214813232421875f)) {}
  template <class T>
  T operator()(T x) const {
    return static_cast<T>(gamma) * (x > T{} ? x : static_cast<T>(alpha) * std::expm1(x));
  }
  float derivative(float x, float y) const { return x > 0 ? gamma : y + gamma * alpha; }
};

/// Before opset 6 the usual constants had fewer digits.
Node seluNode(const Node& node, std::int64_t opset) {
  Node result = node;
  if (opset >= 6) return result;
  result.attributes.try_emplace("alpha", 1.6732f);
  result.attributes.try_emplace("gamma", 1.0507f);
  return result;
}
std::vector<Activation> selu(const OpCall& call) {
  const Node node = seluNode(call.node, call.opset);
  return unaryForward<Selu>(OpCall{node, call.opset, call.inputs});
}
std::vector<Tensor> seluBackward(const BackwardCall& call) {
  const Node node = seluNode(call.node, call.opset);
  return unaryBackward<Selu>(
      BackwardCall{node, call.opset, call.inputs, call.outputs, call.outputGradients, call.wanted});
}

struct Celu {
  float alpha;
  explicit Celu(const Node& node) : alpha(node.floatOr("alpha", 1.0f)) {}
  template <class T>
  T operator()(T x) const {
    const auto a = static_cast<T>(alpha);
    return std::max(T{}, x) + std::min(T{}, a * std::expm1(x / a));
  }
  float derivative(float x, float) const { return x > 0 ? 1.0f : std::exp(x / alpha); }
};

struct Sigmoid {
  explicit Sigmoid(const Node&) {}
  template <class T>
  T operator()(T x) const {
    return logistic(x);
  }
  void array(const float* from, float* to, std::size_t n) const { sigmoidArray(from, to, n); }
  float derivative(float, float y) const { return y * (1 - y); }
  BlockedFunction blocked() const { return {BlockedKind::Logistic}; }
};

struct Tanh {
  explicit Tanh(const Node&) {}
  template <class T>
  T operator()(T x) const {
    return std::tanh(x);
  }
  void array(const float* from, float* to, std::size_t n) const { tanhArray(from, to, n); }
  float derivative(float, float y) const { return 1 - y * y; }
  BlockedFunction blocked() const { return {BlockedKind::Tanh}; }
};

struct HardSigmoid {
  float alpha, beta;
  explicit HardSigmoid(const Node& node)
      : alpha(node.floatOr("alpha", 0.2f)), beta(node.floatOr("beta", 0.5f)) {}
  template <class T>
  T operator()(T x) const {
    return std::max(T{}, std::min(T{1}, static_cast<T>(alpha) * x + static_cast<T>(beta)));
  }
  float derivative(float, float y) const { return y > 0 && y < 1 ? alpha : 0.0f; }
};

struct HardSwish {
  explicit HardSwish(const Node&) {}
  template <class T>
  T operator()(T x) const {
    return x * std::max(T{}, std::min(T{1}, x / T{6} + static_cast<T>(0.5)));
  }
  float derivative(float x, float) const { return x <= -3 ? 0.0f : x >= 3 ? 1.0f : x / 3 + 0.5f; }
  BlockedFunction blocked() const { return {BlockedKind::HardSwish}; }
};

struct Swish {  // x times the logistic function of alpha x, Ramachandran et al. 2017
  float alpha;
  explicit Swish(const Node& node) : alpha(node.floatOr("alpha", 1.0f)) {}
  template <class T>
  T operator()(T x) const {
    return x * logistic(static_cast<T>(alpha) * x);
  }
  float derivative(float x, float y) const {
    const float s = logistic(alpha * x);
    return s + alpha * y * (1 - s);
  }
};

struct Softplus {
  explicit Softplus(const Node&) {}
  template <class T>
  T operator()(T x) const {
    return softplus(x);
  }
  float derivative(float x, float) const { return logistic(x); }
};

struct Softsign {
  explicit Softsign(const Node&) {}
  template <class T>
  T operator()(T x) const {
    return x / (T{1} + std::abs(x));
  }
  float derivative(float x, float) const {
    const float d = 1 + std::abs(x);
    return 1 / (d * d);
  }
};

struct Mish {  // x tanh(log(1 + e^x)), Misra 2019
  explicit Mish(const Node&) {}
  template <class T>
  T operator()(T x) const {
    return x * std::tanh(softplus(x));
  }
  float derivative(float x, float) const {
    const float t = std::tanh(softplus(x));
    return t + x * (1 - t * t) * logistic(x);
  }
};

struct Gelu {  // Hendrycks and Gimpel 2016, exact or by the tanh approximation
  static constexpr double cubic = 0.044715;
  bool approximate;
  explicit Gelu(const Node& node) : approximate(node.textOr("approximate", "none") == "tanh") {}
  template <class T>
  T inner(T x) const {
    return static_cast<T>(std::numbers::sqrt2 * std::numbers::inv_sqrtpi) *
           (x + static_cast<T>(cubic) * x * x * x);
  }
  template <class T>
  T operator()(T x) const {
    const T half = x / T{2};
    return approximate ? half * (T{1} + std::tanh(inner(x)))
                       : half * (T{1} + std::erf(x / std::numbers::sqrt2_v<T>));
  }
  void array(const float* from, float* to, std::size_t n) const {
    if (!approximate) return geluArray(from, to, n);
    for (std::size_t i = 0; i < n; ++i) to[i] = inner(from[i]);
    tanhArray(to, to, n);
    for (std::size_t i = 0; i < n; ++i) to[i] = 0.5f * from[i] * (1 + to[i]);
  }
  float derivative(float x, float) const {
    if (!approximate) {
      const float density =
          std::exp(-x * x / 2) * std::numbers::inv_sqrtpi_v<float> / std::numbers::sqrt2_v<float>;
      return 0.5f * (1 + std::erf(x / std::numbers::sqrt2_v<float>)) + x * density;
    }
    const float t = std::tanh(inner(x));
    const float innerDerivative = std::numbers::sqrt2_v<float> * std::numbers::inv_sqrtpi_v<float> *
                                  (1 + 3 * static_cast<float>(cubic) * x * x);
    return 0.5f * (1 + t) + 0.5f * x * (1 - t * t) * innerDerivative;
  }
};

struct Shrink {
  static constexpr bool integers = true;
  float bias, lambd;
  explicit Shrink(const Node& node) : bias(node.floatOr("bias", 0.0f)), lambd(node.floatOr("lambd", 0.5f)) {}
  template <class T>
  T operator()(T x) const {
    const auto value = static_cast<double>(x);
    if (value < -static_cast<double>(lambd)) return static_cast<T>(value + static_cast<double>(bias));
    if (value > static_cast<double>(lambd)) return static_cast<T>(value - static_cast<double>(bias));
    return T{};
  }
  float derivative(float x, float) const { return std::abs(x) > lambd ? 1.0f : 0.0f; }
};

constexpr Op elementwiseActivationsRows[] = {
    unaryOp<Relu>("Relu"),
    unaryOp<LeakyRelu>("LeakyRelu"),
    unaryOp<ThresholdedRelu>("ThresholdedRelu"),
    unaryOp<Elu>("Elu"),
    {"", "Selu", selu, seluBackward},
    unaryOp<Celu>("Celu"),
    unaryOp<Sigmoid>("Sigmoid"),
    unaryOp<Tanh>("Tanh"),
    unaryOp<HardSigmoid>("HardSigmoid"),
    unaryOp<HardSwish>("HardSwish"),
    since(24, unaryOp<Swish>("Swish")),
    unaryOp<Softplus>("Softplus"),
    unaryOp<Softsign>("Softsign"),
    unaryOp<Mish>("Mish"),
    unaryOp<Gelu>("Gelu"),
    unaryOp<Gelu>("Gelu", "com.microsoft"),
    unaryOp<Shrink>("Shrink"),
};

}  // namespace

std::span<const Op> activationOps() { return elementwiseActivationsRows; }

}  // namespace lapidary::core
