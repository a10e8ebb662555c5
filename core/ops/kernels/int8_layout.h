// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a value lies in memory as 8-bit codes.
#pragma once

#include "core/ops/op.h"

namespace lapidary::core {

/// True for codes in a layout of oneDNN, and for a float value of which only the codes are held.
bool liesInCodes(const Activation& activation);

}  // namespace lapidary::core
