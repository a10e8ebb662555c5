// SPDX-License-Identifier: GPL-3.0-or-later
// The families of operators: each room defines the lists that it is named at here, and ops.cpp joins them.
// Which operators a list holds stands in its rows alone.
#pragma once

#include <span>

#include "core/ops/op.h"

namespace lapidary::core {

std::span<const Op> convolutionOps();    // conv/: convolutions, and what folds their columns back
std::span<const Op> matrixOps();         // matrix/: products of matrices, and what is made of whole ones
std::span<const Op> poolOps();           // pool/: pools, over windows and over everything, and back
std::span<const Op> normalizationOps();  // normalization/: what divides by statistics of its input
std::span<const Op> softmaxOps();        // reduction/: scores into shares of 1
std::span<const Op> lossOps();           // reduction/: scores held against labels
std::span<const Op> reductionOps();      // reduction/: many values into one, and what runs along an axis
std::span<const Op> quantizedOps();      // quantized/: into codes and back, and products of codes
std::span<const Op> elementwiseOps();    // arithmetic/: functions of one element
std::span<const Op> binaryOps();         // arithmetic/: functions of several inputs, broadcast
std::span<const Op> shapeOps();          // indexing/: shapes, element types, and values made of them
std::span<const Op> indexingOps();       // indexing/: elements picked, placed, joined and parted
std::span<const Op> resizeOps();         // resize/: other numbers of pixels, and pixels into channels
std::span<const Op> signalOps();         // signal/: spectra, and the windows that they are taken through
std::span<const Op> randomOps();         // signal/: values drawn at random
std::span<const Op> visionOps();         // vision/: boxes, regions, and sampling at positions
std::span<const Op> attentionOps();      // attention/: queries that look at keys, and positions of both
std::span<const Op> fusedOps();          // fused/: what ONNX Runtime writes in a domain of its own
std::span<const Op> controlOps();        // control/: what runs subgraphs
std::span<const Op> recurrentOps();      // recurrent/: networks that step through time

}  // namespace lapidary::core
