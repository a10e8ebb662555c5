// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/model_inputs.h"

#include <map>

#include "core/run/executor.h"
#include "core/run/node_run.h"

namespace lapidary::core {
namespace {

std::string declaredText(const std::vector<Dimension>& shape) {
  std::string text;
  for (const Dimension& dimension : shape) {
    if (!text.empty()) text += 'x';
    if (dimension.size)
      text += std::to_string(*dimension.size);
    else
      text += dimension.symbol.empty() ? "?" : dimension.symbol;
  }
  return text.empty() ? "scalar" : text;
}

bool fits(const Shape& shape, const std::vector<Dimension>& declared) {
  if (shape.size() != declared.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (declared[i].size && *declared[i].size > 0 && *declared[i].size != shape[i]) return false;
  return true;
}

Tensor accepted(const Value& value, const Tensor& tensor) {
  const std::string name = "input '" + value.name + "'";
  if (!tensor.defined()) throw Error(ErrorKind::InvalidInput, name + " is missing");
  if (value.shape && !fits(tensor.shape(), *value.shape))
    throw Error(ErrorKind::InvalidInput, name + " has shape " + toText(tensor.shape()) +
                                             ", the model declares " + declaredText(*value.shape));
  if (!value.dtype || *value.dtype == tensor.dtype()) return widened(tensor);
  if (isFloating(*value.dtype) != isFloating(tensor.dtype()))
    throw Error(ErrorKind::InvalidInput, name + " is " + std::string(core::name(tensor.dtype())) +
                                             ", the model declares " + std::string(core::name(*value.dtype)));
  const bool half = *value.dtype == DType::Float16 || *value.dtype == DType::BFloat16;
  return half ? toFloat32(tensor) : convert(tensor, *value.dtype);
}

}  // namespace

std::vector<Tensor> acceptedInputs(const Graph& graph, std::span<const Tensor> inputs) {
  if (inputs.size() != graph.inputs.size())
    throw Error(ErrorKind::InvalidInput, std::to_string(inputs.size()) +
                                             " inputs were given, the model has " +
                                             std::to_string(graph.inputs.size()));
  std::vector<Tensor> result;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    result.push_back(accepted(graph.value(graph.inputs[i]), inputs[i]));
  return result;
}

Tensor asDeclared(const Graph& graph, ValueId value, const Tensor& tensor) {
  const auto declared = graph.value(value).dtype;
  if (!declared || !tensor.defined() || *declared == tensor.dtype() || !isFloating(*declared) ||
      !isFloating(tensor.dtype()))
    return tensor;
  return convert(tensor, *declared);
}

std::int64_t fixedBatch(const Model& model) {
  for (const ValueId input : model.graph->inputs) {
    const auto& shape = model.graph->value(input).shape;
    if (shape && !shape->empty() && shape->front().size)
      return std::max<std::int64_t>(0, *shape->front().size);
  }
  return 0;
}

}  // namespace lapidary::core
