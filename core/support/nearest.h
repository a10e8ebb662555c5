// SPDX-License-Identifier: GPL-3.0-or-later
// The names that a mistyped one may have meant.
#pragma once

#include <string>
#include <vector>

namespace lapidary::core {

/// Up to `most` of `names`, nearest first by Levenshtein's distance; equally near ones in their order.
std::vector<std::string> nearestNames(const std::string& wanted, const std::vector<std::string>& names,
                                      std::size_t most);

}  // namespace lapidary::core
