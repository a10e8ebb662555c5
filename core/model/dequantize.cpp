// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/dequantize.h"

#include <algorithm>
#include <vector>

#include "core/model/lookup.h"
#include "core/model/weight_matrix.h"

namespace lapidary::core {
namespace {

/// How the elements of a tensor map to its scales: blocks of `inner` elements share a position along
/// the axis, `extent` positions long, `perScale` positions to one scale.
struct Layout {
  std::size_t inner = 1;
  std::size_t extent = 1;
  std::size_t perScale = 1;
  bool single = true;  ///< one scale for everything
  bool flat = true;    ///< scales are one per position, not a tensor of the codes' rank

  std::size_t scaleOf(std::size_t i) const {
    if (single) return 0;
    const std::size_t position = i / inner % extent;
    if (perScale == 1 && flat) return position;
    const std::size_t outer = i / inner / extent;
    return (outer * ((extent + perScale - 1) / perScale) + position / perScale) * inner + i % inner;
  }
};

[[noreturn]] void misfit(const Tensor& codes, const Tensor& scale) {
  throw Error(ErrorKind::InvalidInput, "scales of shape " + toText(scale.shape()) +
                                           " do not fit a quantized tensor of shape " +
                                           toText(codes.shape()));
}

Layout layoutOf(const Tensor& codes, const Tensor& scale, std::int64_t axis, std::int64_t blockSize) {
  Layout layout;
  if (scale.size() == 1 && scale.rank() <= 1) return layout;
  const auto rank = static_cast<std::int64_t>(codes.rank());
  if (axis < 0) axis += rank;
  if (axis < 0 || axis >= rank) misfit(codes, scale);
  layout.single = false;
  layout.extent = static_cast<std::size_t>(codes.shape()[static_cast<std::size_t>(axis)]);
  for (auto i = static_cast<std::size_t>(axis) + 1; i < codes.rank(); ++i)
    layout.inner *= static_cast<std::size_t>(codes.shape()[i]);
  Shape expected{static_cast<std::int64_t>(layout.extent)};
  if (blockSize > 0) {
    layout.flat = false;
    layout.perScale = static_cast<std::size_t>(blockSize);
    expected = codes.shape();
    auto& along = expected[static_cast<std::size_t>(axis)];
    along = along / blockSize + (along % blockSize != 0);
  }
  if (scale.shape() != expected) misfit(codes, scale);
  return layout;
}

/// Codes that are floats of few bits have no zero point but 0.
Tensor scaled(const Tensor& values, const Tensor& scales, const Layout& layout) {
  TensorBuilder builder(DType::Float32, values.shape());
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = values.as<float>()[i] * scales.as<float>()[layout.scaleOf(i)];
  return std::move(builder).build();
}

/// The entries of the codebook, times the scale.
Tensor entries(const WeightEncoding& encoding) {
  const Layout layout = layoutOf(encoding.codes, encoding.scale, encoding.axis, encoding.blockSize);
  const Tensor plain = lookedUp(encoding.codebook, encoding.codes, 0);
  TensorBuilder builder(DType::Float32, plain.shape());
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = plain.as<float>()[i] * encoding.scale.as<float>()[layout.scaleOf(i)];
  return std::move(builder).build();
}

/// The offset counts for codes that are not the zero point, or for all.
Tensor withOffset(const WeightEncoding& encoding, const Tensor& plain) {
  const Layout layout = layoutOf(encoding.codes, encoding.offset, encoding.axis, encoding.blockSize);
  const Tensor codes = convert(encoding.codes, DType::Int32);
  std::vector<std::int64_t> zeros(static_cast<std::size_t>(encoding.scale.size()), 0);
  if (encoding.zeroPoint.defined()) zeros = toInt64(encoding.zeroPoint);
  if (encoding.offset.size() != encoding.scale.size()) misfit(encoding.codes, encoding.offset);
  TensorBuilder builder(DType::Float32, plain.shape());
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t s = layout.scaleOf(i);
    const bool isZero = !encoding.offsetEverywhere && codes.as<std::int32_t>()[i] == zeros[s];
    out[i] = plain.as<float>()[i] + (isZero ? 0.0f : encoding.offset.as<float>()[s]);
  }
  return std::move(builder).build();
}

Tensor withInputScale(const Tensor& values, const WeightMatrix& matrix, const Tensor& inputScale) {
  if (inputScale.size() != static_cast<std::int64_t>(matrix.inputs)) misfit(values, inputScale);
  TensorBuilder builder(DType::Float32, values.shape());
  const auto scale = inputScale.as<float>();
  for (std::size_t i = 0; i < builder.as<float>().size(); ++i)
    builder.as<float>()[i] =
        values.as<float>()[i] * scale[matrix.inputsFirst ? i / matrix.outputs : i % matrix.inputs];
  return std::move(builder).build();
}

}  // namespace

Tensor dequantized(const Tensor& codes, const Tensor& scale, const Tensor& zeroPoint, std::int64_t axis,
                   std::int64_t blockSize) {
  const Layout layout = layoutOf(codes, scale, axis, blockSize);
  if (zeroPoint.defined() && zeroPoint.size() != scale.size()) misfit(codes, zeroPoint);
  const Tensor scales = toFloat32(scale);
  if (isFloating(codes.dtype())) return scaled(toFloat32(codes), scales, layout);
  const Tensor wide = convert(codes, DType::Int32);
  std::vector<std::int64_t> zeros(static_cast<std::size_t>(scale.size()), 0);
  if (zeroPoint.defined()) zeros = toInt64(zeroPoint);
  TensorBuilder builder(DType::Float32, codes.shape());
  const auto in = wide.as<std::int32_t>();
  const auto out = builder.as<float>();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t s = layout.scaleOf(i);
    out[i] = static_cast<float>(in[i] - zeros[s]) * scales.as<float>()[s];
  }
  return std::move(builder).build();
}

Tensor dequantized(const WeightEncoding& encoding) {
  const Shape& shape = encoding.codes.shape();
  const bool blocked = encoding.blockSize > 0;
  if (encoding.axis < (blocked ? 0 : -1) || encoding.axis >= std::max<int>(1, static_cast<int>(shape.size())))
    throw Error(ErrorKind::InvalidInput, "channels lie along axis " + std::to_string(encoding.axis) + " of " +
                                             std::to_string(shape.size()));
  const WeightMatrix matrix = weightMatrix(shape, std::max(0, encoding.axis));
  WeightEncoding flat = encoding;
  if (blocked) {
    flat.codes = encoding.codes.reshaped(matrix.shape());
    flat.axis = matrix.inputsFirst ? 0 : 1;
  }
  Tensor values = encoding.codebook.defined()
                      ? entries(flat)
                      : dequantized(flat.codes, flat.scale, flat.zeroPoint, flat.axis, flat.blockSize);
  if (encoding.offset.defined()) values = withOffset(flat, values);
  if (encoding.inputScale.defined()) values = withInputScale(values, matrix, encoding.inputScale);
  return values.reshaped(shape);
}

}  // namespace lapidary::core
