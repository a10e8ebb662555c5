// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of fusedOps(): operators of the domain com.microsoft, which ONNX Runtime's optimiser and
// quantizer write (onnxruntime/docs/ContribOperators.md), each made of standard ones.
#pragma once

#include <map>
#include <string>

#include "core/ops/results.h"

namespace lapidary::core {

inline constexpr std::string_view microsoft = "com.microsoft";

std::span<const Op> fusedMathOps();       // fused_math.cpp: products and convolutions with an activation
std::span<const Op> fusedGeluOps();       // fused_gelu.cpp
std::span<const Op> fusedNormOps();       // fused_norm.cpp: normalisations of a sum
std::span<const Op> fusedEmbedOps();      // fused_embed.cpp
std::span<const Op> fusedQuantizedOps();  // fused_quantized.cpp: QLinear* between 8-bit codes

using NodeAttributes = std::map<std::string, Attribute>;

/// A standard operator of the newest opset as part of a fused one: a node with its attributes, to be run
/// forward and backward.
class Part {
 public:
  Part(std::string_view type, NodeAttributes attributes = {}, std::int64_t opset = 21);

  /// The first output. An undefined tensor is an omitted input.
  Tensor operator()(const std::vector<Tensor>& inputs) const;
  /// Gradients of all inputs, given the output and its gradient.
  std::vector<Tensor> backward(const std::vector<Tensor>& inputs, const Tensor& output,
                               const Tensor& gradient) const;

 private:
  Node m_node;
  std::int64_t m_opset;
  const Op* m_op;
};

}  // namespace lapidary::core
