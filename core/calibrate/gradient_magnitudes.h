// SPDX-License-Identifier: GPL-3.0-or-later
// The gradient of single samples' losses at every weight, by its mean magnitude.
#pragma once

#include <map>

#include "core/data/dataset.h"
#include "core/support/progress.h"

namespace lapidary::core {

struct GradientMagnitudeRequest {
  LayerId layer;            ///< wanted for certain; those of other layers come along where they can
  std::size_t samples = 0;  ///< the first of the dataset's order
  unsigned workers = 1;
  bool classScores = true;  ///< false: outputs are no scores, L is half the squared norm of them all
};

/// By index of the layer: mean over samples of |dL/dw|, Float32 in the weight's shape. L is the sample's
/// cross-entropy against its label, without labels against the class that the model itself gives. The same
/// for any number of workers. Throws Error(Unsupported) naming the node that has no gradient.
std::map<std::uint32_t, Tensor> meanGradientMagnitudes(const Model& model, const Dataset& data,
                                                       const GradientMagnitudeRequest& request,
                                                       const Progress& progress);

}  // namespace lapidary::core
