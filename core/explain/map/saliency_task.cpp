// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/map/saliency_task.h"

#include <algorithm>
#include <cstring>

#include "core/run/executor.h"

namespace lapidary::core {

std::size_t variationBatch(const Model& model) {
  const bool mixes = std::ranges::any_of(
      model.graph->nodes, [](const Node& node) { return node.opType == "DynamicQuantizeLinear"; });
  return mixes || fixedBatch(model) == 1 ? 1 : 16;
}

Tensor repeated(const Tensor& sample, std::size_t times) {
  Shape shape = sample.shape();
  shape[0] = static_cast<std::int64_t>(times);
  TensorBuilder batch(sample.dtype(), shape);
  const auto one = sample.bytes();
  for (std::size_t i = 0; i < times; ++i)
    std::memcpy(batch.bytes().data() + i * one.size(), one.data(), one.size());
  return std::move(batch).build();
}

}  // namespace lapidary::core
