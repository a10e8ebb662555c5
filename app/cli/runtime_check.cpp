// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime_check.h"

#include <map>
#include <nlohmann/json.hpp>

#include "terminal/warnings.h"

namespace lapidary::cli {
namespace {

using namespace core;

std::string reasonOf(Unproved why) {
  switch (why) {
    case Unproved::Operator:
      return "their operators were not tried there";
    case Unproved::Layout:
      return "what stands between their weights' codes and them was not tried there";
    case Unproved::Codes:
      return "the types of their weights' codes were not tried there";
    case Unproved::Activations:
      return "they were not tried there beside such codes of activations";
    case Unproved::Rewrite:
      return "they stand as its optimiser rewrites them";
  }
  return "";
}

std::string listOf(const std::vector<const UnprovedNode*>& nodes) {
  constexpr std::size_t most = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, nodes.size()); ++i)
    text += (i == 0 ? "" : ", ") + nodes[i]->name + " (" + nodes[i]->opType + ")";
  if (nodes.size() > most) text += " and " + std::to_string(nodes.size() - most) + " more";
  return text;
}

}  // namespace

void warnOfRuntime(const SavedFile& saved) {
  if (!saved.unproved) return;
  std::map<Unproved, std::vector<const UnprovedNode*>> byReason;
  for (const UnprovedNode& node : *saved.unproved) byReason[node.why].push_back(&node);
  for (const auto& [why, nodes] : byReason)
    warn("unproved-node", "it is not proved that ONNX Runtime answers as shown for " + listOf(nodes) + ": " +
                              reasonOf(why) + "; run the file there and compare with lapidary-cli run");
}

void printRuntimeCheck(const SavedFile& saved) {
  if (saved.unproved && saved.unproved->empty())
    printLine(
        "Checked: answers as shown, by the rules proved against ONNX Runtime at every optimisation level");
}

void addRuntimeCheck(Json& json, const SavedFile& saved) {
  if (!saved.unproved) return;
  Json nodes = Json::array();
  for (const UnprovedNode& node : *saved.unproved)
    nodes.push_back({{"node", node.name}, {"op", node.opType}, {"why", idOf(node.why)}});
  json["runtime_check"] = {{"proved", saved.unproved->empty()}, {"unproved", std::move(nodes)}};
}

}  // namespace lapidary::cli
