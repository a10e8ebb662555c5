// SPDX-License-Identifier: GPL-3.0-or-later
// From values to colours: which map, up to which value.
#pragma once

#include <QRgb>
#include <array>

namespace lapidary::ui {

enum class ColorMap {
  Diverging,   ///< signed, the panel's colour at zero
  Sequential,  ///< magnitudes, from zero
  Mask,        ///< zero or not: the panel's colour and the text's
};

struct ColorScale {
  ColorMap map = ColorMap::Diverging;
  double limit = 1;  ///< the value (magnitude) of the strongest colour
  bool operator==(const ColorScale&) const = default;
};

/// The colours of one scale in the present theme, tabled for speed.
class ColorTable {
 public:
  explicit ColorTable(const ColorScale& scale);
  /// Transparent for a value that is not a number.
  QRgb color(float value) const;

 private:
  static constexpr int half = 256;
  double m_factor = 1;
  std::array<QRgb, 2 * half + 1> m_colors{};
};

}  // namespace lapidary::ui
