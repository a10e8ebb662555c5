// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/quantize/code_parameters.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/support/error.h"

namespace lapidary::core {
namespace {

GroupCodes symmetricCodes(const Quantize& quantize, const CodeLimits& limits, double low, double high) {
  const double step = std::max(std::fabs(low), std::fabs(high)) / limits.most;
  GroupCodes codes;
  codes.scale = quantize.scheme == Scheme::PowerOfTwo ? powerOfTwoAbove(step) : usableScale(step);
  return codes;
}

GroupCodes affineCodes(const CodeLimits& limits, double low, double high) {
  GroupCodes codes;
  low = std::min(0.0, low), high = std::max(0.0, high);
  codes.scale = usableScale((high - low) / limits.most);
  const double zero = std::nearbyint(-low / static_cast<double>(codes.scale));
  codes.zero = static_cast<std::int32_t>(std::clamp<double>(zero, 0, limits.most));
  return codes;
}

GroupCodes minMaxCodes(const CodeLimits& limits, double low, double high) {
  GroupCodes codes;
  const double width = high - low;
  if (width > static_cast<double>(std::numeric_limits<float>::max()))
    throw Error(ErrorKind::Unsupported,
                "the weights span more than a float32 holds, and scheme min-max needs max - min: take "
                "another scheme");
  // Equal weights need no step; with |w| as the step and code 1, scale + offset is w without rounding.
  const double step = width > 0 ? width / (limits.most - limits.least) : std::fabs(low);
  codes.scale = usableScale(step);
  codes.offset = limits.reserved ? static_cast<float>(low) - codes.scale : static_cast<float>(low);
  codes.low = low;
  codes.width = width > 0 ? width : 1;
  return codes;
}

}  // namespace

CodeLimits limitsOf(const Quantize& quantize, bool reserved) {
  switch (quantize.scheme) {
    case Scheme::Affine:
      return {0, (1 << quantize.bits) - 1};
    case Scheme::MinMax: {
      const int steps = reserved ? std::max(1, (1 << quantize.bits) - 2) : (1 << quantize.bits) - 1;
      return {reserved ? 1 : 0, reserved + steps, -1, reserved};
    }
    case Scheme::Binary:
    case Scheme::Ternary:
      return {-1, 1};
    default:
      break;
  }
  const std::int32_t most = std::max(1, (1 << (quantize.bits - 1)) - 1);
  const bool planes = quantize.scheme == Scheme::BitPlane;
  return {-most, most, planes ? ~((1 << quantize.droppedPlanes) - 1) : -1};
}

GroupCodes groupCodes(const Quantize& quantize, const CodeLimits& limits, double low, double high) {
  if (!(low <= high)) return {};
  switch (quantize.scheme) {
    case Scheme::Affine:
      return affineCodes(limits, low, high);
    case Scheme::MinMax:
      return minMaxCodes(limits, low, high);
    default:
      return symmetricCodes(quantize, limits, low, high);
  }
}

void Parameters::reserve(std::size_t groups) {
  scale.reserve(groups), offset.reserve(groups), zero.reserve(groups);
  low.reserve(groups), width.reserve(groups);
}

void Parameters::add(const GroupCodes& group) {
  scale.push_back(group.scale);
  offset.push_back(group.offset);
  zero.push_back(group.zero);
  low.push_back(group.low);
  width.push_back(group.width);
}

Parameters parametersFor(const Quantize& quantize, const CodeLimits& limits, const Ranges& ranges) {
  Parameters p{limits, {}, {}, {}, {}, {}};
  p.reserve(ranges.low.size());
  for (std::size_t g = 0; g < ranges.low.size(); ++g)
    p.add(groupCodes(quantize, limits, ranges.low[g], ranges.high[g]));
  return p;
}

Parameters meanParameters(const CodeLimits& limits, const Magnitudes& magnitudes) {
  Parameters p{limits, {}, {}, {}, {}, {}};
  for (std::size_t g = 0; g < magnitudes.sum.size(); ++g) p.add({.scale = usableScale(magnitudes.mean(g))});
  return p;
}

float usableScale(double scale) {
  if (!(scale > 0)) return 1.0f;
  return std::max(static_cast<float>(scale), std::numeric_limits<float>::denorm_min());
}

float powerOfTwoAbove(double scale) {
  if (!(scale > 0)) return 1.0f;
  int exponent = 0;
  if (std::frexp(scale, &exponent) == 0.5) --exponent;
  return std::ldexp(1.0f, std::clamp(exponent, -149, 127));
}

unsigned bitsNeeded(const Quantize& quantize, bool zeros, bool reserved) {
  const auto asked = static_cast<unsigned>(quantize.bits);
  if (const int fixed = fixedBits(quantize.scheme); fixed > 0 && quantize.scheme != Scheme::Binary)
    return static_cast<unsigned>(fixed);
  switch (quantize.scheme) {
    case Scheme::Binary:
      return zeros ? 2 : 1;
    case Scheme::Symmetric:
    case Scheme::PowerOfTwo:
    case Scheme::BitPlane:
      return std::max(2u, asked);
    case Scheme::MinMax:
      return reserved ? std::max(2u, asked) : asked;
    case Scheme::Codebook:
      return zeros ? std::max(2u, asked) : asked;
    default:
      return asked;
  }
}

}  // namespace lapidary::core
