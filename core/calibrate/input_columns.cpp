// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calibrate/input_columns.h"

#include <algorithm>
#include <cstring>

#include "core/model/weight_matrix.h"
#include "core/ops/kernels/conv_shape.h"

namespace lapidary::core {
namespace {

/// Floats of one tile: it stays in the cache while products are taken of it.
constexpr std::int64_t tileFloats = 1 << 18;
constexpr std::int64_t fewestRows = 256;

/// Patches of a convolution, written column by column. A line is the run of output positions along the last
/// axis; rows of the matrix are the positions of all lines of all samples.
class Patches {
 public:
  Patches(const float* x, const ConvShape& shape, std::size_t group)
      : m_x(x), m_window(shape.window), m_dims(shape.window.dims()) {
    m_channels = shape.inChannels / shape.group;
    m_firstChannel = static_cast<std::int64_t>(group) * m_channels;
    m_planes = shape.inChannels;
    for (std::size_t d = 0; d < m_dims; ++d) m_plane *= m_window.input[d];
    for (std::size_t d = 0; d + 1 < m_dims; ++d) m_linesOfSample *= m_window.output[d];
    for (const std::int64_t k : m_window.kernel) m_taps *= k;
    m_lines = shape.batch * m_linesOfSample;
  }

  std::int64_t lines() const { return m_lines; }
  std::int64_t lineLength() const { return m_window.output.back(); }

  /// Column `column` of lines [from, to).
  void write(std::int64_t column, std::int64_t from, std::int64_t to, float* out) const {
    const std::int64_t channel = m_firstChannel + column / m_taps;
    std::int64_t taps[3] = {}, rest = column % m_taps;
    for (std::size_t d = m_dims; d-- > 0; rest /= m_window.kernel[d]) taps[d] = rest % m_window.kernel[d];
    for (std::int64_t line = from; line < to; ++line, out += lineLength())
      writeLine(sourceOf(line, channel, taps), taps[m_dims - 1], out);
  }

 private:
  /// The line of the input that the taps read; null where it lies in the padding.
  const float* sourceOf(std::int64_t line, std::int64_t channel, const std::int64_t* taps) const {
    std::int64_t rest = line % m_linesOfSample, offset = 0, stride = m_window.input[m_dims - 1];
    for (std::size_t d = m_dims - 1; d-- > 0;) {
      const std::int64_t at = rest % m_window.output[d] * m_window.stride[d] - m_window.padBegin[d] +
                              taps[d] * m_window.dilation[d];
      if (at < 0 || at >= m_window.input[d]) return nullptr;
      offset += at * stride;
      stride *= m_window.input[d];
      rest /= m_window.output[d];
    }
    return m_x + (line / m_linesOfSample * m_planes + channel) * m_plane + offset;
  }

  void writeLine(const float* source, std::int64_t tap, float* out) const {
    const std::size_t d = m_dims - 1;
    const std::int64_t length = lineLength(), stride = m_window.stride[d], size = m_window.input[d];
    const std::int64_t start = tap * m_window.dilation[d] - m_window.padBegin[d];
    // Positions p with 0 <= start + p * stride < size.
    const std::int64_t low = start >= 0 ? 0 : std::min(length, (-start + stride - 1) / stride);
    const std::int64_t high =
        source == nullptr || start >= size ? low : std::clamp((size - 1 - start) / stride + 1, low, length);
    if (high <= low) return std::fill(out, out + length, 0.0f);
    std::fill(out, out + low, 0.0f);
    std::fill(out + high, out + length, 0.0f);
    const float* from = source + start + low * stride;
    if (stride == 1)
      std::memcpy(out + low, from, static_cast<std::size_t>(high - low) * sizeof(float));
    else
      for (std::int64_t p = low; p < high; ++p, from += stride) out[p] = *from;
  }

