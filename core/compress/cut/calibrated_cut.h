// SPDX-License-Identifier: GPL-3.0-or-later
// One edit of one weight that calibration samples have a say in: pruning, scaling, rounding, bias.
#pragma once

#include <optional>

#include "core/compress/cut/cut_weight.h"
#include "core/compress/inputs/layer_inputs.h"
#include "core/compress/prune/prune.h"

namespace lapidary::core {

/// The detail of the layer's inputs that the edit needs; nothing where it needs none.
std::optional<InputDetail> detailFor(const Prune& prune, const Quantize& quantize);

struct CalibratedEdit {
  const Model& model;  ///< the original
  const Layer& layer;
  const Tensor& weight;  ///< Float32, in Layer::shape
  /// Modes whose zeros a threshold tells; of `scores` where they are defined, else of magnitudes.
  Cutoff cutoff;
  Tensor scores;
  Prune prune;  ///< Wanda and Reconstruct, Pattern and Blocks; otherwise of mode None
  Quantize quantize;
  std::shared_ptr<const LayerInputs> inputs;  ///< null where detailFor asks for nothing
};

/// In this order: prune, with the weights that stay fitted anew to the outputs (Reconstruct, or where
/// rounding goes by inputs too); scale the inputs; find scales and nearest codes; round; let the bias make
/// up. Throws Error(Unsupported) for weights that are not finite, and where no bias can make up; Cancelled.
CutWeight calibratedCut(const CalibratedEdit& edit, const Progress& progress);

}  // namespace lapidary::core
