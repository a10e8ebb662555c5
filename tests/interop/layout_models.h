// SPDX-License-Identifier: GPL-3.0-or-later
// Every operator that multiplies by a weight, with its weight laid out in every way that files hold one.
#pragma once

#include <string>
#include <vector>

#include "tests/interop/product_models.h"

namespace lapidary::tests {

/// How the weight stands in the file: as an initialiser, in a Constant node, or behind the node of that name;
/// "Shared" is an initialiser of two nodes.
const std::vector<std::string>& weightLayouts();

/// One output for each operator that reads such a weight: products of matrices on either side and with every
/// transposition, convolutions over one, two and three axes, grouped ones, transposed ones, tables that are
/// looked up, recurrent layers, Einsum, and the fused operators of ONNX Runtime. With activations that are
/// codes each stands there twice: what the second gives becomes codes again, as before a further layer.
core::Model everyOperator(const std::string& layout, const Activations& activations = {});

/// One for each of its weights.
std::size_t layersOfEveryOperator(const std::string& layout, const Activations& activations = {});

/// Which of its outputs come out of codes.
std::vector<bool> codedOutputsOfEveryOperator(const std::string& layout, const Activations& activations);

/// Activations in [-1, 1), or, where `raw`, as of a table that nobody normalised: up to a thousand.
NamedInputs inputsOfEveryOperator(bool raw);

}  // namespace lapidary::tests
