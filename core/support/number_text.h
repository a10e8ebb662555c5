// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as people read them, the same in window, report and on the command line: grouped thousands, decimal
// units, as many figures as matter.
#pragma once

#include <cstdint>
#include <string>

namespace lapidary::core {

std::string bytesText(std::uint64_t bytes);               ///< "999 B", "1.72 MB": three significant figures
std::string countText(std::int64_t count);                ///< "431,080"
std::string shortCountText(std::int64_t count);           ///< "400.5 k"
std::string percentText(double share, int decimals = 2);  ///< 0.984 -> "98.40 %"
std::string pointsText(double shareDifference);           ///< -0.001 -> "-0.10", 0.001 -> "+0.10"
std::string fixedText(double value, int decimals);        ///< "1,234.50"; no sign on what rounds to zero
std::string significantText(double value, int figures = 3);  ///< "0.0142", "9.90", "1.20e+12"
std::string shortText(double value,
                      int figures = 4);  ///< the same without zeros at its end: "9.9", "1.2e+12"

/// With U+2212 for every hyphen, as texts that are set in type have it.
std::string withTrueMinus(const std::string& number);

}  // namespace lapidary::core
