// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces of HTML and SVG: escaping, numbers, embedded pictures, bars. By hand: Qt draws charts for a
// window, which the command line does not have.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/analyze/outcome.h"
#include "core/files/image.h"
#include "core/support/number_text.h"

namespace lapidary::core {

std::string escaped(std::string_view text);
std::string base64(std::span<const std::byte> bytes);
/// An <img> that carries its PNG.
std::string embeddedImage(const Picture& picture, std::string_view description);

/// In a drawing's units, to a tenth: "12.5", "-3".
std::string coordinate(double value);
/// A <text> of an SVG; the anchor is "start", "middle" or "end".
std::string svgText(double x, double y, std::string_view words, const char* anchor = "start");

/// "98.40 %", "+0.10", "1,725,129", "0.0142", with a true minus sign.
std::string percent(double share);
std::string points(double shareDifference);
std::string grouped(std::int64_t count);
std::string significant(double value);

/// Horizontal bars of bytes per layer, before and after, as inline SVG.
struct LayerBar {
  std::string name;
  std::uint64_t before = 0, after = 0;
};
std::string bytesPerLayerChart(const std::vector<LayerBar>& bars);

/// One share with its interval on a line from `low` to `high`, original and cut one above the other.
std::string intervalChart(double original, const Interval& originalInterval, double cut,
                          const Interval& cutInterval);

}  // namespace lapidary::core
