// SPDX-License-Identifier: GPL-3.0-or-later
// The walk through a model once it was read: looks at its layers, cuts, measures, writes and runs it.
#pragma once

#include "core/model/model.h"

namespace lapidary::fuzz {

/// Bounded: large models are left alone, arrays and time are limited.
void walk(const core::Model& model);

}  // namespace lapidary::fuzz
