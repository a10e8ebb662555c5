// SPDX-License-Identifier: GPL-3.0-or-later
// How many bytes an ideal coder without contexts would need for a cut weight: a forecast in milliseconds
// where packing takes a second.
#pragma once

#include "core/compress/cut/cutter.h"

namespace lapidary::core {

/// Codes by the entropy of their histogram, with scales, offsets and codebook as they are; floats by which of
/// them are zero and, of the others, each byte by its own histogram. O(n).
double entropyBytes(const CutWeight& weight);

}  // namespace lapidary::core
