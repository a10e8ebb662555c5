#include "core/model/dequantize.h"

#include <vector>

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

/// Value times the factor of its input.
Tensor timesInputs(const Tensor& values, const WeightEncoding& encoding) {
  const WeightMatrix matrix = weightMatrix(values.shape(), encoding.axis);
  const auto factors = encoding.inputScale.as<float>();
  if (factors.size() != matrix.inputs) misfit(encoding.codes, encoding.inputScale);
  TensorBuilder builder(DType::Float32, values.shape());
  for (std::size_t o = 0; o < matrix.outputs; ++o)
    for (std::size_t i = 0; i < matrix.inputs; ++i) {
      const std::size_t at = matrix.indexOf(o, i);
      builder.as<float>()[at] = values.as<float>()[at] * factors[i];
    }
  return std::move(builder).build();
}

Tensor withoutInputScale(const WeightEncoding& encoding) {
  const Tensor plain = dequantized(encoding.codes, encoding.scale, encoding.zeroPoint, encoding.axis);
  if (!encoding.offset.defined()) return plain;
  const Layout layout = layoutOf(encoding.codes, encoding.offset, encoding.axis, 0);
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

}  // namespace

Tensor dequantized(const Tensor& codes, const Tensor& scale, const Tensor& zeroPoint, std::int64_t axis,
                   std::int64_t blockSize) {
  const Layout layout = layoutOf(codes, scale, axis, blockSize);
  if (zeroPoint.defined() && zeroPoint.size() != scale.size()) misfit(codes, zeroPoint);
  const Tensor scales = toFloat32(scale);
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
  const Tensor values = withoutInputScale(encoding);
  return encoding.inputScale.defined() ? timesInputs(values, encoding) : values;
}

Shape inputScaleShape(const WeightEncoding& encoding) {
  Shape shape = encoding.codes.shape();
  const WeightMatrix matrix = weightMatrix(shape, encoding.axis);
  (matrix.inputsFirst ? shape.back() : shape.front()) = 1;
  return shape;
}

}  // namespace lapidary::core
