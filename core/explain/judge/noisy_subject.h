// SPDX-License-Identifier: GPL-3.0-or-later
// A sample that was moved a little: its values, or for tokens the embedding.
#pragma once

#include "core/explain/map/draws.h"
#include "core/model/model.h"

namespace lapidary::core {

struct NoisySubject {
  Model model;  ///< shares the graph
  std::vector<Tensor> inputs;
};

/// Even noise within `radius` times the range of the values on the first floating input; where there is none,
/// on the table that the tokens look up. Nothing moves where there is neither.
NoisySubject noisySubject(const Model& model, std::span<const Tensor> inputs, double radius, Draws& draws);

}  // namespace lapidary::core
