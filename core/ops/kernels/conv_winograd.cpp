// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ops/kernels/conv_winograd.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/ops/kernels/channel_block_choice.h"
#include "core/ops/kernels/conv_weights.h"
#include "core/ops/kernels/onednn.h"
#include "core/ops/kernels/winograd.h"
#include "core/ops/prepared.h"

namespace lapidary::core {
namespace {

bool applies(const ConvShape& shape) {
  const Window& window = shape.window;
  const auto all = [](const auto& values, std::int64_t wanted) {
    return values.size() == 2 && values[0] == wanted && values[1] == wanted;
  };
  return !shape.transposed && shape.group == 1 && all(window.kernel, 3) && all(window.stride, 1) &&
         all(window.dilation, 1) && shape.inChannels >= winogradBlock;
}

/// Channels as the blocked layout holds them: the last block is filled up with zeros.
std::int64_t padded(std::int64_t channels) {
  return (channels + winogradBlock - 1) / winogradBlock * winogradBlock;
}

/// Multiply-adds an output channel, each way; the transforms count as 25 of them a tile where there are as
/// many channels on both sides. The number of output channels takes no part: a layer that is computed in
/// parts of them gives the bits of the whole. Tiles that reach over the edge are computed whole.
bool pays(const ConvShape& shape) {
  const double in = static_cast<double>(padded(shape.inChannels));
  double positions = 1, tiles = 1;
  for (const std::int64_t size : shape.window.output) {
    positions *= static_cast<double>(size);
    tiles *= static_cast<double>((size + 3) / 4);
  }
  const double direct = 9 * in * positions / 16;
  const double transformed = (2.25 * in + 25) * tiles;
  return 1.4 * transformed < direct;
}

/// Zeros that fill up a block must stay zeros.
bool keepsZeros(const ConvShape& shape, const Fusion* fusion) {
  return shape.outChannels % winogradBlock == 0 || fusion == nullptr ||
         fusion->activation != FusedActivation::Clip || (fusion->alpha <= 0 && fusion->beta >= 0);
}

bool kernelHas(const Fusion* fusion) {
  if (fusion == nullptr) return true;
  switch (fusion->activation) {
    case FusedActivation::None:
    case FusedActivation::Relu:
    case FusedActivation::LeakyRelu:
    case FusedActivation::Clip:
      return true;
    default:
      return false;
  }
}

dnnl::memory::desc blocked(const Shape& shape) {
  return {{shape.begin(), shape.end()}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::nChw8c};
}

struct TransformedWeights {
  WinogradWeights weights;
  Tensor bias;
};

/// `rows` x `columns` values, each of `width` floats, in a matrix of more rows and columns that is zero
/// elsewhere.
std::vector<float> inZeros(std::span<const float> values, std::int64_t rows, std::int64_t columns,
                           std::int64_t width, std::int64_t paddedRows, std::int64_t paddedColumns) {
  std::vector<float> result(static_cast<std::size_t>(paddedRows * paddedColumns * width));
  for (std::int64_t row = 0; row < rows; ++row)
    std::copy_n(values.begin() + row * columns * width, columns * width,
                result.begin() + row * paddedColumns * width);
  return result;
}

TransformedWeights transform(const OpCall& call, const ConvShape& shape, std::size_t& bytes) {
  constexpr std::int64_t taps = 9;
  const FoldedWeights folded = foldedWeights(call, shape);
  const std::int64_t out = padded(shape.outChannels), in = padded(shape.inChannels);
  const auto weight = inZeros(folded.weight.as<float>(), shape.outChannels, shape.inChannels, taps, out, in);
  TransformedWeights result{winogradWeights(weight.data(), out, in), {}};
  if (folded.bias.defined())
    result.bias = Tensor::from<float>(
        {out}, std::span<const float>(inZeros(folded.bias.as<float>(), 1, shape.outChannels, 1, 1, out)));
  bytes = result.weights.values.size() * sizeof(float) + result.bias.bytes().size();
  return result;
}

void setActivation(WinogradCall& to, const Fusion* fusion) {
  to.lowest = -std::numeric_limits<float>::infinity();
  to.highest = std::numeric_limits<float>::infinity();
  if (fusion == nullptr) return;
  if (fusion->activation == FusedActivation::Relu) to.lowest = 0;
  if (fusion->activation == FusedActivation::LeakyRelu) to.slope = fusion->alpha;
  if (fusion->activation == FusedActivation::Clip) {
    to.lowest = fusion->alpha;
    to.highest = fusion->beta;
  }
}

const float* floatsOf(const Activation& blockedActivation) {
  return static_cast<const float*>(memoryOf(blockedActivation).get_data_handle());
}

}  // namespace

bool suitsWinograd(const ConvShape& shape, const Fusion* fusion) {
  return blocksOfEight() && applies(shape) && pays(shape) && kernelHas(fusion) && keepsZeros(shape, fusion);
}

Activation runWinogradConv(const OpCall& call, const ConvShape& shape) {
  constexpr Key use{0x77696e6f67726164, 0};  // apart from the keys of oneDNN's packed weights
  return guardDnnl("a convolution's layout", [&] {
    const auto transformed =
        remembered<TransformedWeights>(call.prepared, foldedWeightsKey(call, use),
                                       [&](std::size_t& bytes) { return transform(call, shape, bytes); });
    const Activation input = reordered(call.inputs[0], blocked(call.inputs[0].shape));
    const dnnl::memory::desc layout = blocked(shape.output());
    Activation residual;
    if (call.fusion != nullptr && call.fusion->residual.defined())
      residual = reordered(call.fusion->residual, layout);
    FreshActivation result = allocate(layout, shape.output());
    const Window& window = shape.window;
    WinogradCall run{.batch = shape.batch,
                     .height = window.input[0],
                     .width = window.input[1],
                     .outHeight = window.output[0],
                     .outWidth = window.output[1],
                     .padTop = window.padBegin[0],
                     .padLeft = window.padBegin[1]};
    run.weights = &transformed->weights;
    run.input = floatsOf(input);
    if (transformed->bias.defined()) run.bias = transformed->bias.as<float>().data();
    if (residual.defined()) run.residual = floatsOf(residual);
    run.output = static_cast<float*>(result.memory.get_data_handle());
    setActivation(run, call.fusion);
    runWinograd(run);
    return std::move(result.activation);
  });
}

}  // namespace lapidary::core
