// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic speed that this machine reaches in a large matrix product, as a yardstick for others.
#pragma once

#include "core/support/progress.h"

namespace lapidary::core {

/// Float32 operations a second of one thread in oneDNN's sgemm of 768 x 768 matrices, while `threads`
/// threads multiply at once: the fastest of 15 products (about 10 ms each), since whatever else runs can only
/// slow them down. A multiply-add counts two.
double sgemmPeak(unsigned threads, const Progress& progress);

}  // namespace lapidary::core
