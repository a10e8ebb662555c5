// SPDX-License-Identifier: GPL-3.0-or-later
// Small shapes of inputs and results: one that may be missing, one output, no gradients, one gradient.
#pragma once

#include <initializer_list>

#include "core/ops/op.h"

namespace lapidary::core {

inline std::vector<Activation> oneOutput(Activation activation) {
  std::vector<Activation> outputs;
  outputs.push_back(std::move(activation));
  return outputs;
}

/// Input i, or an undefined tensor where it is omitted.
inline Tensor inputOr(const OpCall& call, std::size_t i) { return call.has(i) ? call.input(i) : Tensor(); }
inline Tensor inputOr(const BackwardCall& call, std::size_t i) {
  return i < call.inputs.size() ? call.inputs[i] : Tensor();
}

inline bool omitted(const OpCall& call, std::size_t output) {
  return output >= call.node.outputs.size() || !call.node.outputs[output].valid();
}

inline std::vector<Tensor> noGradients(const BackwardCall& call) {
  return std::vector<Tensor>(call.inputs.size());
}

/// Is the gradient of input i asked for, does anything flow back, and can it flow to that dtype?
inline bool flowsTo(const BackwardCall& call, std::size_t i, std::size_t output = 0) {
  return i < call.wanted.size() && call.wanted[i] && output < call.outputGradients.size() &&
         call.outputGradients[output].defined() && isFloating(call.inputs[i].dtype());
}

/// All gradients undefined but that of input i.
inline std::vector<Tensor> gradientOf(const BackwardCall& call, std::size_t i, Tensor gradient) {
  std::vector<Tensor> gradients = noGradients(call);
  gradients[i] = std::move(gradient);
  return gradients;
}

/// The cost of an operator that only gives the same elements another name or shape.
inline Cost viewCost(const Node&, std::span<const Shape>, std::span<const Shape>) { return {}; }

/// The cost of an operator that only moves elements of 4 bytes: every one given is read and written once.
inline Cost moveCost(const Node&, std::span<const Shape>, std::span<const Shape> outputs) {
  Cost cost;
  for (const Shape& shape : outputs) cost.bytes += 8 * static_cast<double>(elementCount(shape));
  return cost;
}

inline std::vector<Op> joinOps(std::initializer_list<std::span<const Op>> parts) {
  std::vector<Op> ops;
  for (const auto part : parts) ops.insert(ops.end(), part.begin(), part.end());
  return ops;
}

}  // namespace lapidary::core
