// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/onnx/onnx_content.h"

#include <algorithm>

#include "core/io/onnx/onnx_encoding.h"
#include "core/io/onnx/onnx_guard.h"
#include "core/io/onnx/onnx_integer.h"
#include "core/io/onnx/onnx_upgrade.h"
#include "core/model/override.h"
#include "core/model/standard_domain.h"

namespace lapidary::core {
namespace {

/// QuantizeLinear came with opset 10 and its axis with 13, DynamicQuantizeLinear with 11.
std::int64_t opsetFor(const Node& node) {
  if (!isStandardDomain(node.domain)) return 0;
  if (node.opType == "DynamicQuantizeLinear") return 11;
  const bool quantizes = node.opType == "QuantizeLinear" || node.opType == "DequantizeLinear";
  return quantizes ? node.attributes.contains("axis") ? 13 : 10 : 0;
}

/// The IR version that came with an opset (onnx/docs/Versioning.md); before 4, initialisers would
/// have to be listed as inputs.
std::int64_t irVersionFor(std::int64_t opset) {
  if (opset >= 21) return 10;
  if (opset >= 19) return 9;
  if (opset >= 15) return 8;
  if (opset >= 12) return 7;
  if (opset >= 11) return 6;
  return opset >= 10 ? 5 : 4;
}

/// Edited weights keep the type that the file gave them.
void keepTypes(const Model& model, OnnxContent& content) {
  for (const auto& [id, tensor] : model.weights) {
    const auto original = model.graph->initializers.find(id);
    if (original != model.graph->initializers.end() && original->second.id() == tensor.id()) continue;
    const auto type = storedType(*model.graph, id);
    if (type && *type != tensor.dtype() && isFloating(tensor.dtype())) content.stored[id] = *type;
  }
}

/// Codes that stand in constants of the file are put there; the nodes that make weights of them stay.
Model withCodesInPlace(Model model) {
  for (auto it = model.encodings.begin(); it != model.encodings.end();) {
    const auto file = it->second->inFile;
    const bool stays = file && model.graph->value(it->first).producer.valid();
    if (stays) {
      model.weights.erase(it->first);
      model.weights[file->constant] = file->codes;
    }
    it = stays ? model.encodings.erase(it) : std::next(it);
  }
  return model;
}

void raiseOpset(const Model& model, OnnxContent& content, std::int64_t needed) {
  const std::int64_t current = model.opset();
  if (current >= needed || (current == 0 && content.graph.nodes.empty())) return;
  upgradeOpset(content.graph, current, needed);
  for (OpsetImport& import : content.opsets)
    if (isStandardDomain(import.domain)) import.version = needed;
}

}  // namespace

OnnxContent onnxContent(const Model& edited) {
  const Model model = withCodesInPlace(edited);
  OnnxContent content{withWeights(model), {}, model.source.opsets, 0};
  keepTypes(model, content);
  std::int64_t needed = 0;
  for (const auto& [id, encoding] : model.encodings) needed = std::max(needed, opsetFor(*encoding));
  for (const Node& node : model.graph->nodes) needed = std::max(needed, opsetFor(node));
  raiseOpset(model, content, needed);
  EncodingWriter writer(content);
  for (const auto& [id, encoding] : model.encodings)
    writer.add(id, *encoding, storedType(*model.graph, id).value_or(DType::Float32));
  guardDequantized(content, writer.finish());
  hideIntegerWeights(content.graph);
  content.irVersion = std::max(model.source.irVersion, irVersionFor(std::max(needed, model.opset())));
  return content;
}

}  // namespace lapidary::core
