// SPDX-License-Identifier: GPL-3.0-or-later
// ConvInteger and QLinearConv: the kernel's taps laid out as a matrix, then the exact integer product.
#include <algorithm>

#include "core/ops/checks.h"
#include "core/ops/kernels/conv_shape.h"
#include "core/ops/kernels/quantization.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

/// Rows of the matrix are (channel, tap) of one group, columns are output positions. Positions outside
/// the input hold 0, the centered zero point.
void layOut(const ConvShape& shape, const float* x, std::vector<float>& columns) {
  const Window& w = shape.window;
  const std::int64_t channels = shape.inChannels / shape.group;
  const std::int64_t taps = product(w.kernel, 0, w.dims()), positions = product(w.output, 0, w.dims());
  const std::int64_t plane = product(w.input, 0, w.dims());
  std::ranges::fill(columns, 0.0f);
  for (std::int64_t tap = 0; tap < taps; ++tap)
    for (std::int64_t position = 0; position < positions; ++position) {
      std::int64_t at = 0, stride = 1, tapRest = tap, positionRest = position;
      bool inside = true;
      for (std::size_t d = w.dims(); d-- > 0;) {
        const std::int64_t i =
            positionRest % w.output[d] * w.stride[d] - w.padBegin[d] + tapRest % w.kernel[d] * w.dilation[d];
        inside = inside && i >= 0 && i < w.input[d];
        at += i * stride;
        stride *= w.input[d];
        tapRest /= w.kernel[d];
        positionRest /= w.output[d];
      }
      for (std::int64_t c = 0; inside && c < channels; ++c)
        columns[static_cast<std::size_t>((c * taps + tap) * positions + position)] = x[c * plane + at];
    }
}

/// The zero point of the weights, one a tensor or one an output channel, in a shape that broadcasts.
Tensor weightZero(const OpCall& call, std::size_t i, std::size_t rank) {
  if (!call.has(i)) return {};
  const Tensor zero = call.input(i);
  if (zero.size() == 1) return zero;
  Shape shape(rank, 1);
  shape[0] = zero.size();
  return zero.reshaped(shape);
}

struct Sums {
  ConvShape shape;
  TensorBuilder values;  ///< Int32
};

Sums convolve(const OpCall& call, const Tensor& x, const Tensor& w) {
  const ConvShape shape = convShape(call.node, x.shape(), w.shape());
  Sums sums{shape, TensorBuilder(DType::Int32, shape.output())};
  const std::int64_t rows = shape.outChannels / shape.group;
  const std::int64_t depth = product(w.shape(), 1, w.rank());
  const std::int64_t positions = product(shape.window.output, 0, shape.window.dims());
  const std::int64_t inSize =
      product(shape.window.input, 0, shape.window.dims()) * (shape.inChannels / shape.group);
  std::vector<float> columns(static_cast<std::size_t>(reasonableCount({depth, positions})));
  for (std::int64_t n = 0; n < shape.batch; ++n)
    for (std::int64_t g = 0; g < shape.group; ++g) {
      const std::int64_t block = n * shape.group + g;
      layOut(shape, x.as<float>().data() + block * inSize, columns);
      integerProduct(rows, positions, depth, w.as<float>().data() + g * rows * depth, columns.data(),
                     sums.values.as<std::int32_t>().data() + block * rows * positions);
    }
  return sums;
}

/// The one value of a scale or zero point that is the same for the whole tensor.
template <class T>
T single(const Tensor& tensor, const char* what) {
  if (tensor.size() != 1)
    invalid(std::string(what) + " has " + std::to_string(tensor.size()) + " values, 1 expected");
  return tensor.as<T>()[0];
}

Tensor perChannel(const Tensor& tensor, std::int64_t channels, const char* what) {
  if (tensor.size() != 1 && tensor.size() != channels)
    invalid(std::string(what) + " has " + std::to_string(tensor.size()) + " values for " +
            std::to_string(channels) + " output channels");
  return tensor;
}

}  // namespace

std::vector<Activation> convIntegerForward(const OpCall& call) {
  const Tensor weight = call.input(1);
  const Tensor x = centered(call.input(0), call.has(2) ? call.input(2) : Tensor(), "x");
  const Tensor w = centered(weight, weightZero(call, 3, weight.rank()), "w");
  return oneOutput(std::move(convolve(call, x, w).values).build());
}

std::vector<Activation> qLinearConvForward(const OpCall& call) {
  const Tensor weight = call.input(3);
  const Tensor x = centered(call.input(0), call.input(2), "x");
  const Tensor w = centered(weight, weightZero(call, 5, weight.rank()), "w");
  const float xScale = single<float>(floatInput(call, 1), "x_scale"),
              yScale = single<float>(floatInput(call, 6), "y_scale");
  const DType type = call.input(7).dtype();
  const CodeRange range = codeRange(type);
  const std::int32_t zero = single<std::int32_t>(convert(call.input(7), DType::Int32), "y_zero_point");
  Sums sums = convolve(call, x, w);
  const std::int64_t channels = sums.shape.outChannels;
  const Tensor wScale = perChannel(floatInput(call, 4), channels, "w_scale");
  const Tensor bias = call.has(8) ? call.input(8) : Tensor();
  if (bias.defined() && (bias.dtype() != DType::Int32 || bias.size() != channels))
    invalid("B is " + std::string(name(bias.dtype())) + " of shape " + toText(bias.shape()) + ", " +
            std::to_string(channels) + " values of int32 were expected");
  const std::int64_t positions = product(sums.shape.window.output, 0, sums.shape.window.dims());
  std::int32_t* value = sums.values.as<std::int32_t>().data();
  for (std::int64_t plane = 0; plane < sums.shape.batch * channels; ++plane) {
    const auto c = static_cast<std::size_t>(plane % channels);
    const float factor = xScale * wScale.as<float>()[wScale.size() == 1 ? 0 : c] / yScale;
    const std::uint32_t offset = bias.defined() ? static_cast<std::uint32_t>(bias.as<std::int32_t>()[c]) : 0u;
    for (std::int64_t i = 0; i < positions; ++i, ++value) {
      const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(*value) + offset);
      *value = codeOf(static_cast<double>(static_cast<float>(sum) * factor), zero, range);
    }
  }
  return oneOutput(convert(std::move(sums.values).build(), type));
}

}  // namespace lapidary::core
