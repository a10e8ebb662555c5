// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/known_ops.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/model/standard_domain.h"
#include "core/run/executor.h"
#include "core/run/node_run.h"

namespace lapidary::core {
namespace {

/// Names beyond this many are counted, so that a file of strange names makes no endless warning.
constexpr std::size_t mostNamed = 8;

/// In the order in which they first stand in the graph.
struct MissingOps {
  std::vector<std::pair<std::string, std::size_t>> nodes;  ///< how many, by name
  std::map<std::string, std::size_t> index;

  void add(const std::string& name) {
    const auto [known, first] = index.emplace(name, nodes.size());
    if (first) nodes.emplace_back(name, 0);
    ++nodes[known->second].second;
  }
};

/// The name as nodes are described, with its version where only later ones are known ("Scan-7"); empty for an
/// operator that can run.
std::string missingName(const Model& model, const Node& node) {
  const std::string name = isStandardDomain(node.domain) ? node.opType : node.domain + "::" + node.opType;
  const Op* op = findOp(node.domain, node.opType);
  if (op == nullptr) return name;
  const std::int64_t opset = opsetOf(model, node);
  return opset > 0 && opset < op->sinceOpset ? name + "-" + std::to_string(opset) : std::string();
}

void findMissing(const Model& model, const Graph& graph, MissingOps& missing) {
  for (const Node& node : graph.nodes) {
    if (const std::string name = missingName(model, node); !name.empty()) missing.add(name);
    for (const auto& subgraph : node.subgraphs()) findMissing(model, *subgraph, missing);
  }
}

std::vector<std::pair<std::string, std::size_t>> missingIn(const Model& model) {
  MissingOps missing;
  findMissing(model, *model.graph, missing);
  return std::move(missing.nodes);
}

}  // namespace

bool canRun(const Model& model) { return model.runnable() && lackingOps(model).empty(); }

std::vector<Warning> warningsOf(const Model& model) {
  std::vector<Warning> warnings = model.warnings;
  const auto missing = missingIn(model);
  if (missing.empty()) return warnings;
  std::string names;
  for (std::size_t i = 0; i < std::min(missing.size(), mostNamed); ++i)
    names += (i == 0 ? "" : ", ") + missing[i].first + " ×" + std::to_string(missing[i].second);
  if (missing.size() > mostNamed) names += ", … (+" + std::to_string(missing.size() - mostNamed) + ")";
  warnings.push_back({WarningKind::UnknownOp, names});
  return warnings;
}

}  // namespace lapidary::core
