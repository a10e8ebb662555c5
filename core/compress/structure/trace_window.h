// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes that windows leave of spatial axes.
#pragma once

#include <span>

#include "core/compress/structure/node_trace.h"

namespace lapidary::core {

/// Appends the spatial axes of a convolution's or pool's output: as declared, else from the attributes.
/// `kernel` holds the window's sizes, -1 where not known; nothing is followed.
void appendWindowAxes(const NodeTrace& node, std::span<const std::int64_t> kernel, TracedValue& out);

}  // namespace lapidary::core
