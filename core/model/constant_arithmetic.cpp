// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/constant_arithmetic.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lapidary::core {
namespace {

/// `small` repeated to the shape of `large`, as its index for every element.
std::vector<std::size_t> broadcastIndex(const Shape& small, const Shape& large) {
  std::vector<std::size_t> index(static_cast<std::size_t>(elementCount(large)), 0);
  std::size_t block = 1, stride = 1;
  for (std::size_t i = 0; i < small.size(); ++i) {
    const auto extent = static_cast<std::size_t>(large[large.size() - 1 - i]);
    if (small[small.size() - 1 - i] != 1) {
      for (std::size_t at = 0; at < index.size(); ++at) index[at] += at / block % extent * stride;
      stride *= extent;
    }
    block *= extent;
  }
  return index;
}

float combined(std::string_view op, float a, float b) {
  if (op == "Add") return a + b;
  if (op == "Sub") return a - b;
  return op == "Mul" ? a * b : a / b;
}

float changed(std::string_view op, float x) {
  if (op == "Abs") return std::fabs(x);
  if (op == "Neg") return -x;
  return x > 0 ? 1.0f : x < 0 ? -1.0f : x;
}

/// How many elements lie between neighbours along `axis`, and how many there are; one scale: 0.
std::size_t distanceAlong(const Tensor& values, const Tensor& scale, std::int64_t axis) {
  if (scale.size() == 1) return 0;
  const auto rank = static_cast<std::int64_t>(values.rank());
  const std::int64_t along = axis < 0 ? axis + rank : axis;
  if (along < 0 || along >= rank || scale.size() != values.shape()[static_cast<std::size_t>(along)])
    throw Error(ErrorKind::InvalidInput, "scales of shape " + toText(scale.shape()) +
                                             " do not fit a tensor of shape " + toText(values.shape()));
  std::size_t inner = 1;
  for (auto i = static_cast<std::size_t>(along) + 1; i < values.rank(); ++i)
    inner *= static_cast<std::size_t>(values.shape()[i]);
  return inner;
}

}  // namespace

bool isConstantArithmetic(std::string_view opType) {
  constexpr std::array<std::string_view, 7> known{"Add", "Sub", "Mul", "Div", "Neg", "Sign", "Abs"};
  return std::ranges::find(known, opType) != known.end();
}

bool broadcastsTo(const Shape& small, const Shape& large) {
  if (small.size() > large.size()) return false;
  for (std::size_t i = 0; i < small.size(); ++i) {
    const std::int64_t dimension = small[small.size() - 1 - i];
    if (dimension != 1 && dimension != large[large.size() - 1 - i]) return false;
  }
  return true;
}

Tensor constantArithmetic(std::string_view opType, const Tensor& left, const Tensor& right) {
  const bool leftLarge = broadcastsTo(right.shape(), left.shape());
  const Shape& shape = leftLarge ? left.shape() : right.shape();
  const auto l = broadcastIndex(left.shape(), shape), r = broadcastIndex(right.shape(), shape);
  TensorBuilder builder(DType::Float32, shape);
  const auto a = left.as<float>(), b = right.as<float>();
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = combined(opType, a[l[i]], b[r[i]]);
  return std::move(builder).build();
}

Tensor constantArithmetic(std::string_view opType, const Tensor& in) {
  TensorBuilder builder(DType::Float32, in.shape());
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = changed(opType, in.as<float>()[i]);
  return std::move(builder).build();
}

Tensor quantizedCodes(const Tensor& values, const Tensor& scale, const Tensor& zeroPoint, std::int64_t axis,
                      DType type) {
  const std::size_t inner = distanceAlong(values, scale, axis);
  if (zeroPoint.defined() && zeroPoint.size() != scale.size())
    throw Error(ErrorKind::InvalidInput, "there is not a zero point for every scale");
  const Tensor in = toFloat32(values), scales = toFloat32(scale);
  const Tensor zeros = zeroPoint.defined() ? toFloat32(zeroPoint) : Tensor();
  const float low = type == DType::Int8 ? -128.0f : 0.0f, high = type == DType::Int8 ? 127.0f : 255.0f;
  TensorBuilder builder(DType::Float32, values.shape());
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t s = inner == 0 ? 0 : i / inner % static_cast<std::size_t>(scale.size());
    const float zero = zeros.defined() ? zeros.as<float>()[s] : 0.0f;
    out[i] = std::clamp(std::nearbyint(in.as<float>()[i] / scales.as<float>()[s]) + zero, low, high);
  }
  return convert(std::move(builder).build(), type);
}

}  // namespace lapidary::core
