// SPDX-License-Identifier: GPL-3.0-or-later
// 8-bit weights as parts whose products oneDNN's kernels sum exactly.
#pragma once

#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// One part where that is exact. Without VNNI the kernels add pairs of products of neighbouring input
/// channels in 16 bits, which saturate: 255 * (|a| + |b|) may not exceed 32767. Codes within [-64, 64]
/// never do; others become two such parts that add up to them. `codes` is Int8.
std::vector<Tensor> exactParts(const Tensor& codes);

}  // namespace lapidary::core
