// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps ONNX Runtime's optimiser from computing with other numbers than the file holds.
#pragma once

#include <cstddef>
#include <vector>

#include "core/io/onnx/onnx_content.h"

namespace lapidary::core {

/// ONNX Runtime turns a DequantizeLinear of constants and the MatMul or Gemm that reads it into one operator
/// (MatMulNBits) that rounds the activations to 8 bits, also where a Transpose, or a node that changes
/// nothing, stands between the two; over a Transpose without `perm` it ends the process. Where a Conv or Gemm
/// reads activations from a DequantizeLinear and its output is quantized next, it rounds floating-point
/// weights to 8 bits, with one scale for all of them. A Sum of one value after the DequantizeLinear prevents
/// all this: no rule of the optimiser looks through it, and our reader hands its value on. It also stands
/// where signed codes of activations would be carried over a change of shape, which ends in a file that does
/// not load.
///
/// The values meant for integer kernels stay as they are: of our weights, those of Conv and Gemm that are
/// symmetric integers of 5 to 8 bits beside activations that are codes; of the file's own, all beside such
/// activations; of both, only where the layer reads what comes out of the DequantizeLinear and its scale is
/// one, or one for each output: the kernels take scales of whatever axis for those of the outputs. The first
/// `ours` nodes are those that compute our weights.
void guardDequantized(OnnxContent& content, std::size_t ours);

/// The nodes of a written graph that would still be computed with other numbers: none where it is guarded.
std::vector<NodeId> unguardedNodes(const Graph& graph, const std::vector<OpsetImport>& opsets);

}  // namespace lapidary::core
