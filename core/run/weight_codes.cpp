// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/weight_codes.h"

#include <cmath>

#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

bool allZero(const Tensor& tensor) {
  if (!tensor.defined()) return true;
  const Tensor numbers = toFloat32(tensor);
  return std::ranges::all_of(numbers.as<float>(), [](float value) { return value == 0; });
}

/// Distance of two elements that follow each other along the axis.
std::int64_t innerOf(const WeightCodes& codes) {
  std::int64_t inner = 1;
  for (std::size_t d = static_cast<std::size_t>(codes.axis) + 1; d < codes.codes.rank(); ++d)
    inner *= codes.codes.shape()[d];
  return inner;
}

bool fits(const WeightCodes& c, const Tensor& value) {
  if (!value.defined() || value.dtype() != DType::Float32 || c.codes.dtype() != DType::Int8 ||
      c.codes.shape() != value.shape() || !c.scale.defined() || c.scale.dtype() != DType::Float32)
    return false;
  const bool single = c.scale.size() == 1;
  if (!single && (c.axis < 0 || static_cast<std::size_t>(c.axis) >= value.rank() ||
                  c.scale.size() != value.shape()[static_cast<std::size_t>(c.axis)]))
    return false;
  const std::int64_t inner = single ? 1 : innerOf(c);
  for (std::int64_t i = 0; i < value.size(); ++i) {
    const float scale =
        c.scale.as<float>()[static_cast<std::size_t>(single ? 0 : i / inner % c.scale.size())];
    const float made = static_cast<float>(c.codes.as<std::int8_t>()[static_cast<std::size_t>(i)]) * scale;
    const float is = value.as<float>()[static_cast<std::size_t>(i)];
    if (!(std::abs(made - is) <= 1e-5f * std::abs(is))) return false;
  }
  return true;
}

std::shared_ptr<const WeightCodes> checked(WeightCodes codes, const Tensor& value) {
  return fits(codes, value) ? std::make_shared<const WeightCodes>(std::move(codes)) : nullptr;
}

std::shared_ptr<const WeightCodes> ofNode(const Node& node, const std::vector<Tensor>& values) {
  if (!isStandard(node, "DequantizeLinear") || node.inputs.size() < 2 || !node.inputs[0].valid() ||
      !node.inputs[1].valid() || node.intOr("block_size", 0) != 0)
    return nullptr;
  if (node.inputs.size() > 2 && node.inputs[2].valid() && !allZero(values[node.inputs[2].index]))
    return nullptr;
  const Tensor& codes = values[node.inputs[0].index];
  const auto rank = static_cast<std::int64_t>(codes.rank());
  const std::int64_t axis = node.intOr("axis", 1);
  return checked({codes, values[node.inputs[1].index], static_cast<int>(axis < 0 ? axis + rank : axis)},
                 values[node.outputs[0].index]);
}

/// A node that hands on its only input.
bool isCopy(const Node& node) {
  return (isStandard(node, "Identity") || isStandard(node, "Sum")) && node.inputs.size() == 1 &&
         node.inputs[0].valid();
}

}  // namespace

std::vector<std::shared_ptr<const WeightCodes>> weightCodes(const Model& model, const Schedule& schedule,
                                                            const std::vector<Tensor>& values) {
  std::vector<std::shared_ptr<const WeightCodes>> result(values.size());
  for (const auto& [id, encoding] : model.encodings)
    if (id.index < values.size() && encoding && !encoding->offset.defined() && allZero(encoding->zeroPoint))
      result[id.index] = checked({encoding->codes, encoding->scale, encoding->axis}, values[id.index]);
  for (const NodeId id : schedule.constantNodes)
    if (const Node& node = schedule.graph->node(id); node.outputs.size() == 1 && node.outputs[0].valid()) {
      auto& codes = result[node.outputs[0].index];
      if (auto found = ofNode(node, values)) codes = std::move(found);
      if (!codes && isCopy(node) && result[node.inputs[0].index])
        codes = checked(*result[node.inputs[0].index], values[node.outputs[0].index]);
    }
  return result;
}

}  // namespace lapidary::core
