// SPDX-License-Identifier: GPL-3.0-or-later
// Col2Im: adds up overlapping blocks of an image that lie in columns.
#include "core/ops/conv/conv_columns.h"

#include "core/ops/checks.h"
#include "core/ops/kernels/window.h"
#include "core/ops/results.h"

namespace lapidary::core {
namespace {

/// Steps a position through a shape, last dimension quickest.
void advance(std::vector<std::int64_t>& position, const std::vector<std::int64_t>& shape) {
  for (std::size_t d = shape.size(); d-- > 0;) {
    if (++position[d] < shape[d]) return;
    position[d] = 0;
  }
}

/// The image element that a block position and a tap meet, or -1 in the padding.
std::int64_t meeting(const Window& window, const std::vector<std::int64_t>& block,
                     const std::vector<std::int64_t>& tap) {
  std::int64_t index = 0;
  for (std::size_t d = 0; d < window.dims(); ++d) {
    const std::int64_t at = block[d] * window.stride[d] - window.padBegin[d] + tap[d] * window.dilation[d];
    if (at < 0 || at >= window.input[d]) return -1;
    index = index * window.input[d] + at;
  }
  return index;
}

/// The blocks as windows over the wanted image; throws Error where the columns are not theirs.
Window blocksOf(const OpCall& call, const Tensor& columns, const Shape& image, const Shape& block) {
  Shape shape{1, 1};
  shape.insert(shape.end(), image.begin(), image.end());
  const Window window = windowOf(call.node, checkedShape(shape), checkedShape(block));
  const std::int64_t taps = elementCount(block), blocks = elementCount(checkedShape(window.output));
  if (columns.rank() != 3 || columns.shape()[1] % taps != 0 || columns.shape()[2] != blocks)
    failInput(0, "input",
              "has shape " + toText(columns.shape()) + ", batch x a multiple of " + std::to_string(taps) +
                  " x " + std::to_string(blocks) + " was expected");
  return window;
}

}  // namespace

std::vector<Activation> columnsToImageForward(const OpCall& call) {
  const Tensor columns = floatInput(call, 0);
  const Shape image = integersOf(call, 1, "image_shape"), block = integersOf(call, 2, "block_shape");
  const Window window = blocksOf(call, columns, image, block);
  const std::int64_t taps = elementCount(block), blocks = columns.shape()[2], size = elementCount(image);
  const std::int64_t planes = columns.shape()[0] * (columns.shape()[1] / taps);
  Shape shape{columns.shape()[0], columns.shape()[1] / taps};
  shape.insert(shape.end(), image.begin(), image.end());
  TensorBuilder out = zeros(checkedShape(shape));
  std::vector<std::int64_t> at(block.size(), 0), tap(block.size(), 0);
  for (std::int64_t t = 0; t < taps; ++t, advance(tap, block))
    for (std::int64_t b = 0; b < blocks; ++b, advance(at, window.output)) {
      const std::int64_t pixel = meeting(window, at, tap);
      for (std::int64_t p = 0; p < planes && pixel >= 0; ++p)
        out.as<float>()[static_cast<std::size_t>(p * size + pixel)] +=
            columns.as<float>()[static_cast<std::size_t>((p * taps + t) * blocks + b)];
    }
  return oneOutput(convert(std::move(out).build(), call.inputs[0].dtype));
}

}  // namespace lapidary::core
