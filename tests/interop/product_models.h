// SPDX-License-Identifier: GPL-3.0-or-later
// Models of every kind of product by a weight, small, with their inputs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/model/model.h"
#include "tests/interop/coded_values.h"

namespace lapidary::tests {

using NamedInputs = std::vector<std::pair<std::string, core::Tensor>>;

/// One output for each form in which a Gemm, MatMul, Conv, ConvTranspose or Gather reads a weight: factors
/// transposed, on the left, in a stack, or after a Transpose of a table that is looked up too.
core::Model everyProduct();
/// The same as another program may have written it: behind a DequantizeLinear of integers of `bits`, 4 or 8.
/// With activations that are codes each stands there twice: what the second gives becomes codes again.
core::Model everyStoredProduct(int bits, const Activations& activations = {});
std::vector<bool> codedOutputsOfEveryStoredProduct(int bits, const Activations& activations);

/// Activations in [-1, 1), or, where `raw`, as of a table that nobody normalised: up to a thousand.
core::Tensor activationsFor(const core::Shape& shape, unsigned seed, bool raw);
NamedInputs inputsOfEveryProduct(bool raw);

/// A table that is looked up, and multiplied by after a Transpose that does not say which axes it exchanges.
core::Model tiedByPlainTranspose();
NamedInputs inputsOfTied();

/// Gemm, MatMul with an Add, and Conv, each twice with a Relu between: what the first gives is what the
/// second reads, so that both sides of the first are quantized where the activations of both layers are.
core::Model pairsOfProducts();
NamedInputs inputsOfPairs();

}  // namespace lapidary::tests
