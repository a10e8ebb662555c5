// SPDX-License-Identifier: GPL-3.0-or-later
// The matrix operators and what they share; matrix.cpp lists them.
#pragma once

#include "core/ops/op.h"

namespace lapidary::core {

std::vector<Activation> gemmForward(const OpCall& call);
std::vector<Tensor> gemmBackward(const BackwardCall& call);
Cost gemmCost(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs);

std::vector<Activation> matMulForward(const OpCall& call);
std::vector<Tensor> matMulBackward(const BackwardCall& call);
Cost matMulCost(const Node& node, std::span<const Shape> inputs, std::span<const Shape> outputs);

std::vector<Activation> einsumForward(const OpCall& call);
std::vector<Tensor> einsumBackward(const BackwardCall& call);

std::vector<Activation> detForward(const OpCall& call);

/// The batched products that numpy's matmul makes of two shapes.
struct BatchedProduct {
  Shape output;  ///< as numpy gives it: 1-D operands leave no dimension behind
  std::int64_t m = 0, n = 0, k = 0;
  std::vector<std::int64_t> a, b;  ///< first element of each product's operands; output i starts at i * m * n
  std::size_t batches() const { return a.size(); }
};
/// Throws Error where the shapes do not multiply or broadcast. Where b has no batch of its own, the rows
/// of all of a's matrices are taken together as one product.
BatchedProduct batchedProduct(const Shape& a, const Shape& b);

/// Every product in the element type of `a` and `b` (Float64 or a 32- or 64-bit integer), wrapping
/// around as the hardware does. Throws Error for other types.
Tensor plainProduct(const BatchedProduct& product, const Tensor& a, const Tensor& b);

}  // namespace lapidary::core
