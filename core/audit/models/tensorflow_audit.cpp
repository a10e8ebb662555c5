// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/audit/models/tensorflow_audit.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/audit/models/tensorflow_ops.h"
#include "core/audit/parts/network_kind.h"
#include "core/audit/parts/payload_audit.h"
#include "core/audit/parts/wire_walk.h"
#include "core/audit/texts/embedded_configs.h"
#include "core/audit/texts/text_audit.h"
#include "core/files/shown_text.h"
#include "core/support/bytes.h"

namespace lapidary::core {
namespace {

using View = std::span<const std::byte>;

// Fields of the messages, by number.
constexpr std::uint32_t savedGraphs = 2, metaGraph = 2, graphNode = 1, graphLibrary = 2, libraryFunction = 1,
                        functionNode = 3, nodeName = 1, nodeOp = 2, nodeInput = 3, nodeAttribute = 5,
                        entryKey = 1, entryValue = 2, valueList = 1, valueText = 2, valueTensor = 8,
                        listText = 2, tensorText = 8;
/// Shorter ones are names of types, devices and paddings.
constexpr std::size_t shortText = 16;

struct TfNode {
  std::string name, op;
  std::vector<std::string> inputs;
  View bytes;
  std::map<std::string, View> attributes;
};

class TensorflowAudit {
 public:
  TensorflowAudit(AuditRun& run, const AuditPart& part) : m_run(run), m_part(part) {}

  void all() {
    m_run.add(
        "format-partly", m_part.place,
        "of TensorFlow's graphs the operators that reach files or Python, texts, and what is hidden are "
        "searched for, no further");
    const View bytes = m_part.view();
    auditPayload(m_run, m_part, 0, bytes.size(), "the model");
    auditEmbeddedConfigs(m_run, m_part);
    if (isSavedModel(bytes))
      each(bytes, savedGraphs, [&](View meta) { fromMeta(meta); });
    else
      isGraphItself(bytes) ? graph(bytes) : fromMeta(bytes);
  }

 private:
  template <class Visit>
  static void each(View message, std::uint32_t number, Visit&& visit) {
    walkFields(message, [&](const WireEntry& entry) {
      if (entry.field.number == number && entry.field.type == bytesWire) visit(entry.payload);
      return true;
    });
  }

  /// A MetaGraphDef begins with what is told of it, a GraphDef with a node.
  static bool isGraphItself(View bytes) {
    bool node = false;
    each(bytes, graphNode, [&](View first) { node = node || !nodeOf(first).op.empty(); });
    return node;
  }

  void fromMeta(View meta) {
    each(meta, metaGraph, [&](View bytes) { graph(bytes); });
  }

  void graph(View bytes) {
    nodes(bytes, graphNode);
    each(bytes, graphLibrary, [&](View library) {
      each(library, libraryFunction, [&](View function) { nodes(function, functionNode); });
    });
  }

  static TfNode nodeOf(View message) {
    TfNode node;
    node.bytes = message;
    walkFields(message, [&](const WireEntry& entry) {
      if (entry.field.number == nodeName) node.name = entry.text();
      if (entry.field.number == nodeOp) node.op = entry.text();
      if (entry.field.number == nodeInput) node.inputs.push_back(entry.text());
      if (entry.field.number != nodeAttribute) return true;
      std::string key;
      View value;
      each(entry.payload, entryKey, [&](View name) { key = textOf(name); });
      each(entry.payload, entryValue, [&](View given) { value = given; });
      node.attributes[key] = value;
      return true;
    });
    return node;
  }

  void nodes(View message, std::uint32_t number) {
    std::map<std::string, TfNode> known;
    each(message, number, [&](View bytes) {
      m_run.progress().check();
      TfNode node = nodeOf(bytes);
      for (const auto& [key, value] : node.attributes) texts(value);
      std::string name = node.name;
      known.insert_or_assign(std::move(name), std::move(node));
    });
    for (const auto& [name, node] : known) judge(node, known);
  }

  void texts(View value) {
    const auto look = [&](View text) {
      if (text.size() > shortText) auditText(m_run, m_part, offsetOf(text), text.size(), "a text of a node");
    };
    each(value, valueText, look);
    each(value, valueList, [&](View list) { each(list, listText, look); });
    each(value, valueTensor, [&](View tensor) { each(tensor, tensorText, look); });
  }

  void judge(const TfNode& node, const std::map<std::string, TfNode>& known) {
    const std::string what = "node " + quotedText(node.name) + " is a " + quotedText(node.op);
    if (readsTable(node.op)) tell("tf-table-file", node, what);
    if (!reachesOut(node.op) || (node.op == "PrintV2" && !printsToFile(node))) return;
    if (!savesVariables(node.op)) return tell("tf-file-op", node, what);
    if (node.op.find("Sharded") == std::string::npos && namesItsFile(node, known))
      tell("tf-file-op", node, what + " of a path that the graph names itself");
  }

  void tell(std::string_view rule, const TfNode& node, const std::string& what) {
    m_run.addAt(rule, m_part, offsetOf(node.bytes), node.bytes.size(), what);
  }

  static bool printsToFile(const TfNode& node) {
    bool file = false;
    if (const auto found = node.attributes.find("output_stream"); found != node.attributes.end())
      each(found->second, valueText, [&](View text) { file = file || textOf(text).starts_with("file:"); });
    return file;
  }

  /// Whether the first input follows from constants alone: whoever saves or restores has no say in it.
  static bool namesItsFile(const TfNode& node, const std::map<std::string, TfNode>& known) {
    std::vector<std::string> open(node.inputs.begin(), node.inputs.begin() + (node.inputs.empty() ? 0 : 1));
    std::set<std::string> seen;
    bool constant = false;
    while (!open.empty()) {
      std::string name = open.back().substr(0, open.back().find(':'));
      open.pop_back();
      if (name.starts_with('^') || !seen.insert(name).second) continue;
      const auto found = known.find(name);
      if (found == known.end()) return false;  // an argument of the function
      const TfNode& from = found->second;
      constant = constant || from.op == "Const";
      if (from.op.starts_with("Placeholder") || (from.inputs.empty() && from.op != "Const")) return false;
      open.insert(open.end(), from.inputs.begin(), from.inputs.end());
    }
    return constant;
  }

  std::size_t offsetOf(View bytes) const {
    return static_cast<std::size_t>(bytes.data() - m_part.view().data());
  }

  AuditRun& m_run;
  const AuditPart& m_part;
};

}  // namespace

void auditTensorflow(AuditRun& run, const AuditPart& part) { TensorflowAudit(run, part).all(); }

}  // namespace lapidary::core
