// SPDX-License-Identifier: GPL-3.0-or-later
// Tells dictionaries that a training alone needs by the keys that they hold together.
#pragma once

#include "core/io/torch/pickle_trace.h"

namespace lapidary::core {

/// Whether the value is the state of an optimizer, a schedule of learning rates, a scaler of losses or a
/// random generator.
bool holdsTraining(const PickleTrace& pickle, const PickleValue& value);

}  // namespace lapidary::core
