// SPDX-License-Identifier: GPL-3.0-or-later
// Rank correlation.
#pragma once

#include <span>

namespace lapidary::core {

/// Spearman's rho with tied values sharing their mean rank, in [-1, 1]. Of two constant series 1, of
/// one constant series 0. The spans are equally long.
double spearman(std::span<const float> a, std::span<const float> b);

}  // namespace lapidary::core
