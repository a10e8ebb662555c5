// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/epilogue.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/ops/checks.h"
#include "core/ops/kernels/vector_math.h"
#include "core/ops/kernels/vector_sums.h"

namespace lapidary::core {
namespace {

LAPIDARY_VECTORIZED void scaleShift(float* row, const float* scale, const float* shift, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) row[i] = row[i] * scale[i] + shift[i];
}

LAPIDARY_VECTORIZED void add(float* row, const float* other, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) row[i] += other[i];
}

LAPIDARY_VECTORIZED void leakyRelu(float* x, std::int64_t count, float slope) {
  byVectors(x, count, [slope](Vector8& v) { v = v < 0 ? v * slope : v; });
}

LAPIDARY_VECTORIZED void clip(float* x, std::int64_t count, float low, float high) {
  const Vector8 lows = Vector8{} + low;
  const Vector8 highs = Vector8{} + high;
  byVectors(x, count, [&](Vector8& v) {
    v = v < lows ? lows : v;
    v = v > highs ? highs : v;
  });
}

LAPIDARY_VECTORIZED void hardSwish(float* x, std::int64_t count) {
  const Vector8 zero{};
  const Vector8 one = zero + 1.0f;
  byVectors(x, count, [&](Vector8& v) {
    Vector8 gate = v * (1.0f / 6) + 0.5f;
    gate = gate < zero ? zero : gate;
    v *= gate > one ? one : gate;
  });
}

Tensor channelTensor(const Tensor& tensor, std::int64_t channels, const char* what) {
  if (!tensor.defined()) return {};
  if (tensor.size() != channels)
    invalid(std::string(what) + " has " + std::to_string(tensor.size()) + " values for " +
            std::to_string(channels) + " channels");
  return floatOf(tensor, what);
}

}  // namespace

void applyActivation(float* values, std::int64_t count, const Fusion& fusion) {
  switch (fusion.activation) {
    case FusedActivation::None:
      return;
    case FusedActivation::Relu:
      return clip(values, count, 0, std::numeric_limits<float>::infinity());
    case FusedActivation::LeakyRelu:
      return leakyRelu(values, count, fusion.alpha);
    case FusedActivation::Clip:
      return clip(values, count, fusion.alpha, fusion.beta);
    case FusedActivation::Sigmoid:
      return sigmoidArray(values, values, static_cast<std::size_t>(count));
    case FusedActivation::Tanh:
      return tanhArray(values, values, static_cast<std::size_t>(count));
    case FusedActivation::HardSwish:
      return hardSwish(values, count);
    case FusedActivation::Gelu:
      return geluArray(values, values, static_cast<std::size_t>(count));
  }
}

Epilogue::Epilogue(const Fusion* fusion, const Shape& output)
    : m_fusion(fusion), m_channels(output.empty() ? 1 : output.back()) {
  if (fusion == nullptr) return;
  m_scale = channelTensor(fusion->channelScale, m_channels, "the fused scale");
  m_shift = channelTensor(fusion->channelShift, m_channels, "the fused shift");
  if (!fusion->residual.defined()) return;
  m_residual = toFloat32(toPlain(fusion->residual));
  if (m_residual.shape() != output)
    invalid("the fused residual has shape " + toText(m_residual.shape()) + ", " + toText(output) +
            " was expected");
}

void Epilogue::apply(float* values, std::int64_t firstRow, std::int64_t rows) const {
  if (empty()) return;
  const std::int64_t count = rows * m_channels;
  for (std::int64_t row = 0; row < rows && (m_scale.defined() || m_shift.defined()); ++row) {
    float* x = values + row * m_channels;
    if (m_scale.defined() && m_shift.defined())
      scaleShift(x, m_scale.as<float>().data(), m_shift.as<float>().data(), m_channels);
    else if (m_shift.defined())
      add(x, m_shift.as<float>().data(), m_channels);
    else
      for (std::int64_t c = 0; c < m_channels; ++c) x[c] *= m_scale.as<float>()[static_cast<std::size_t>(c)];
  }
  if (m_residual.defined()) add(values, m_residual.as<float>().data() + firstRow * m_channels, count);
  applyActivation(values, count, *m_fusion);
}

namespace {

double activated(double x, const Fusion& fusion) {
  const double alpha = static_cast<double>(fusion.alpha);
  switch (fusion.activation) {
    case FusedActivation::None:
      return x;
    case FusedActivation::Relu:
      return x < 0 ? 0 : x;
    case FusedActivation::LeakyRelu:
      return x < 0 ? alpha * x : x;
    case FusedActivation::Clip:
      return x < alpha ? alpha : std::min(x, static_cast<double>(fusion.beta));
    case FusedActivation::Sigmoid:
      return 1 / (1 + std::exp(-x));
    case FusedActivation::Tanh:
      return std::tanh(x);
    case FusedActivation::HardSwish:
      return x * std::clamp(x / 6 + 0.5, 0.0, 1.0);
    case FusedActivation::Gelu:
      return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2));
  }
  return x;
}

}  // namespace

Tensor fused(const Tensor& tensor, const Fusion* fusion) {
  if (fusion == nullptr) return tensor;
  const Epilogue checked(fusion, tensor.shape());
  const Tensor from = convert(tensor, DType::Float64);
  const Tensor residual =
      fusion->residual.defined() ? convert(toPlain(fusion->residual), DType::Float64) : Tensor();
  const auto channels = static_cast<std::size_t>(tensor.rank() == 0 ? 1 : tensor.shape().back());
  TensorBuilder builder(DType::Float64, tensor.shape());
  const auto values = builder.as<double>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    double x = from.as<double>()[i];
    if (fusion->channelScale.defined())
      x *= static_cast<double>(fusion->channelScale.as<float>()[i % channels]);
    if (fusion->channelShift.defined())
      x += static_cast<double>(fusion->channelShift.as<float>()[i % channels]);
    if (residual.defined()) x += residual.as<double>()[i];
    values[i] = activated(x, *fusion);
  }
  return convert(std::move(builder).build(), tensor.dtype());
}

}  // namespace lapidary::core
