// SPDX-License-Identifier: GPL-3.0-or-later
// Conversions between element types.
#include <bit>
#include <cmath>
#include <cstring>

#include "core/model/pack_nibbles.h"
#include "core/model/small_float.h"
#include "core/model/tensor.h"

namespace lapidary::core {

float halfToFloat(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1fu;
  const std::uint32_t mantissa = half & 0x3ffu;
  if (exponent == 0) {  // zero or subnormal: mantissa * 2^-24
    const float magnitude = std::ldexp(static_cast<float>(mantissa), -24);
    return sign ? -magnitude : magnitude;
  }
  const std::uint32_t wide = exponent == 31 ? 255u : exponent + 112u;
  return std::bit_cast<float>(sign | (wide << 23) | (mantissa << 13));
}

std::uint16_t floatToHalf(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000u);
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return static_cast<std::uint16_t>(sign | 0x7e00u);   // not a number
  if (magnitude >= 0x477ff000u) return static_cast<std::uint16_t>(sign | 0x7c00u);  // rounds to infinity
  if (magnitude < 0x38800000u) {  // subnormal half: round value * 2^24 to nearest even
    const float scaled = std::ldexp(std::bit_cast<float>(magnitude), 24);
    return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::nearbyint(scaled)));
  }
  const std::uint32_t rounded = magnitude + 0xfffu + ((magnitude >> 13) & 1u);
  return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000u) >> 13));
}

namespace {

std::uint16_t floatToBfloat(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if (std::isnan(value)) return static_cast<std::uint16_t>((bits >> 16) | 0x40u);
  return static_cast<std::uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

float bfloatToFloat(std::uint16_t value) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(value) << 16);
}

int twoBits(std::span<const std::byte> bytes, std::size_t i) {
  return std::to_integer<int>(bytes[i / 4]) >> (i % 4 * 2) & 3;
}

int nibble(std::span<const std::byte> bytes, std::size_t i) {
  const auto byte = std::to_integer<int>(bytes[i / 2]);
  return i % 2 == 0 ? byte & 15 : byte >> 4;
}

/// A dtype's elements widened to a type that C++ can cast from: the stored type itself, or float for
/// the half types, or int for the packed ones. Calls `use(get)` with get(i) -> element.
template <class Use>
void visitElements(const Tensor& t, Use&& use) {
  const std::byte* data = t.bytes().data();
  const auto typed = [&]<class T>(T) {
    use([data](std::size_t i) {
      T value;
      std::memcpy(&value, data + i * sizeof(T), sizeof(T));
      return value;
    });
  };
  const auto half = [data](std::size_t i) {
    std::uint16_t value;
    std::memcpy(&value, data + 2 * i, 2);
    return value;
  };
  switch (t.dtype()) {
    case DType::Float32:
      return typed(float{});
    case DType::Float64:
      return typed(double{});
    case DType::Int8:
      return typed(std::int8_t{});
    case DType::UInt8:
      return typed(std::uint8_t{});
    case DType::Int16:
      return typed(std::int16_t{});
    case DType::UInt16:
      return typed(std::uint16_t{});
    case DType::Int32:
      return typed(std::int32_t{});
    case DType::UInt32:
      return typed(std::uint32_t{});
    case DType::Int64:
      return typed(std::int64_t{});
    case DType::UInt64:
      return typed(std::uint64_t{});
    case DType::Bool:
      return use([data](std::size_t i) { return std::to_integer<int>(data[i]) != 0; });
    case DType::Float16:
      return use([half](std::size_t i) { return halfToFloat(half(i)); });
    case DType::BFloat16:
      return use([half](std::size_t i) { return bfloatToFloat(half(i)); });
    case DType::UInt4:
      return use([b = t.bytes()](std::size_t i) { return nibble(b, i); });
    case DType::Int4:
      return use([b = t.bytes()](std::size_t i) { return (nibble(b, i) ^ 8) - 8; });
    case DType::UInt2:
      return use([b = t.bytes()](std::size_t i) { return twoBits(b, i); });
    case DType::Int2:
      return use([b = t.bytes()](std::size_t i) { return (twoBits(b, i) ^ 2) - 2; });
    case DType::Float4E2M1:
      return use([b = t.bytes(), &values = smallFloatValues(t.dtype())](std::size_t i) {
        return values[static_cast<std::size_t>(nibble(b, i))];
      });
    case DType::Float8E4M3:
    case DType::Float8E4M3Fnuz:
    case DType::Float8E5M2:
    case DType::Float8E5M2Fnuz:
    case DType::Float8E8M0:
      return use([data, &values = smallFloatValues(t.dtype())](std::size_t i) {
        return values[std::to_integer<std::size_t>(data[i])];
      });
  }
}

