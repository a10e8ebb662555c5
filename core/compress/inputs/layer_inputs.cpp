// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compress/inputs/layer_inputs.h"

namespace lapidary::core {
namespace {

/// X^T X less n mean mean^T.
void takeMeansOut(LayerInputs& inputs) {
  const std::size_t n = inputs.columns;
  for (std::size_t i = 0; i < inputs.gram.size(); ++i) {
    const std::size_t row = i / n, column = i % n, group = row / n;
    const double product = inputs.sums[row] * inputs.sums[group * n + column];
    inputs.gram[i] -= static_cast<float>(product / static_cast<double>(inputs.rows));
  }
}

}  // namespace

std::shared_ptr<const LayerInputs> LayerInputs::centred() const {
  {
    const std::lock_guard lock(m_mutex);
    if (m_centred) return m_centred;
  }
  auto made = std::make_shared<LayerInputs>();
  made->groups = groups, made->columns = columns, made->rows = rows;
  made->sums = sums, made->squares = squares, made->magnitudes = magnitudes;
  made->gram = gram;
  takeMeansOut(*made);
  const std::lock_guard lock(m_mutex);
  if (remembersCentred(gram.size()) && !m_centred) m_centred = made;
  return made;
}

}  // namespace lapidary::core
