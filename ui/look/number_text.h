// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as people read them: grouped thousands, units, a true minus sign, three significant figures.
#pragma once

#include <QString>
#include <cstdint>

namespace lapidary::ui {

QString bytesText(std::uint64_t bytes);                  ///< "1.72 MB" (decimal units)
QString countText(std::int64_t count);                   ///< "431,080"
QString shortCountText(std::int64_t count);              ///< "400.5 k"
QString percentText(double share, int decimals);         ///< 0.984 -> "98.40 %"
QString pointsText(double shareDifference);              ///< -0.001 -> "−0.10"
QString significantText(double value, int figures = 3);  ///< "0.0142", true minus sign
QString fixedText(double value, int decimals);           ///< "0.94", "−0.10"
QString millisecondsText(double seconds);                ///< "0.21 ms"
QString durationText(double seconds);                    ///< "12 s", "3 min 20 s", "2 h 5 min"

}  // namespace lapidary::ui
