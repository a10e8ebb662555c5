// SPDX-License-Identifier: GPL-3.0-or-later
// An activation as bytes, layout and all, for a process of the same build that computes on with it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/ops/op.h"

namespace lapidary::core {

/// Appends to `out`. Numbers stay in this machine's byte order.
void packActivation(const Activation& activation, std::vector<std::byte>& out);

/// Takes one activation off the front of `bytes`. Throws Error(InvalidInput) where they hold none.
Activation unpackActivation(std::span<const std::byte>& bytes);

}  // namespace lapidary::core
