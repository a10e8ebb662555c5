// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/parameter_account.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/model/constants.h"

namespace lapidary::core {
namespace {

/// Names beyond this many are counted.
constexpr std::size_t mostNamed = 8;
/// A vector of so many elements, and of this part of the model, is more than a bias.
constexpr std::int64_t largeVector = 4096, smallPart = 20;

/// The parameters of its weight, where they are drawn from several tensors in their order.
void cover(const Model& model, const Layer& layer, std::map<ValueId, std::int64_t>& covered) {
  std::int64_t left = layer.parameters();
  for (const ValueId root : constantRoots(*model.graph, layer.weight)) {
    const auto stored = model.graph->initializers.find(root);
    if (stored == model.graph->initializers.end()) continue;
    const std::int64_t here = std::min(left, stored->second.size());
    covered[root] += here;
    left -= here;
  }
}

bool hasSeveralAxes(const Shape& shape) {
  return std::ranges::count_if(shape, [](std::int64_t size) { return size > 1; }) > 1;
}

/// Numbers that are multiplied, not counted with: floats, and codes of them.
bool isWeightType(DType type) { return isFloating(type) || (bitsOf(type) <= 8 && type != DType::Bool); }

/// Scales and zero points, which are matrices where blocks of a weight have their own.
std::set<ValueId> gridsOf(const Graph& graph) {
  std::set<ValueId> grids;
  for (const Node& node : graph.nodes)
    if (node.opType == "DequantizeLinear" || node.opType == "QuantizeLinear")
      for (std::size_t i = 1; i < node.inputs.size(); ++i) grids.insert(node.inputs[i]);
  return grids;
}

bool isWeight(const OutsideTensor& tensor, std::int64_t total) {
  return tensor.matrix || (tensor.parameters >= largeVector && tensor.parameters > total / smallPart);
}

std::string namesOf(const ParameterAccount& account) {
  std::string names;
  for (std::size_t i = 0; i < std::min(mostNamed, account.tensors.size()); ++i)
    names +=
        (i == 0 ? "" : ", ") + account.tensors[i].name + " ×" + std::to_string(account.tensors[i].parameters);
  if (account.tensors.size() > mostNamed)
    names += ", … (+" + std::to_string(account.tensors.size() - mostNamed) + ")";
  return names;
}

}  // namespace

ParameterAccount accountOf(const Model& model) {
  ParameterAccount account;
  account.total = model.parameters();
  std::map<ValueId, std::int64_t> covered;
  for (const Layer& layer : model.layers) {
    account.inLayers += layer.parameters();
    cover(model, layer, covered);
  }
  const std::set<ValueId> grids = gridsOf(*model.graph);
  for (const auto& [id, tensor] : model.graph->initializers) {
    const std::int64_t left = tensor.size() - covered[id];
    if (left <= 0) continue;
    account.tensors.push_back(
        {model.graph->value(id).name, left,
         isWeightType(tensor.dtype()) && hasSeveralAxes(tensor.shape()) && !grids.contains(id)});
  }
  account.outside = account.total - account.inLayers;
  std::ranges::stable_sort(account.tensors, std::ranges::greater(), &OutsideTensor::parameters);
  return account;
}

void warnOfParameters(const Model& model, std::vector<Warning>& warnings) {
  if (model.runnable() && model.layers.empty()) warnings.push_back({WarningKind::NoLayers, ""});
  const ParameterAccount account = accountOf(model);
  const bool misses = std::ranges::any_of(
      account.tensors, [&](const OutsideTensor& tensor) { return isWeight(tensor, account.total); });
  if (misses)
    warnings.push_back({WarningKind::OutsideLayers, namesOf(account), account.outside, account.total});
}

}  // namespace lapidary::core
