// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of signalOps().
#pragma once

#include "core/ops/axes.h"
#include "core/ops/results.h"

namespace lapidary::core {

std::span<const Op> fourierOps();  // signal_fourier.cpp
std::span<const Op> windowOps();   // signal_windows.cpp

}  // namespace lapidary::core
