// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/small_float.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace lapidary::core {
namespace {

constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

/// What the codes mean that are no plain numbers.
enum class Special { AllOnes, Ieee, NegativeZero, None };

struct Form {
  unsigned bits, mantissaBits;
  int bias;
  Special special;
};

Form formOf(DType type) {
  switch (type) {
    case DType::Float8E4M3:
      return {8, 3, 7, Special::AllOnes};
    case DType::Float8E4M3Fnuz:
      return {8, 3, 8, Special::NegativeZero};
    case DType::Float8E5M2:
      return {8, 2, 15, Special::Ieee};
    case DType::Float8E5M2Fnuz:
      return {8, 2, 16, Special::NegativeZero};
    default:
      return {4, 1, 1, Special::None};
  }
}

/// What a code stands for that is no plain number; nothing for all others.
std::optional<float> specialValue(const Form& form, unsigned code) {
  const unsigned sign = 1u << (form.bits - 1), magnitude = code & (sign - 1),
                 mantissas = 1u << form.mantissaBits;
  if (form.special == Special::NegativeZero && code == sign) return notANumber;
  if (form.special == Special::AllOnes && magnitude == sign - 1) return notANumber;
  if (form.special != Special::Ieee || magnitude < sign - mantissas) return std::nullopt;
  if (magnitude != sign - mantissas) return notANumber;
  return code & sign ? -infinity : infinity;
}

float valueOf(const Form& form, unsigned code) {
  if (const auto special = specialValue(form, code)) return *special;
  const unsigned sign = 1u << (form.bits - 1), mantissas = 1u << form.mantissaBits;
  const unsigned exponent = (code & (sign - 1)) / mantissas, mantissa = code % mantissas;
  const int power =
      static_cast<int>(std::max(exponent, 1u)) - form.bias - static_cast<int>(form.mantissaBits);
  const float magnitude = std::ldexp(static_cast<float>(mantissa + (exponent > 0 ? mantissas : 0)), power);
  return code & sign ? -magnitude : magnitude;
}

std::array<float, 256> valuesOf(DType type) {
  std::array<float, 256> values{};
  for (unsigned code = 0; code < 256; ++code)
    if (type == DType::Float8E8M0)
      values[code] = code == 255 ? notANumber : std::ldexp(1.0f, static_cast<int>(code) - 127);
    else if (const Form form = formOf(type); code < 1u << form.bits)
      values[code] = valueOf(form, code);
  return values;
}

/// Where the codes of numbers that are not negative end; their values rise.
unsigned endOfNumbers(DType type, const std::array<float, 256>& values) {
  if (type == DType::Float8E8M0) return 255;
  const unsigned sign = 1u << (formOf(type).bits - 1);
  unsigned end = 0;
  while (end < sign && std::isfinite(values[end])) ++end;
  return end;
}

std::uint8_t codeOfNan(DType type) {
  for (unsigned code = 0; code < 256; ++code)
    if (std::isnan(smallFloatValues(type)[code])) return static_cast<std::uint8_t>(code);
  return 0;
}

/// Of a number that is not negative.
unsigned nearest(DType type, float magnitude) {
  const auto& values = smallFloatValues(type);
  const float* const begin = values.data();
  const float* const end = begin + endOfNumbers(type, values);
  if (std::isinf(magnitude) && formOf(type).special == Special::Ieee && type == DType::Float8E5M2)
    return static_cast<unsigned>(end - begin);
  const float* const above = std::lower_bound(begin, end, magnitude);
  if (above == end) return static_cast<unsigned>(end - begin) - 1;
  const auto code = static_cast<unsigned>(above - begin);
  if (code == 0) return code;
  const double down = static_cast<double>(magnitude) - above[-1],
               up = static_cast<double>(*above) - magnitude;
  return down < up || (down == up && code % 2 != 0) ? code - 1 : code;
}

}  // namespace

const std::array<float, 256>& smallFloatValues(DType type) {
  static const std::array tables{valuesOf(DType::Float8E4M3), valuesOf(DType::Float8E4M3Fnuz),
                                 valuesOf(DType::Float8E5M2), valuesOf(DType::Float8E5M2Fnuz),
                                 valuesOf(DType::Float8E8M0), valuesOf(DType::Float4E2M1)};
  return tables[static_cast<std::size_t>(type) - static_cast<std::size_t>(DType::Float8E4M3)];
}

std::uint8_t smallFloatCode(DType type, float value) {
  if (std::isnan(value)) return codeOfNan(type);
  if (type == DType::Float8E8M0) return static_cast<std::uint8_t>(nearest(type, std::max(value, 0.0f)));
  const Form form = formOf(type);
  const unsigned code = nearest(type, std::abs(value));
  const bool negative = std::signbit(value) && (code != 0 || form.special != Special::NegativeZero);
  return static_cast<std::uint8_t>(negative ? code | 1u << (form.bits - 1) : code);
}

}  // namespace lapidary::core
