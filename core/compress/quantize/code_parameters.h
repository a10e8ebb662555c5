// SPDX-License-Identifier: GPL-3.0-or-later
// Codes in even steps: from the range of a group of weights to its scale, zero point and offset.
#pragma once

#include <cstdint>
#include <vector>

#include "core/compress/quantize/value_ranges.h"
#include "core/compress/recipe/recipe.h"

namespace lapidary::core {

/// The limits that the codes of all groups have in common.
struct CodeLimits {
  std::int32_t least = 0, most = 0;  ///< range of codes
  std::int32_t mask = -1;            ///< kept planes of the magnitude
  bool reserved = false;             ///< MinMax: code 0 means zero

  bool operator==(const CodeLimits&) const = default;
};

/// Of the schemes with a range, and of Binary and Ternary. `reserved` counts for MinMax only.
CodeLimits limitsOf(const Quantize& quantize, bool reserved);

/// Of one group; scale, zero and offset as WeightEncoding has them.
struct GroupCodes {
  float scale = 1, offset = 0;
  std::int32_t zero = 0;
  double low = 0, width = 1;  ///< MinMax: min and max - min
};

/// Codes for the values from `low` to `high`; for none where low is above high. For schemes with a range (see
/// hasRange). Throws Error(Unsupported) where MinMax cannot express the width as a float.
GroupCodes groupCodes(const Quantize& quantize, const CodeLimits& limits, double low, double high);

/// The parameters of all groups, one array each.
struct Parameters {
  CodeLimits limits;
  std::vector<float> scale, offset;
  std::vector<std::int32_t> zero;
  std::vector<double> low, width;

  void reserve(std::size_t groups);
  void add(const GroupCodes& group);
};

/// For schemes with a range. Throws as groupCodes does.
Parameters parametersFor(const Quantize& quantize, const CodeLimits& limits, const Ranges& ranges);

/// Binary and Ternary: the mean magnitude is the scale.
Parameters meanParameters(const CodeLimits& limits, const Magnitudes& magnitudes);

/// As a float, and never zero, which would stand for nothing (and ONNX asks for a positive scale).
float usableScale(double scale);

/// The least power of two that is not below; at least the least float above zero, at most the greatest power
/// of two that a float holds.
float powerOfTwoAbove(double scale);

/// Bits that the codes take; `zeros` where there are exact zeros among the values.
unsigned bitsNeeded(const Quantize& quantize, bool zeros, bool reserved);

}  // namespace lapidary::core
