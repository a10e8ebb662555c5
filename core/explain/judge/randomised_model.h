// SPDX-License-Identifier: GPL-3.0-or-later
// A model that has forgotten what it learnt, for sanity checks (Adebayo et al. 2018).
#pragma once

#include <cstdint>

#include "core/model/model.h"

namespace lapidary::core {

enum class Forgotten { TopLayer, AllLayers };

/// The weights of the last layer, or of every layer, in a random order each: their distribution stays, what
/// they say is gone. The graph is shared with the model.
Model randomised(const Model& model, Forgotten forgotten, std::uint64_t seed);

}  // namespace lapidary::core
