// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/judge/noisy_subject.h"

#include <algorithm>

#include "core/explain/map/score_gradient.h"

namespace lapidary::core {
namespace {

Tensor moved(const Tensor& tensor, double radius, Draws& draws) {
  const Tensor values = toFloat32(tensor);
  if (values.size() == 0) return tensor;
  const auto [least, most] = std::ranges::minmax(values.as<float>());
  const double reach = radius * (static_cast<double>(most) - static_cast<double>(least));
  TensorBuilder builder(DType::Float32, values.shape());
  std::ranges::transform(values.as<float>(), builder.as<float>().begin(), [&](float value) {
    return value + static_cast<float>(reach * (2 * draws.unit() - 1));
  });
  return convert(std::move(builder).build(), tensor.dtype());
}

/// The table of the embedding; invalid where there is none.
ValueId tableOf(const Model& model, std::span<const Tensor> inputs) {
  try {
    const NodeId lookup = model.graph->value(explainedValue(model, inputs).value).producer;
    return lookup.valid() ? model.graph->node(lookup).inputs[0] : ValueId{};
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

NoisySubject noisySubject(const Model& model, std::span<const Tensor> inputs, double radius, Draws& draws) {
  NoisySubject noisy{model, {inputs.begin(), inputs.end()}};
  const auto real =
      std::ranges::find_if(noisy.inputs, [](const Tensor& input) { return isFloating(input.dtype()); });
  if (real != noisy.inputs.end())
    *real = moved(*real, radius, draws);
  else if (const ValueId table = tableOf(model, inputs); table.valid())
    noisy.model.weights[table] = moved(model.weights.at(table), radius, draws);
  return noisy;
}

}  // namespace lapidary::core
