// SPDX-License-Identifier: GPL-3.0-or-later
// Weights that a training made of a cut model, as recipes hold them: what is left of the cut is done to them.
#pragma once

#include "core/model/model.h"

namespace lapidary::core {

/// Immutable. The layers of the model that was opened come first, with their ids and names, second factors of
/// low rank behind them; where the cut removed channels, layers are smaller.
struct RepairedWeights {
  Model model;
  Bytes file;  ///< the ONNX file that they stand in, whose SHA-256 is their name
};

}  // namespace lapidary::core
