// SPDX-License-Identifier: GPL-3.0-or-later
// inspect: what a model file holds.
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "commands.h"
#include "core/compress/cut/cutter.h"
#include "core/data/preprocess.h"
#include "core/io/common/format.h"
#include "core/io/common/spared_tensors.h"
#include "core/model/parameter_account.h"
#include "core/session/known_ops.h"
#include "core/support/parallel.h"
#include "terminal/output.h"
#include "terminal/warnings.h"

namespace lapidary::cli {
namespace {

using namespace core;

/// A layer with its statistics, or why they cannot be had.
struct Row {
  const Layer* layer;
  const WeightStatistics* statistics = nullptr;
  std::string reason;
};

std::vector<Row> rowsOf(const Cutter& cutter, unsigned threads) {
  std::vector<Row> rows(cutter.original().layers.size());
  parallelFor(rows.size(), threads == 0 ? hardwareWorkers() : threads, [&](std::size_t i, unsigned) {
    const LayerId id{static_cast<std::uint32_t>(i)};
    rows[i].layer = &cutter.original().layer(id);
    try {
      rows[i].statistics = &cutter.statistics(id);
    } catch (const Error& error) {
      rows[i].reason = error.what();
    }
  });
  return rows;
}

/// The nodes that read a weight which several read.
Json usesJson(const Layer& layer) {
  Json json = Json::array();
  for (const LayerUse& use : layer.uses) json.push_back({{"name", use.name}, {"op", use.opType}});
  return json;
}

std::string usesText(const Layer& layer) {
  std::string text;
  for (const LayerUse& use : layer.uses)
    text += (text.empty() ? "" : ", ") + (use.name.empty() ? use.opType : use.name + " (" + use.opType + ")");
  return layer.name + " is one weight with several uses: " + text;
}

/// With the layers it makes the parameters of the model.
Json outsideJson(const ParameterAccount& account) {
  Json tensors = Json::array();
  for (const OutsideTensor& tensor : account.tensors)
    tensors.push_back({{"name", tensor.name}, {"parameters", tensor.parameters}});
  return {{"parameters", account.outside}, {"tensors", tensors}};
}

Json toJsonValue(const Row& row) {
  Json json{{"name", row.layer->name},
            {"op", row.layer->opType},
            {"shape", row.layer->shape},
            {"parameters", row.layer->parameters()}};
  const WeightStatistics* s = row.statistics;
  json["min"] = s ? Json(s->minimum()) : Json();
  json["max"] = s ? Json(s->maximum()) : Json();
  json["mean"] = s ? Json(s->mean()) : Json();
  json["std"] = s ? Json(s->deviation()) : Json();
  json["l1"] = s ? Json(s->l1()) : Json();
  json["zeros"] = s ? Json(s->zeros()) : Json();
  if (!s) json["reason"] = row.reason;
  if (row.layer->uses.size() > 1) json["uses"] = usesJson(*row.layer);
  if (!row.layer->furtherNames.empty()) json["also_named"] = row.layer->furtherNames;
  if (row.layer->spared != Spared::No) json["kept_by_default"] = name(row.layer->spared);
  return json;
}

/// Tensors of a file without a graph that are no layers: integers, truth values, single numbers, and types
/// that are only carried along.
std::vector<KeptTensor> keptIn(const Model& model) {
  std::vector<KeptTensor> kept;
  if (model.runnable()) return kept;
  std::set<ValueId> layers;
  for (const Layer& layer : model.layers) layers.insert(layer.weight);
  for (const auto& [id, tensor] : model.graph->initializers)
    if (!layers.contains(id))
      kept.push_back({model.graph->value(id).name, std::string(name(tensor.dtype())), tensor.shape(),
                      Bytes{tensor.owner(), tensor.bytes()}});
  kept.insert(kept.end(), model.source.kept.begin(), model.source.kept.end());
  return kept;
}

Json keptJson(const std::vector<KeptTensor>& tensors) {
  Json json = Json::array();
  for (const KeptTensor& kept : tensors)
    json.push_back(
        {{"name", kept.name}, {"type", kept.type}, {"shape", kept.shape}, {"bytes", kept.bytes.view.size()}});
  return json;
}

/// "N x 3 x 224 x 224"; "?" for a size that is neither known nor named.
std::string dimensionsText(const Value& value) {
  if (!value.shape) return "of any shape";
  std::string text;
  for (const Dimension& dimension : *value.shape) {
    if (!text.empty()) text += " x ";
    text += dimension.size             ? std::to_string(*dimension.size)
            : dimension.symbol.empty() ? "?"
                                       : dimension.symbol;
  }
  return text.empty() ? "scalar" : text;
}

std::string typeText(const Value& value) { return value.dtype ? std::string(name(*value.dtype)) : "unknown"; }

Json portsJson(const Graph& graph, const std::vector<ValueId>& ports) {
  Json json = Json::array();
  for (const ValueId id : ports) {
    const Value& value = graph.value(id);
    Json shape = Json::array();
    if (!value.shape)
      shape = nullptr;
    else
      for (const Dimension& dimension : *value.shape)
        shape.push_back(dimension.size             ? Json(*dimension.size)
                        : dimension.symbol.empty() ? Json()
                                                   : Json(dimension.symbol));
    json.push_back({{"name", value.name}, {"dtype", typeText(value)}, {"shape", shape}});
  }
  return json;
}

void printPorts(const char* what, const Graph& graph, const std::vector<ValueId>& ports) {
  for (const ValueId id : ports) {
    const Value& value = graph.value(id);
    printLine(std::string(what) + "  " + value.name + "  " + typeText(value) + "  " + dimensionsText(value));
  }
}

void printJson(const Model& model, const std::vector<Row>& rows) {
  Json json{{"path", model.source.path},       {"format", model.source.format},
            {"bytes", model.source.fileBytes}, {"parameters", model.parameters()},
            {"runnable", canRun(model)},       {"producer", model.source.producer}};
  if (model.opset() > 0) json["opset"] = model.opset();
  if (model.runnable()) {
    json["inputs"] = portsJson(*model.graph, model.graph->inputs);
    json["outputs"] = portsJson(*model.graph, model.graph->outputs);
  }
  json["outside_layers"] = outsideJson(accountOf(model));
  json["layers"] = Json::array();
  for (const Row& row : rows) json["layers"].push_back(toJsonValue(row));
  if (const auto kept = keptIn(model); !kept.empty()) json["kept"] = keptJson(kept);
  print(json);
}

void printText(const Model& model, const std::vector<Row>& rows) {
  printLine(model.source.format + ", " + bytesText(model.source.fileBytes) + ", " +
            countText(model.parameters()) + " parameters" +
            (model.opset() > 0 ? ", opset " + std::to_string(model.opset()) : ""));
  printPorts("input ", *model.graph, model.graph->inputs);
  printPorts("output", *model.graph, model.graph->outputs);
  std::vector<std::vector<std::string>> table{
      {"layer", "op", "shape", "parameters", "min", "max", "mean", "std", "l1", "zeros"}};
  for (const Row& row : rows) {
    table.push_back({row.layer->name, row.layer->opType, shapeText(row.layer->shape),
                     countText(row.layer->parameters())});
    if (const WeightStatistics* s = row.statistics)
      for (const std::string& cell :
           {numberText(s->minimum()), numberText(s->maximum()), numberText(s->mean()),
            numberText(s->deviation()), numberText(s->l1()), countText(s->zeros())})
        table.back().push_back(cell);
  }
  for (const KeptTensor& kept : keptIn(model))
    table.push_back({kept.name, kept.type, shapeText(kept.shape), countText(elementCount(kept.shape))});
  printTable(table);
  for (const Row& row : rows)
    for (const std::string& further : row.layer->furtherNames)
      printLine(further + " is " + row.layer->name + " by another name");
  for (const Row& row : rows)
    if (row.layer->uses.size() > 1) printLine(usesText(*row.layer));
  const ParameterAccount account = accountOf(model);
  if (account.outside > 0)
    printLine(countText(account.inLayers) + " parameters in layers, " + countText(account.outside) +
              " outside of them");
}

/// Every sum that such a weight is in is spoilt.
void warnOfNotFinite(const std::vector<Row>& rows) {
  std::string names;
  for (const Row& row : rows)
    if (row.statistics != nullptr && row.statistics->finite() < row.statistics->count())
      names += (names.empty() ? "" : ", ") + row.layer->name + " ×" +
               std::to_string(row.statistics->count() - row.statistics->finite());
  if (!names.empty())
    warn("weights-not-finite",
         "weights are infinite or not a number, which are left out of the figures and cannot be quantized: " +
             names + "; train or export the model anew, or get the file again");
}

}  // namespace

void addInspect(CLI::App& program) {
  CLI::App* command = program.add_subcommand("inspect", "Show the layers of a model and their weights");
  const auto options = std::make_shared<CommonOptions>();
  addCommon(*command, *options);
  command->footer(
      "Example:\n  lapidary-cli inspect model.onnx\n  lapidary-cli inspect model.safetensors --json");
  command->callback([options] {
    const Cutter cutter(readModel(options->model));
    const std::vector<Row> rows = rowsOf(cutter, options->threads);
    for (const Warning& warning : warningsOf(cutter.original())) warn(warning);
    warnOfNotFinite(rows);
    options->json ? printJson(cutter.original(), rows) : printText(cutter.original(), rows);
  });
}

}  // namespace lapidary::cli
