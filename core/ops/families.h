// SPDX-License-Identifier: GPL-3.0-or-later
// The families of operators: each file of a family defines one of these lists; ops.cpp joins them.
#pragma once

#include <span>

#include "core/ops/op.h"

namespace lapidary::core {

std::span<const Op> convolutionOps();    // conv.cpp, conv_transpose.cpp
std::span<const Op> matrixOps();         // Gemm, MatMul
std::span<const Op> poolOps();           // MaxPool, AveragePool, Global*Pool, LpPool
std::span<const Op> normalizationOps();  // BatchNormalization, LayerNormalization, Instance, Group, LRN
std::span<const Op> softmaxOps();        // Softmax, LogSoftmax, Hardmax
std::span<const Op> quantizedOps();      // QuantizeLinear, DequantizeLinear, QLinear*, *Integer
std::span<const Op> elementwiseOps();    // unary math and activations
std::span<const Op> binaryOps();         // broadcasting arithmetic, comparison, logic, Where, Clip
std::span<const Op> reductionOps();      // Reduce*, ArgMax, ArgMin, CumSum, TopK
std::span<const Op> shapeOps();          // Shape, Reshape, Flatten, Squeeze, Transpose, Expand, Cast ...
std::span<const Op> indexingOps();       // Gather*, Scatter*, Slice, Concat, Split, Pad, Tile, OneHot ...
std::span<const Op> controlOps();        // If, Loop, Scan
std::span<const Op> recurrentOps();      // RNN, GRU, LSTM
std::span<const Op> resizeOps();         // Resize, Upsample, DepthToSpace, SpaceToDepth
std::span<const Op> signalOps();         // DFT, STFT, window functions, MelWeightMatrix
std::span<const Op> visionOps();         // NonMaxSuppression, RoiAlign, MaxRoiPool, GridSample, AffineGrid
std::span<const Op> randomOps();         // Random*, Multinomial, Bernoulli
std::span<const Op> lossOps();           // NegativeLogLikelihoodLoss, SoftmaxCrossEntropyLoss
std::span<const Op> fusedOps();          // domain com.microsoft: Fused*, *Gelu, Skip*Normalization, QLinear*

}  // namespace lapidary::core