  const float* m_x;
  const Window& m_window;
  std::size_t m_dims;
  std::int64_t m_channels = 0, m_firstChannel = 0, m_planes = 0, m_plane = 1;
  std::int64_t m_taps = 1, m_linesOfSample = 1, m_lines = 0;
};

[[noreturn]] void unobservable(const Layer& layer) {
  throw Error(ErrorKind::Unsupported,
              "layer '" + layer.name + "' (" + layer.opType +
                  "): its inputs cannot be observed, which this method needs; expected a Conv, Gemm or "
                  "MatMul outside of control flow");
}

}  // namespace

InputColumns::InputColumns(const Model& model, LayerId id) {
  const Layer& layer = model.layer(id);
  if (!layer.node.valid()) unobservable(layer);
  m_node = &model.graph->node(layer.node);
  const std::string& op = m_node->opType;
  const bool known = op == "Conv" || op == "Gemm" || op == "MatMul";
  if (!known || op != layer.opType || m_node->inputs.size() < 2) unobservable(layer);
  const bool second = m_node->inputs[1] == layer.weight;
  if (!second && !(op == "MatMul" && m_node->inputs[0] == layer.weight)) unobservable(layer);
  if (op != "Conv" && layer.shape.size() != 2) unobservable(layer);
  m_value = m_node->inputs[second ? 0 : 1];
  if (!m_value.valid() || model.weights.contains(m_value)) unobservable(layer);
  m_weight = layer.shape;
  m_columns = weightMatrix(layer.shape, layer.channelAxis).inputs;
  m_byColumn = op == "Gemm" ? m_node->intOr("transA", 0) != 0 : !second;
  if (op != "Conv") return;
  const std::int64_t groups = m_node->intOr("group", 1);
  if (groups < 1 || layer.shape[0] % groups != 0) unobservable(layer);
  m_groups = static_cast<std::size_t>(groups);
}

void InputColumns::forEachTile(const Tensor& x, std::size_t group, std::size_t first,
                               const std::function<void(const InputTile&)>& body) const {
  if (m_node->opType == "Conv")
    convTiles(x, group, first, body);
  else
    matrixTiles(x, first, body);
}

void InputColumns::convTiles(const Tensor& x, std::size_t group, std::size_t first,
                             const std::function<void(const InputTile&)>& body) const {
  const ConvShape shape = convShape(*m_node, x.shape(), m_weight);
  const Patches patches(x.as<float>().data(), shape, group);
  const std::int64_t length = patches.lineLength();
  const auto wanted = static_cast<std::int64_t>(m_columns - first);
  const std::int64_t rows = std::max(fewestRows, tileFloats / std::max<std::int64_t>(1, wanted));
  const std::int64_t step = std::max<std::int64_t>(1, rows / length);
  std::vector<float> tile(static_cast<std::size_t>(wanted * std::min(step, patches.lines()) * length));
  for (std::int64_t from = 0; from < patches.lines(); from += step) {
    const std::int64_t to = std::min(patches.lines(), from + step), held = (to - from) * length;
    for (std::int64_t c = 0; c < wanted; ++c)
      patches.write(static_cast<std::int64_t>(first) + c, from, to, tile.data() + c * held);
    body({tile.data(), wanted, held, held, true});
  }
}

void InputColumns::matrixTiles(const Tensor& x, std::size_t first,
                               const std::function<void(const InputTile&)>& body) const {
  const auto columns = static_cast<std::int64_t>(m_columns), offset = static_cast<std::int64_t>(first);
  const Shape& shape = x.shape();
  const std::size_t axis = shape.size() - (m_byColumn ? 2 : 1);
  if (shape.size() < (m_byColumn ? 2u : 1u) || shape[axis] != columns)
    throw Error(ErrorKind::InvalidInput,
                "a layer of " + std::to_string(columns) + " inputs reads a tensor of shape " + toText(shape));
  const float* data = x.as<float>().data();
  if (!m_byColumn) return body({data + offset, columns - offset, x.size() / columns, columns, false});
  const std::int64_t rows = shape.back();
  for (std::int64_t at = 0; at < x.size(); at += rows * columns)
    body({data + at + offset * rows, columns - offset, rows, rows, true});
}

}  // namespace lapidary::core
