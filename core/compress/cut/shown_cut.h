// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts that changed the graph, told in the shapes that layers had before.
#pragma once

#include "core/compress/cut/cut_chain.h"

namespace lapidary::core {

/// Gives what the recipe makes of one layer of `base`, in the shape that it has there: what is gone is +0,
/// and two factors are multiplied. Layers that the structure does not touch are cut as ever; nothing where
/// the layer stays as it is. Where the shape has changed there is never an encoding.
std::optional<CutWeight> shownCut(const ResolvedCut& resolved, LayerId layer, const Progress& progress);

}  // namespace lapidary::core
