// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of visionOps().
#pragma once

#include "core/ops/axes.h"
#include "core/ops/results.h"

namespace lapidary::core {

std::span<const Op> boxOps();     // vision_boxes.cpp
std::span<const Op> regionOps();  // vision_regions.cpp
std::span<const Op> gridOps();    // vision_grid.cpp

}  // namespace lapidary::core