template <class To, class From>
To castTo(From value) {
  if constexpr (std::is_same_v<To, bool>) {
    return value != From{};
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    // A cast out of range is undefined in C++; saturate, and make not-a-number 0.
    if (std::isnan(value)) return To{};
    constexpr auto low = static_cast<From>(std::numeric_limits<To>::min());
    constexpr auto high = static_cast<From>(std::numeric_limits<To>::max());
    if (value <= low) return std::numeric_limits<To>::min();
    if (value >= high) return std::numeric_limits<To>::max();
    return static_cast<To>(value);
  } else {
    return static_cast<To>(value);
  }
}

template <class To>
void fill(const Tensor& from, std::span<To> to) {
  visitElements(from, [&](auto get) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = castTo<To>(get(i));
  });
}

template <class Encode>
void fillHalf(const Tensor& from, std::span<std::byte> to, Encode encode) {
  visitElements(from, [&](auto get) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(from.size()); ++i) {
      const std::uint16_t value = encode(static_cast<float>(get(i)));
      std::memcpy(to.data() + 2 * i, &value, 2);
    }
  });
}

void fillPacked(const Tensor& from, std::span<std::byte> to, std::int64_t low, std::int64_t high) {
  if (from.dtype() == DType::Int8) return packNibbles(from.as<std::int8_t>(), to, low < 0);
  if (from.dtype() == DType::UInt8) return packNibbles(from.as<std::uint8_t>(), to, low < 0);
  std::fill(to.begin(), to.end(), std::byte{0});
  visitElements(from, [&](auto get) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(from.size()); ++i) {
      const auto code = std::clamp(castTo<std::int64_t>(get(i)), low, high) & 15;
      to[i / 2] |= static_cast<std::byte>(i % 2 == 0 ? code : code << 4);
    }
  });
}

void fillTwoBits(const Tensor& from, std::span<std::byte> to, std::int64_t low, std::int64_t high) {
  std::fill(to.begin(), to.end(), std::byte{0});
  visitElements(from, [&](auto get) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(from.size()); ++i)
      to[i / 4] |=
          static_cast<std::byte>((std::clamp(castTo<std::int64_t>(get(i)), low, high) & 3) << (i % 4 * 2));
  });
}

void fillSmallFloats(const Tensor& from, DType type, std::span<std::byte> to) {
  const bool packed = bitsOf(type) == 4;
  if (packed) std::fill(to.begin(), to.end(), std::byte{0});
  visitElements(from, [&](auto get) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(from.size()); ++i) {
      const unsigned code = smallFloatCode(type, static_cast<float>(get(i)));
      if (packed)
        to[i / 2] |= static_cast<std::byte>(i % 2 == 0 ? code : code << 4);
      else
        to[i] = static_cast<std::byte>(code);
    }
  });
}

}  // namespace

Tensor convert(const Tensor& tensor, DType dtype) {
  if (tensor.dtype() == dtype) return tensor;
  TensorBuilder builder(dtype, tensor.shape());
  switch (dtype) {
    case DType::Float32:
      fill(tensor, builder.as<float>());
      break;
    case DType::Float64:
      fill(tensor, builder.as<double>());
      break;
    case DType::Int8:
      fill(tensor, builder.as<std::int8_t>());
      break;
    case DType::UInt8:
      fill(tensor, builder.as<std::uint8_t>());
      break;
    case DType::Int16:
      fill(tensor, builder.as<std::int16_t>());
      break;
    case DType::UInt16:
      fill(tensor, builder.as<std::uint16_t>());
      break;
    case DType::Int32:
      fill(tensor, builder.as<std::int32_t>());
      break;
    case DType::UInt32:
      fill(tensor, builder.as<std::uint32_t>());
      break;
    case DType::Int64:
      fill(tensor, builder.as<std::int64_t>());
      break;
    case DType::UInt64:
      fill(tensor, builder.as<std::uint64_t>());
      break;
    case DType::Bool:
      fill(tensor, builder.as<bool>());
      break;
    case DType::Float16:
      fillHalf(tensor, builder.bytes(), floatToHalf);
      break;
    case DType::BFloat16:
      fillHalf(tensor, builder.bytes(), floatToBfloat);
      break;
    case DType::UInt4:
      fillPacked(tensor, builder.bytes(), 0, 15);
      break;
    case DType::Int4:
      fillPacked(tensor, builder.bytes(), -8, 7);
      break;
    case DType::UInt2:
      fillTwoBits(tensor, builder.bytes(), 0, 3);
      break;
    case DType::Int2:
      fillTwoBits(tensor, builder.bytes(), -2, 1);
      break;
    case DType::Float8E4M3:
    case DType::Float8E4M3Fnuz:
    case DType::Float8E5M2:
    case DType::Float8E5M2Fnuz:
    case DType::Float8E8M0:
    case DType::Float4E2M1:
      fillSmallFloats(tensor, dtype, builder.bytes());
      break;
  }
  return std::move(builder).build();
}

Tensor toFloat32(const Tensor& tensor) { return convert(tensor, DType::Float32); }

}  // namespace lapidary::core
