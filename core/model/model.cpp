// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/model.h"

#include "core/model/standard_domain.h"

namespace lapidary::core {

std::string_view idOf(WarningKind kind) {
  switch (kind) {
    case WarningKind::UnknownOp:
      return "unknown-operators";
    case WarningKind::NoGraph:
      return "no-graph";
    case WarningKind::ExternalData:
      return "external-data";
    case WarningKind::NewerOpset:
      return "newer-opset";
    case WarningKind::DroppedContent:
      return "dropped-content";
    case WarningKind::ShapeInference:
      return "shape-inference";
    case WarningKind::TrainingState:
      return "training-state";
    case WarningKind::AveragedCopy:
      return "averaged-copy";
    case WarningKind::TiedWeights:
      return "tied-weights";
    case WarningKind::SharedStorage:
      return "shared-storage";
    case WarningKind::KeptTensors:
      return "kept-tensors";
    case WarningKind::ScalesBeside:
      return "scales-beside";
    case WarningKind::OneShard:
      return "one-shard";
    case WarningKind::OutsideLayers:
      return "outside-layers";
    case WarningKind::NoLayers:
      return "no-layers";
    case WarningKind::InlinedFunctions:
      return "inlined-functions";
    case WarningKind::UnpackedWeights:
      return "unpacked-weights";
    case WarningKind::ScoresOutput:
      return "scores-output";
  }
  return "warning";
}

std::int64_t Model::opset(const std::string& domain) const {
  const bool standard = isStandardDomain(domain);
  for (const OpsetImport& import : source.opsets)
    if (standard ? isStandardDomain(import.domain) : import.domain == domain) return import.version;
  return 0;
}

std::int64_t Model::parameters() const {
  std::int64_t total = 0;
  for (const auto& [id, tensor] : graph->initializers) total += tensor.size();
  return total;
}

LayerId Model::findLayer(const std::string& layerName) const {
  for (std::uint32_t i = 0; i < layers.size(); ++i)
    if (layers[i].name == layerName) return LayerId{i};
  return {};
}

}  // namespace lapidary::core
