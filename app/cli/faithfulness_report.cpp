// SPDX-License-Identifier: GPL-3.0-or-later
#include "faithfulness_report.h"

#include <nlohmann/json.hpp>

#include "core/explain/saliency_methods.h"
#include "core/support/number_text.h"

namespace lapidary::cli {
namespace {

using namespace core;

std::vector<std::string> failedChecks(const Faithfulness& figures) {
  std::vector<std::string> failed;
  if (figures.failsRandomisation()) failed.emplace_back("randomisation");
  if (figures.failsDeletion()) failed.emplace_back("deletion");
  if (figures.failsInsertion()) failed.emplace_back("insertion");
  return failed;
}

std::string verdictText(const Faithfulness& figures) {
  std::string text;
  for (const std::string& check : failedChecks(figures)) text += (text.empty() ? "fails " : ", ") + check;
  return text.empty() ? "passes" : text;
}

std::string fixed(double value) { return fixedText(value, 3); }

}  // namespace

Json faithfulnessJson(const MethodFaithfulness& judged) {
  Json json{{"method", rowOf(judged.method).word}};
  if (!judged.obstacle.empty()) {
    json["obstacle"] = judged.obstacle;
    return json;
  }
  const Faithfulness& found = judged.figures;
  json.update({{"samples", found.samples},
               {"deletion_area", found.deletionArea},
               {"deletion_area_random", found.randomDeletionArea},
               {"insertion_area", found.insertionArea},
               {"insertion_area_random", found.randomInsertionArea},
               {"sensitivity", found.sensitivity},
               {"top_layer_kept", found.topLayerKept},
               {"all_layers_kept", found.allLayersKept},
               {"deletion", found.deletion},
               {"insertion", found.insertion},
               {"fails", failedChecks(found)}});
  return json;
}

void printFaithfulness(const std::vector<MethodFaithfulness>& judged) {
  std::vector<std::vector<std::string>> rows{{"method", "deletion", "(random)", "insertion", "(random)",
                                              "sensitivity", "top layer", "all layers", "verdict"}};
  for (const MethodFaithfulness& each : judged) {
    if (!each.obstacle.empty()) continue;
    const Faithfulness& found = each.figures;
    rows.push_back({std::string(rowOf(each.method).word), fixed(found.deletionArea),
                    fixed(found.randomDeletionArea), fixed(found.insertionArea),
                    fixed(found.randomInsertionArea), fixed(found.sensitivity), fixed(found.topLayerKept),
                    fixed(found.allLayersKept), verdictText(found)});
  }
  printTable(rows);
  for (const MethodFaithfulness& each : judged)
    if (!each.obstacle.empty()) printLine(std::string(rowOf(each.method).word) + ": " + each.obstacle);
}

}  // namespace lapidary::cli
