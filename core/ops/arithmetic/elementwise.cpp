// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/arithmetic/elementwise.h"

#include <limits>

#include "core/ops/axes.h"
#include "core/ops/families.h"

namespace lapidary::core {
namespace {

std::vector<Activation> identity(const OpCall& call) {
  if (!call.has(0)) failInput(0, "input", "is missing");
  return oneOutput(call.inputs[0]);
}

/// A tensor may stand where an optional value is asked for: it is there, and nothing is where none is given.
std::vector<Activation> isThere(const OpCall& call) { return oneOutput(Tensor::scalar(call.has(0))); }

std::vector<Tensor> identityBackward(const BackwardCall& call) {
  return flowsTo(call, 0) ? gradientOf(call, 0, call.outputGradients[0]) : noGradients(call);
}

/// Training asked for (input 2) with a ratio (input 1, else 0.5) that would drop anything?
bool dropsAnything(const OpCall& call) {
  if (!call.has(2) || integerOf(call, 2, "training_mode") == 0) return false;
  if (!call.has(1)) return true;
  const Tensor ratio = toFloat32(call.input(1));
  return ratio.size() != 1 || ratio.as<float>()[0] != 0.0f;
}

std::vector<Activation> dropout(const OpCall& call) {
  if (dropsAnything(call)) throw Error(ErrorKind::Unsupported, "dropout in training mode cannot be run");
  std::vector<Activation> outputs = identity(call);
  if (omitted(call, 1)) return outputs;
  const DType maskType = call.opset < 10 ? outputs[0].dtype : DType::Bool;
  const Tensor one = convert(Tensor::scalar(true), maskType);
  TensorBuilder mask(maskType, outputs[0].shape);
  visitWidth(maskType,
             [&]<class Word>(Word) { std::fill_n(wordsOf<Word>(mask), mask.size(), *wordsOf<Word>(one)); });
  outputs.push_back(std::move(mask).build());
  return outputs;
}

/// One bound of Clip: an attribute before opset 11, an input since.
template <class T>
T clipBound(const OpCall& call, std::size_t input, const char* key, T fallback) {
  if (call.opset < 11) {
    const float* attribute = call.node.find<float>(key);
    return attribute ? static_cast<T>(*attribute) : fallback;
  }
  if (!call.has(input)) return fallback;
  const Tensor bound = convert(call.input(input), dtypeOf<T>());
  if (bound.size() != 1)
    failInput(input, key, "holds " + std::to_string(bound.size()) + " values, 1 expected");
  return bound.as<T>()[0];
}

template <class T>
std::pair<T, T> clipBounds(const OpCall& call) {
  return {clipBound<T>(call, 1, "min", std::numeric_limits<T>::lowest()),
          clipBound<T>(call, 2, "max", std::numeric_limits<T>::max())};
}

/// Not-a-number stays, and the upper bound wins where the bounds cross.
std::vector<Activation> clip(const OpCall& call) {
  if (call.has(0) && call.inputs[0].layout) {
    const auto [low, high] = clipBounds<float>(call);
    return oneOutput(blockedMap(call.inputs[0], {BlockedFunction::Kind::Clip, low, high}));
  }
  const Tensor x = call.input(0);
  return oneOutput(visitCompute(x.dtype(), [&]<class T>(T zero) {
    const auto [low, high] = clipBounds<T>(call);
    const auto clamp = [lowest = low, highest = high](T value) {
      const T raised = value < lowest ? lowest : value;
      return raised > highest ? highest : raised;
    };
    return mapAs(x, clamp, zero);
  }));
}

std::vector<Tensor> clipBackward(const BackwardCall& call) {
  if (!flowsTo(call, 0)) return noGradients(call);
  const Tensor x = toFloat32(call.inputs[0]);
  const Tensor y = toFloat32(call.outputs[0]);
  const auto g = call.outputGradients[0].as<float>();
  TensorBuilder out(DType::Float32, x.shape());
  for (std::size_t i = 0; i < g.size(); ++i)
    out.as<float>()[i] = x.as<float>()[i] == y.as<float>()[i] ? g[i] : 0.0f;
  return gradientOf(call, 0, std::move(out).build());
}

constexpr Op elementwiseRows[] = {
    {"", "Identity", identity, identityBackward, viewCost, true},
    {.domain = "",
     .type = "OptionalGetElement",
     .forward = identity,
     .backward = identityBackward,
     .cost = viewCost,
     .takesBlocked = true,
     .sinceOpset = 18},
    {.domain = "",
     .type = "OptionalHasElement",
     .forward = isThere,
     .cost = viewCost,
     .takesBlocked = true,
     .sinceOpset = 18},
    {"", "Dropout", dropout, identityBackward, viewCost, true},
    {"", "Clip", clip, clipBackward, nullptr, true},
};

}  // namespace

std::span<const Op> elementwiseOps() {
  static const std::vector<Op> all =
      joinOps({elementwiseRows, mathOps(), activationOps(), experimentalOps()});
  return all;
}

}  // namespace lapidary::core
