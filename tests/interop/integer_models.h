// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that read codes themselves, as quantizers of ONNX Runtime write them (QOperator).
#pragma once

#include "tests/interop/product_models.h"

namespace lapidary::tests {

/// One output for each operator of integers with a constant weight: convolutions and products of ONNX, on
/// either side, with signed and unsigned weights, of one scale and of one a channel.
core::Model everyIntegerOperator();
std::size_t layersOfEveryIntegerOperator();
/// Which of its outputs come out of codes of the grid that `activations` tells.
std::vector<bool> codedOutputsOfEveryIntegerOperator();
Activations activationsOfEveryIntegerOperator();
NamedInputs inputsOfEveryIntegerOperator(bool raw);

/// Nodes without weights whose activations come out of codes, and go into codes in the second half of the
/// outputs.
core::Model everyNodeBetweenCodes(const Activations& activations);
std::vector<bool> codedOutputsOfEveryNodeBetweenCodes(const Activations& activations);
NamedInputs inputsOfEveryNodeBetweenCodes(bool raw);

}  // namespace lapidary::tests
