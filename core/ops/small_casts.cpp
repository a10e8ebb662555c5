// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/small_casts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/model/small_float.h"
#include "core/ops/axes.h"
#include "core/ops/whole_casts.h"

namespace lapidary::core {
namespace {

constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();

/// Values whose magnitude rounds to one that the type does not have begin at `limit`, or just above it.
struct Top {
  float most, limit;
  bool atLimit;
  float beyond;  ///< what they become: infinity, or not a number

  bool passedBy(float magnitude) const { return atLimit ? magnitude >= limit : magnitude > limit; }
};

Top topOf(DType type) {
  const auto& values = smallFloatValues(type);
  std::size_t code = 0;
  while (std::isfinite(values[code + 1]) && values[code + 1] > values[code]) ++code;
  const bool infinite = std::isinf(values[code + 1]);
  return {values[code], values[code] + (values[code] - values[code - 1]) / 2, code % 2 != 0,
          infinite ? values[code + 1] : notANumber};
}

float limited(float x, const Top& top, bool saturate) {
  const float magnitude = std::abs(x);
  if (std::isnan(x) || magnitude <= top.most) return x;
  if (saturate) return std::copysign(top.most, x);
  return top.passedBy(magnitude) ? std::copysign(top.beyond, x) : x;
}

float powerOfTwo(float x, const CastRules& rules) {
  const float least = std::ldexp(1.0f, -127), most = std::ldexp(1.0f, 127);
  if (std::isnan(x)) return x;
  if (x < least || x > most) return !rules.saturate ? notANumber : x < least ? least : most;
  int exponent = 0;
  const float mantissa = 2 * std::frexp(x, &exponent);  // from 1 to below 2
  --exponent;
  const bool up = rules.powers == PowerRounding::Up
                      ? mantissa > 1
                      : rules.powers == PowerRounding::Nearest && mantissa >= 1.5f;
  return std::ldexp(1.0f, exponent + (up ? 1 : 0));
}

template <class F>
Tensor changed(const Tensor& tensor, F f) {
  const Tensor from = toFloat32(tensor);
  TensorBuilder to(DType::Float32, from.shape());
  std::ranges::transform(from.as<float>(), to.as<float>().begin(), f);
  return std::move(to).build();
}

/// Floats that the type has, or is nearest to.
Tensor prepared(const Tensor& tensor, DType type, const CastRules& rules) {
  if (type == DType::Float8E8M0) return changed(tensor, [&](float x) { return powerOfTwo(x, rules); });
  const Top top = topOf(type);
  const bool saturate = rules.saturate || bitsOf(type) < 8;
  return changed(tensor, [&](float x) { return limited(x, top, saturate); });
}

PowerRounding roundingOf(const Node& node) {
  const std::string mode = node.textOr("round_mode", "up");
  if (mode == "up") return PowerRounding::Up;
  if (mode == "down") return PowerRounding::Down;
  if (mode == "nearest") return PowerRounding::Nearest;
  failAttribute("round_mode", "is '" + mode + "', up, down or nearest was expected");
}

}  // namespace

CastRules castRules(const Node& node) {
  const std::int64_t saturate = node.intOr("saturate", 1);
  if (saturate != 0 && saturate != 1) failAttribute("saturate", "is " + std::to_string(saturate));
  return {saturate == 1, roundingOf(node)};
}

Tensor castTo(const Tensor& tensor, DType type, const CastRules& rules) {
  if (tensor.dtype() == type) return tensor;
  if (isSmallFloat(type)) return convert(prepared(tensor, type, rules), type);
  return isFloating(type) ? convert(tensor, type) : castToWhole(tensor, type);
}

}  // namespace lapidary::core
