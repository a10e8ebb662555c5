// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/cut/output_errors.h"

#include "core/compress/inputs/matrix_copy.h"
#include "core/compress/inputs/output_error.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostErrors = 10'000;

}  // namespace

double OutputErrorMemo::of(const LayerInputs& inputs, const CutKey& key) const {
  {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_errors.find(key); it != m_errors.end()) return it->second;
  }
  const double error = computed(inputs, key);
  const std::lock_guard lock(m_mutex);
  if (m_errors.size() > mostErrors) m_errors.clear();
  return m_errors[key] = error;
}

double OutputErrorMemo::computed(const LayerInputs& inputs, const CutKey& key) const {
  const Layer& layer = m_model.layer(key.layer);
  const WeightMatrix matrix = weightMatrix(layer.shape, layer.channelAxis);
  const CutWeight cut = m_cuts.cut(key, {}, {});
  const std::vector<float> before = gathered(matrix, m_layers.weight(key.layer).as<float>());
  const double power = powerOf(inputs, matrix, before, key.layer);
  if (!(power > 0)) return 0;
  const std::vector<float> after = gathered(matrix, cut.values.as<float>());
  return outputNoise(inputs, matrix, before, after, cut.bias.defined()) / power;
}

double OutputErrorMemo::powerOf(const LayerInputs& inputs, const WeightMatrix& matrix,
                                std::span<const float> weights, LayerId layer) const {
  {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_powers.find(layer.index); it != m_powers.end()) return it->second;
  }
  const double power = outputPower(inputs, matrix, weights, false);
  const std::lock_guard lock(m_mutex);
  return m_powers[layer.index] = power;
}

}  // namespace lapidary::core
