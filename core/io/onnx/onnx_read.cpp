// SPDX-License-Identifier: GPL-3.0-or-later
// Reading an ONNX file: protobuf, header, graph, and what to warn about.
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <limits>

#include "core/files/utf8.h"
#include "core/io/onnx/onnx.h"
#include "core/io/onnx/onnx_functions.h"
#include "core/io/onnx/onnx_graph.h"
#include "core/io/onnx/onnx_integer.h"
#include "core/io/onnx/onnx_lean.h"
#include "core/io/onnx/onnx_nbits.h"
#include "core/io/onnx/onnx_upgrade.h"
#include "core/io/onnx/onnx_wire.h"
#include "core/model/lift_weights.h"
#include "core/model/merge_constants.h"
#include "core/model/parameter_account.h"
#include "core/model/standard_domain.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

constexpr std::int64_t newestOpset = 26;
/// Protobuf messages within each other; a level of subgraphs takes three. Far beyond real models, so
/// that nesting is reported by the graph reader, and far below what a stack holds.
constexpr int deepestMessage = 400;

/// Null where the bytes are no such message.
std::unique_ptr<onnx::ModelProto> parseMessage(std::span<const std::byte> bytes) {
  const google::protobuf::LogSilencer silence;
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  stream.SetRecursionLimit(deepestMessage);
  auto model = std::make_unique<onnx::ModelProto>();
  if (!model->ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage()) return nullptr;
  return model;
}

struct Parsed {
  std::unique_ptr<onnx::ModelProto> model;
  std::vector<std::span<const std::byte>> values;  ///< see LeanOnnx
};

Parsed parse(std::span<const std::byte> bytes) {
  if (bytes.size() > std::numeric_limits<int>::max())
    throw Error(ErrorKind::Unsupported, "ONNX files of more than 2 GiB need their weights in external data");
  if (auto lean = leanOnnx(bytes)) {
    auto model = parseMessage(std::as_bytes(std::span(lean->message)));
    if (model && static_cast<std::size_t>(model->graph().initializer_size()) == lean->values.size())
      return {std::move(model), std::move(lean->values)};
  }
  auto model = parseMessage(bytes);
  if (!model) refuseInput(wireFault(bytes));
  return {std::move(model), {}};
}

std::string checkedText(const std::string& value, const std::string& what) {
  if (!isUtf8(value)) refuseInput(what + " is not UTF-8 text");
  return value;
}

Provenance headerOf(const onnx::ModelProto& proto) {
  Provenance source;
  source.format = "ONNX";
  source.irVersion = proto.ir_version();
  source.producer = checkedText(proto.producer_name(), "the producer's name");
  source.producerVersion = checkedText(proto.producer_version(), "the producer's version");
  source.domain = checkedText(proto.domain(), "the model's domain");
  source.modelVersion = proto.model_version();
  source.notes = checkedText(proto.doc_string(), "the model's description");
  for (const auto& import : proto.opset_import())
    source.opsets.push_back({checkedText(import.domain(), "the domain of an opset"), import.version()});
  // Files of before IR version 3 had no such list: they are of opset 1.
  if (source.irVersion < 3 && source.opsets.empty()) source.opsets.push_back({"", 1});
  for (const auto& entry : proto.metadata_props())
    source.metadata[checkedText(entry.key(), "a metadata key")] =
        checkedText(entry.value(), "metadata '" + entry.key() + "'");
  return source;
}

/// Names beyond a few are counted.
std::string listOf(const std::vector<std::string>& names) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > most) text += ", … (+" + std::to_string(names.size() - most) + ")";
  return text;
}

void warnOfFunctions(const InlinedFunctions& functions, std::vector<Warning>& warnings) {
  if (!functions.called.empty())
    warnings.push_back({WarningKind::InlinedFunctions, listOf(functions.called)});
  if (!functions.uncalled.empty())
    warnings.push_back(
        {WarningKind::DroppedContent, "functions that nothing calls: " + listOf(functions.uncalled)});
}

/// Functions may have been written for another version of the standard operators than the model: all nodes
/// then come to the newest of them.
void unify(Graph& graph, Provenance& source, const InlinedFunctions& functions) {
  const auto imported = std::ranges::find_if(
      source.opsets, [](const OpsetImport& import) { return isStandardDomain(import.domain); });
  if (functions.opsets.empty() || imported == source.opsets.end()) return;
  std::int64_t newest = imported->version;
  for (const auto& [name, version] : functions.opsets) newest = std::max(newest, version);
  unifyOpsets(graph, imported->version, functions.opsets, newest);
  imported->version = newest;
}

void warnOfHeader(const onnx::ModelProto& proto, const Model& model, std::vector<Warning>& warnings) {
  if (model.opset() > newestOpset)
    warnings.push_back({WarningKind::NewerOpset, std::to_string(model.opset())});
  if (proto.training_info_size() > 0) warnings.push_back({WarningKind::DroppedContent, "training_info"});
  if (proto.graph().quantization_annotation_size() > 0)
    warnings.push_back({WarningKind::DroppedContent, "quantization_annotation"});
  if (model.graph->nodes.empty()) warnings.push_back({WarningKind::NoGraph, ""});
}

}  // namespace

Model readOnnx(const ReadSource& source, const Progress& progress) {
  const auto [proto, values] = parse(source.bytes.view);
  progress.check();
  if (!proto->has_graph()) refuseInput("the file holds no graph");
  const InlinedFunctions functions = inlineFunctions(*proto);
  Model model;
  model.source = headerOf(*proto);
  ExternalFiles files(source.folder, source.realFolder);
  OnnxReading reading{files, model.warnings, progress, source.bytes, values};
  const auto graph = readGraphProto(*proto->mutable_graph(), reading);
  unify(*graph, model.source, functions);
  if (const std::size_t opened = expandNBits(*graph, model.source); opened > 0)
    model.warnings.push_back({WarningKind::UnpackedWeights, "MatMulNBits ×" + std::to_string(opened)});
  liftWeights(*graph);
  mergeDequantized(*graph);
  exposeIntegerWeights(*graph);
  model.graph = graph;
  model.weights = model.graph->initializers;
  model.layers = findLayers(*model.graph);
  model.source.fileBytes = source.bytes.view.size() + files.fileBytes();
  if (files.used()) model.warnings.push_back({WarningKind::ExternalData, source.folder});
  warnOfHeader(*proto, model, model.warnings);
  warnOfFunctions(functions, model.warnings);
  if (!reading.kept.empty()) model.warnings.push_back({WarningKind::KeptTensors, listOf(reading.kept)});
  warnOfParameters(model, model.warnings);
  return model;
}

}  // namespace lapidary::core
