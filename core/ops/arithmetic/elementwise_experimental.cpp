// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of one element that ONNX 1.0 to 1.2 had as experiments, and that ONNX Runtime still runs: Affine,
// ParametricSoftplus, ScaledTanh, Scale, ImageScaler.
#include <cmath>

#include "core/ops/arithmetic/elementwise.h"
#include "core/ops/axes.h"

namespace lapidary::core {
namespace {

float requiredFloat(const Node& node, const std::string& attribute) {
  const float* value = node.find<float>(attribute);
  if (value == nullptr) failAttribute(attribute, "is missing");
  return *value;
}

struct Affine {
  float alpha, beta;
  explicit Affine(const Node& node) : alpha(node.floatOr("alpha", 1)), beta(node.floatOr("beta", 0)) {}
  template <class T>
  T operator()(T x) const {
    return static_cast<T>(alpha) * x + static_cast<T>(beta);
  }
  float derivative(float, float) const { return alpha; }
};

struct Scale {
  float scale;
  explicit Scale(const Node& node) : scale(node.floatOr("scale", 1)) {}
  template <class T>
  T operator()(T x) const {
    return static_cast<T>(scale) * x;
  }
  float derivative(float, float) const { return scale; }
};

/// alpha log(1 + e^(beta x)).
struct ParametricSoftplus {
  float alpha, beta;
  explicit ParametricSoftplus(const Node& node)
      : alpha(requiredFloat(node, "alpha")), beta(requiredFloat(node, "beta")) {}
  template <class T>
  T operator()(T x) const {
    const T scaled = static_cast<T>(beta) * x;
    return static_cast<T>(alpha) * (std::log1p(std::exp(-std::abs(scaled))) + std::max(scaled, T{}));
  }
  float derivative(float x, float) const { return alpha * beta / (1 + std::exp(-beta * x)); }
};

struct ScaledTanh {
  float alpha, beta;
  explicit ScaledTanh(const Node& node)
      : alpha(requiredFloat(node, "alpha")), beta(requiredFloat(node, "beta")) {}
  template <class T>
  T operator()(T x) const {
    return static_cast<T>(alpha) * std::tanh(static_cast<T>(beta) * x);
  }
  float derivative(float x, float) const {
    const float t = std::tanh(beta * x);
    return alpha * beta * (1 - t * t);
  }
};

/// One of `bias` for each channel.
std::vector<Activation> imageScaler(const OpCall& call) {
  const Tensor x = call.input(0);
  const auto* bias = call.node.find<std::vector<float>>("bias");
  if (x.rank() < 2 || bias == nullptr || static_cast<std::int64_t>(bias->size()) != x.shape()[1])
    failAttribute("bias", "holds " + std::to_string(bias == nullptr ? 0 : bias->size()) +
                              " values for an input of shape " + toText(x.shape()));
  const float scale = call.node.floatOr("scale", 1);
  return oneOutput(visitFloating(x.dtype(), [&]<class T>(T) {
    const Tensor from = convert(x, dtypeOf<T>());
    TensorBuilder to(dtypeOf<T>(), x.shape());
    const std::int64_t channels = x.shape()[1], plane = product(x.shape(), 2, x.rank());
    for (std::int64_t i = 0; i < x.size(); ++i) {
      const auto channel = static_cast<std::size_t>(i / plane % channels), at = static_cast<std::size_t>(i);
      to.as<T>()[at] = static_cast<T>(scale) * from.template as<T>()[at] + static_cast<T>((*bias)[channel]);
    }
    return convert(std::move(to).build(), x.dtype());
  }));
}

std::vector<Tensor> imageScalerBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  TensorBuilder to(DType::Float32, call.inputs[0].shape());
  const float scale = call.node.floatOr("scale", 1);
  std::ranges::transform(call.outputGradients[0].as<float>(), to.as<float>().begin(),
                         [scale](float g) { return scale * g; });
  return gradientOf(call, 0, std::move(to).build());
}

constexpr Op elementwiseExperimentalRows[] = {
    unaryOp<Affine>("Affine"),
    unaryOp<Scale>("Scale"),
    unaryOp<ParametricSoftplus>("ParametricSoftplus"),
    unaryOp<ScaledTanh>("ScaledTanh"),
    {"", "ImageScaler", imageScaler, imageScalerBackward},
};

}  // namespace

std::span<const Op> experimentalOps() { return elementwiseExperimentalRows; }

}  // namespace lapidary::core
