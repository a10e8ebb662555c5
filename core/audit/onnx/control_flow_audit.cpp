// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/onnx/control_flow_audit.h"

#include <map>

#include "core/audit/onnx/onnx_fields.h"
#include "core/audit/parts/wire_walk.h"
#include "core/files/shown_text.h"

namespace lapidary::core {
namespace {

namespace field = onnxfield;
constexpr int deepestBranch = 32;
constexpr std::uint64_t leastBytes = 4096, shareOfAll = 10;

std::vector<WireEntry> entriesOf(std::span<const std::byte> message) {
  return wireEntries(message).value_or(std::vector<WireEntry>{});
}

/// The kind of a node, as far as control flow goes.
struct FlowNode {
  std::string type, name;
  std::vector<std::string> inputs, outputs;
  std::vector<std::span<const std::byte>> graphs;
  std::uint64_t tensorBytes = 0;  ///< of its attributes
};

FlowNode nodeOf(const WireEntry& entry) {
  FlowNode node;
  for (const WireEntry& part : entriesOf(entry.payload)) {
    if (part.field.number == field::nodeType) node.type = part.text();
    if (part.field.number == field::nodeName) node.name = part.text();
    if (part.field.number == field::nodeInput) node.inputs.push_back(part.text());
    if (part.field.number == field::nodeOutput) node.outputs.push_back(part.text());
    if (part.field.number != field::nodeAttribute) continue;
    for (const WireEntry& value : entriesOf(part.payload)) {
      if (value.field.number == field::attributeGraph || value.field.number == field::attributeGraphs)
        node.graphs.push_back(value.payload);
      if (value.field.number == field::attributeTensor) node.tensorBytes += value.payload.size();
    }
  }
  return node;
}

std::string firstText(const WireEntry& message, std::uint32_t number) {
  for (const WireEntry& part : entriesOf(message.payload))
    if (part.field.number == number) return part.text();
  return "";
}

void collectNames(std::span<const std::byte> graph, int depth, std::set<std::string>& names) {
  constexpr std::uint32_t graphOutput = 12, valueName = 1;
  if (depth > deepestBranch) return;
  for (const WireEntry& entry : entriesOf(graph)) {
    if (entry.field.number == graphOutput) names.insert(firstText(entry, valueName));
    if (entry.field.number != field::graphNode) continue;
    const FlowNode node = nodeOf(entry);
    names.insert(node.inputs.begin(), node.inputs.end());
    for (const auto& inner : node.graphs) collectNames(inner, depth + 1, names);
  }
}

/// Bytes of weights inside a graph and of those outside that it reads.
std::uint64_t bytesOf(std::span<const std::byte> graph, const std::map<std::string, std::uint64_t>& outside,
                      int depth) {
  if (depth > deepestBranch) return 0;
  std::uint64_t total = 0;
  for (const WireEntry& entry : entriesOf(graph)) {
    if (entry.field.number == field::graphInitializer) total += entry.payload.size();
    if (entry.field.number != field::graphNode) continue;
    const FlowNode node = nodeOf(entry);
    total += node.tensorBytes;
    for (const auto& inner : node.graphs) total += bytesOf(inner, {}, depth + 1);
  }
  if (outside.empty()) return total;
  for (const std::string& name : namesUsed(graph))
    if (const auto found = outside.find(name); found != outside.end()) total += found->second;
  return total;
}

/// Values that depend on what the input holds, not on its shape alone.
class DataDependence {
 public:
  explicit DataDependence(const std::vector<WireEntry>& graph) {
    constexpr std::uint32_t valueName = 1;
    for (const WireEntry& entry : graph)
      if (entry.field.number == field::graphInput) m_names.insert(firstText(entry, valueName));
    for (const WireEntry& entry : graph)
      if (entry.field.number == field::graphInitializer) m_names.erase(firstText(entry, field::tensorName));
  }
  void pass(const FlowNode& node) {
    if (node.type == "Shape" || node.type == "Size") return;
    for (const std::string& input : node.inputs)
      if (m_names.contains(input)) return m_names.insert(node.outputs.begin(), node.outputs.end());
  }
  bool has(const std::string& name) const { return m_names.contains(name); }

 private:
  std::set<std::string> m_names;
};

}  // namespace

std::set<std::string> namesUsed(std::span<const std::byte> graph) {
  std::set<std::string> names;
  collectNames(graph, 0, names);
  return names;
}

void auditControlFlow(AuditRun& run, const AuditPart& part, std::span<const std::byte> graph) {
  const auto entries = entriesOf(graph);
  std::map<std::string, std::uint64_t> weights;
  for (const WireEntry& entry : entries)
    if (entry.field.number == field::graphInitializer)
      weights[firstText(entry, field::tensorName)] = entry.payload.size();
  DataDependence dependence(entries);
  for (const WireEntry& entry : entries) {
    if (entry.field.number != field::graphNode) continue;
    const FlowNode node = nodeOf(entry);
    dependence.pass(node);
    std::uint64_t inside = 0;
    for (const auto& inner : node.graphs) inside += bytesOf(inner, weights, 0);
    if (inside < leastBytes || inside < graph.size() / shareOfAll) continue;
    const bool chosen = node.type == "If" && !node.inputs.empty() && dependence.has(node.inputs.front());
    run.addAt("onnx-second-model", part, static_cast<std::size_t>(entry.payload.data() - part.view().data()),
              entry.payload.size(),
              node.type + " node '" + shownText(node.name) + "' holds " + std::to_string(inside) +
                  " bytes of weights in its graphs" +
                  (chosen ? ", and values of the input decide which of them runs" : ""));
  }
}

}  // namespace lapidary::core
