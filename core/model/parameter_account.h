// SPDX-License-Identifier: GPL-3.0-or-later
// Which parameters of a model belong to layers, and which are left.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

/// An initialiser that no layer has for its weight, or the part of one that none has.
struct OutsideTensor {
  std::string name;
  std::int64_t parameters = 0;
  bool matrix =
      false;  ///< numbers along several axes, as weights have; else a bias, a norm, a scale, a shape
};

/// total = inLayers + outside, for every model.
struct ParameterAccount {
  std::int64_t total = 0;     ///< as Model::parameters
  std::int64_t inLayers = 0;  ///< the sum of Layer::parameters
  std::int64_t outside = 0;
  std::vector<OutsideTensor> tensors;  ///< the largest first
};

ParameterAccount accountOf(const Model& model);

/// Adds a warning where weights are outside of all layers (matrices, or one vector that is a good part of the
/// model), and one where a model that can run has no layers at all. Biases, norms and shapes alone are as
/// they should be.
void warnOfParameters(const Model& model, std::vector<Warning>& warnings);

}  // namespace lapidary::core
