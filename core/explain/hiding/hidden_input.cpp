// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/hiding/hidden_input.h"

#include <algorithm>
#include <cstring>

namespace lapidary::core {

HiddenInput::HiddenInput(const Tensor& input)
    : m_input(input), m_tokens(!isFloating(input.dtype())), m_geometry(geometryOf(input.shape())) {
  if (m_tokens) return;
  m_values = toFloat32(input);
  findMeans();
}

void HiddenInput::findMeans() {
  const auto values = m_values.as<float>();
  m_means.assign(static_cast<std::size_t>(m_geometry.channels), 0.0f);
  for (int row = 0; row < m_geometry.height; ++row)
    for (int column = 0; column < m_geometry.width; ++column)
      for (int channel = 0; channel < m_geometry.channels; ++channel)
        m_means[static_cast<std::size_t>(channel)] += values[m_geometry.index(row, column, channel)];
  for (float& mean : m_means) mean /= static_cast<float>(m_geometry.pixels());
}

std::vector<char> HiddenInput::hideable() const {
  std::vector<char> can(m_geometry.pixels(), 1);
  if (!m_tokens || m_geometry.channels != 1) return can;
  const std::vector<std::int64_t> ids = toInt64(m_input);
  for (std::size_t i = 0; i < can.size(); ++i) can[i] = ids[i] != 0;
  return can;
}

Tensor HiddenInput::hidden(std::span<const Mask> masks) const {
  const Tensor& from = m_tokens ? m_input : m_values;
  Shape shape = from.shape();
  shape[0] = static_cast<std::int64_t>(masks.size());
  TensorBuilder batch(from.dtype(), shape);
  const std::size_t bytes = from.bytes().size();
  for (std::size_t i = 0; i < masks.size(); ++i) {
    const auto sample = batch.bytes().subspan(i * bytes, bytes);
    std::ranges::copy(from.bytes(), sample.begin());
    if (m_tokens)
      fillTokens(sample, masks[i]);
    else
      fillValues(batch.as<float>().subspan(i * (bytes / sizeof(float)), bytes / sizeof(float)), masks[i]);
  }
  return convert(std::move(batch).build(), m_input.dtype());
}

void HiddenInput::fillTokens(std::span<std::byte> sample, const Mask& mask) const {
  const std::size_t width = bitsOf(m_input.dtype()) / 8;
  std::size_t at = 0;
  for (int row = 0; row < m_geometry.height; ++row)
    for (int column = 0; column < m_geometry.width; ++column)
      if (mask[at++] < 0.5f)
        for (int channel = 0; channel < m_geometry.channels; ++channel)
          std::memset(sample.data() + m_geometry.index(row, column, channel) * width, 0, width);
}

void HiddenInput::fillValues(std::span<float> sample, const Mask& mask) const {
  std::size_t at = 0;
  for (int row = 0; row < m_geometry.height; ++row)
    for (int column = 0; column < m_geometry.width; ++column) {
      const float shown = mask[at++];
      if (shown >= 1) continue;
      for (int channel = 0; channel < m_geometry.channels; ++channel) {
        const float mean = m_means[static_cast<std::size_t>(channel)];
        float& value = sample[m_geometry.index(row, column, channel)];
        value = shown <= 0 ? mean : mean + shown * (value - mean);
      }
    }
}

}  // namespace lapidary::core
