// SPDX-License-Identifier: GPL-3.0-or-later
// The list of what was tried in ONNX Runtime, against what the tests of its optimiser really try.
#include "core/io/onnx/runtime_rules.h"

#include <gtest/gtest.h>

#include <set>

#include "core/compress/cut/cutter.h"
#include "core/model/constants.h"
#include "core/model/standard_domain.h"
#include "tests/interop/integer_models.h"
#include "tests/interop/layout_models.h"
#include "tests/interop/quantizations.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/uniform_recipe.h"

namespace lapidary::tests {
namespace {

using namespace core;

/// What stands in written files, as the list of the rules names it.
struct Tried {
  std::set<std::string> readers, between, steps;
  std::set<DType> codes, activations;

  void add(const Model& model) {
    const Graph& graph = *model.graph;
    for (const Layer& layer : model.layers)
      for (const LayerUse& use : layer.uses) addReader(graph, layer, graph.node(use.node));
    for (const Node& node : graph.nodes)
      for (const ValueId input : node.inputs)
        if (isCoded(graph, input)) addBetween(node);
  }

 private:
  static std::string named(const Node& node) {
    return (isStandardDomain(node.domain) ? "" : node.domain) + "::" + node.opType;
  }

  static const Node* producerOf(const Graph& graph, ValueId value) {
    const NodeId producer = value.valid() ? graph.value(value).producer : NodeId{};
    return producer.valid() ? &graph.node(producer) : nullptr;
  }

  bool isCoded(const Graph& graph, ValueId value) {
    const Node* node = producerOf(graph, value);
    if (node == nullptr || node->opType != "DequantizeLinear" || constantInfo(graph, node->inputs[0]))
      return false;
    if (const Node* source = producerOf(graph, node->inputs[0]); source && source->opType == "QuantizeLinear")
      activations.insert(constantInfo(graph, source->inputs[2])->dtype);
    return true;
  }

  void addReader(const Graph& graph, const Layer& layer, const Node& reader) {
    readers.insert(named(reader));
    for (const ValueId input : reader.inputs) {
      if (!input.valid() || !constantInfo(graph, input)) continue;
      const auto path = constantPath(graph, input);
      if (std::ranges::find(path, layer.weight) == path.end()) continue;
      std::set<std::string> passed;
      bool coded = false;
      for (const ValueId value : path)
        if (const Node* node = producerOf(graph, value)) {
          passed.insert(named(*node));
          if (node->opType != "DequantizeLinear") continue;
          coded = true;
          codes.insert(constantInfo(graph, node->inputs[0])->dtype);
        }
      if (coded) steps.insert(passed.begin(), passed.end());
    }
  }

  void addBetween(const Node& node) {
    for (const char* passing : {"Sum", "QuantizeLinear", "DynamicQuantizeLinear"})
      if (node.opType == passing) return;
    between.insert(named(node));
  }
};

std::set<std::string> namesOf(std::span<const TriedOperator> operators) {
  std::set<std::string> names;
  for (const TriedOperator& each : operators)
    names.insert(std::string(each.domain) + "::" + std::string(each.opType));
  return names;
}

template <class Value>
std::set<Value> setOf(std::span<const Value> values) {
  return {values.begin(), values.end()};
}

/// Whoever tries more has to say so in the list, and what stands there has to be tried.
TEST(RuntimeRules, TheListOfTheRulesIsWhatIsTriedHere) {
  const core::testing::TemporaryFolder folder;
  const std::string path = folder.path() + "/m.onnx";
  Tried tried;
  const auto add = [&](const Model& model) {
    tried.add(asRead(model, path));
    const Cutter cutter(asRead(model, path));
    for (const auto& [what, quantize] : kindsOfQuantization())
      tried.add(asRead(cutter.apply(uniformRecipe(cutter.original(), {.quantize = quantize})), path));
  };
  for (const Coded kind : {Coded::Static, Coded::Signed, Coded::Dynamic}) {
    for (const std::string& layout : weightLayouts())
      if (kind == Coded::Static) add(everyOperator(layout, {kind, 1}));
    tried.add(asRead(everyNodeBetweenCodes({kind, 1}), path));
  }
  add(everyIntegerOperator());
  for (const auto& [what, quantize] : quantizations()) {
    const Model model = everyProduct();
    const Model cut = Cutter(model).apply(recipeOf(model, quantize));
    tried.add(asRead(cut, path));
    tried.add(asRead(withScaledInputs(cut), path));
  }
  tried.add(asRead(everyOperator("Initialiser", {Coded::Signed, 1}), path));
  for (const std::string& reader : namesOf(triedReaders())) tried.between.erase(reader);
  EXPECT_EQ(tried.readers, namesOf(triedReaders()));
  EXPECT_EQ(tried.between, namesOf(triedBetweenCodes()));
  EXPECT_EQ(tried.steps, namesOf(triedSteps()));
  EXPECT_EQ(tried.codes, setOf(triedCodes()));
  EXPECT_EQ(tried.activations, setOf(triedActivations()));
}

}  // namespace
}  // namespace lapidary::tests
