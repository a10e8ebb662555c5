// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/gradients/elementwise_tensors.h"

#include <cmath>

namespace lapidary::core {
namespace {

template <class Function>
Tensor made(const Tensor& a, const Function& function) {
  TensorBuilder builder(DType::Float32, a.shape());
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = function(i);
  return std::move(builder).build();
}

/// Where element i of a tensor stands in one of `held`, which is broadcast to its shape.
std::size_t heldIndex(std::size_t i, const Shape& shape, const Shape& held) {
  const std::size_t missing = shape.size() - held.size();
  std::size_t rest = i, at = 0, stride = 1;
  for (std::size_t axis = shape.size(); axis-- > missing;) {
    const auto extent = static_cast<std::size_t>(shape[axis]),
               size = static_cast<std::size_t>(held[axis - missing]);
    at += (size == 1 ? 0 : rest % extent) * stride;
    rest /= extent;
    stride *= size;
  }
  return at;
}

}  // namespace

Tensor sum(const Tensor& a, const Tensor& b) {
  const auto x = a.as<float>(), y = b.as<float>();
  return made(a, [&](std::size_t i) { return x[i] + y[i]; });
}

Tensor timesScaled(const Tensor& a, const Tensor& b, float scale) {
  const auto x = a.as<float>(), y = b.as<float>();
  return made(a, [&](std::size_t i) { return x[i] * y[i] * scale; });
}

Tensor scaled(const Tensor& a, float scale) {
  const auto x = a.as<float>();
  return made(a, [&](std::size_t i) { return x[i] * scale; });
}

Tensor dividedStably(const Tensor& a, const Tensor& b, double epsilon) {
  const auto x = a.as<float>(), z = b.as<float>();
  double squares = 0;
  for (const float value : z) squares += static_cast<double>(value) * static_cast<double>(value);
  const auto least = static_cast<float>(
      epsilon * std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, z.size()))));
  return made(a, [&](std::size_t i) {
    const float below = z[i] + (z[i] < 0 ? -least : least);
    return below == 0 ? 0.0f : x[i] / below;
  });
}

Tensor dividedWhere(const Tensor& a, const Tensor& b, const Tensor& deciding, float sign) {
  const auto x = a.as<float>(), y = b.as<float>(), d = deciding.as<float>();
  return made(a, [&](std::size_t i) {
    const bool has = sign > 0 ? d[i] >= 0 : d[i] < 0;
    return has && y[i] != 0 ? x[i] / y[i] : 0.0f;
  });
}

Tensor part(const Tensor& a, float sign) {
  const auto x = a.as<float>();
  return made(a, [&](std::size_t i) { return x[i] * sign > 0 ? x[i] : 0.0f; });
}

Tensor favoured(const Tensor& a, float sign, float gamma) {
  const auto x = a.as<float>();
  return made(a, [&](std::size_t i) { return x[i] * sign > 0 ? x[i] * (1 + gamma) : x[i]; });
}

Tensor repeatedTo(const Tensor& a, const Shape& shape) {
  TensorBuilder builder(DType::Float32, shape);
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a.as<float>()[heldIndex(i, shape, a.shape())];
  return std::move(builder).build();
}

Tensor summedTo(const Tensor& a, const Shape& shape) {
  TensorBuilder builder(DType::Float32, shape);
  const auto out = builder.as<float>();
  std::fill(out.begin(), out.end(), 0.0f);
  const auto x = a.as<float>();
  for (std::size_t i = 0; i < x.size(); ++i) out[heldIndex(i, a.shape(), shape)] += x[i];
  return std::move(builder).build();
}

}  // namespace lapidary::core
