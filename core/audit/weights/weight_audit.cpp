// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/weights/weight_audit.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "core/audit/rules/audit_rules.h"
#include "core/audit/weights/weight_checks.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// What nodes of the graph multiply by, add or normalise with.
std::set<ValueId> weightsOfNodes(const Model& model) {
  std::set<ValueId> weights;
  for (const Layer& layer : model.layers)
    if (layer.node.valid()) weights.insert({layer.weight, layer.bias});
  return weights;
}

std::vector<AuditedTensor> storedFloats(const Model& model) {
  std::vector<AuditedTensor> tensors;
  const std::set<ValueId> weights = weightsOfNodes(model);
  for (const auto& [id, tensor] : model.weights)
    if (isFloating(tensor.dtype()) && tensor.size() > 0)
      tensors.push_back({model.graph->value(id).name, tensor, weights.contains(id)});
  return tensors;
}

/// The values that a checkpoint keeps for PyTorch's optimisers, which are no weights: repeated and lopsided
/// by nature.
bool isOptimizerState(std::string_view name) {
  constexpr std::string_view words[]{"exp_avg",    "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer",
                                     "square_avg", "acc_delta",  "grad_avg",       "exp_inf",
                                     "prev",       "sum"};
  const std::size_t dot = name.rfind('.');
  return dot != std::string_view::npos && name.find("state.") != std::string_view::npos &&
         std::ranges::find(words, name.substr(dot + 1)) != std::end(words);
}

std::vector<AuditedLayer> readableLayers(const Model& model) {
  std::vector<AuditedLayer> layers;
  for (std::uint32_t i = 0; i < model.layers.size(); ++i) {
    const Layer& layer = model.layers[i];
    if (isOptimizerState(layer.name)) continue;
    try {
      layers.push_back({layer.name, layer.opType, layerWeight(model, layer), layer.channelAxis, LayerId{i}});
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Unsupported) throw;  // computed by something that no weights come from
    }
  }
  return layers;
}

struct Count {
  std::size_t above = 0, below = 0, noNumber = 0, first = 0;
  std::optional<float> finite;  ///< the first of them
  bool severalFinite = false;

  std::size_t infinite() const { return above + below; }
};

Count counted(std::span<const float> all) {
  Count count;
  for (std::size_t i = all.size(); i-- > 0;) {
    if (std::isfinite(all[i])) {
      count.severalFinite = count.severalFinite || (count.finite && *count.finite != all[i]);
      count.finite = all[i];
      continue;
    }
    ++(std::isnan(all[i]) ? count.noNumber : all[i] > 0 ? count.above : count.below);
    count.first = i;
  }
  return count;
}

/// Whether infinities, and a single value that is no number, were put there on purpose.
bool isMeant(const Count& count, std::size_t size) {
  if (size == 1) return true;
  if (count.noNumber > 0) return false;
  if (!count.severalFinite) return true;
  const bool oneSided = count.above == 0 || count.below == 0;
  return oneSided && 10 * count.infinite() >= size;
}

}  // namespace

void findNotFinite(const std::vector<AuditedTensor>& tensors, std::vector<Finding>& findings) {
  for (const AuditedTensor& tensor : tensors) {
    const Tensor values = toFloat32(tensor.tensor);
    const auto all = values.as<float>();
    const Count count = counted(all);
    if (count.infinite() + count.noNumber == 0 || (!tensor.isWeight && isMeant(count, all.size()))) continue;
    findings.push_back(
        findingOf("weight-not-finite", "weight '" + tensor.name + "', element " + std::to_string(count.first),
                  std::to_string(count.infinite()) + " infinite and " + std::to_string(count.noNumber) +
                      " that are no number, of " + std::to_string(all.size())));
  }
}

std::vector<Finding> auditWeights(const Model& model, const Progress& progress, unsigned workers) {
  std::vector<Finding> findings;
  const std::vector<AuditedTensor> tensors = storedFloats(model);
  const std::vector<AuditedLayer> layers = readableLayers(model);
  findNotFinite(tensors, findings);
  findDeadChannels(model, layers, findings);
  const std::size_t parts = layers.size() + tensors.size();
  std::vector<std::vector<Finding>> found(parts);
  parallelFor(parts, workers, [&](std::size_t i, unsigned) {
    progress.check();
    if (i < layers.size()) {
      findDuplicateChannels(layers[i], found[i]);
      findOutliers(layers[i], found[i]);
    } else {
      findUnevenBits(tensors[i - layers.size()], found[i]);
    }
  });
  for (const auto& some : found) findings.insert(findings.end(), some.begin(), some.end());
  findOddSpectra(layers, progress, workers, findings);
  findHiddenFiles(tensors, progress, workers, findings);
  sortBySeverity(findings);
  return findings;
}

}  // namespace lapidary::core
