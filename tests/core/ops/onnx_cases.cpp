// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/ops/onnx_cases.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/io/common/format.h"
#include "core/io/onnx/onnx_tensor.h"
#include "core/io/onnx/onnx_upgrade.h"
#include "core/run/executor.h"
#include "tests/core/ops/op_testing.h"

namespace lapidary::core::testing {
namespace {

namespace fs = std::filesystem;

Tensor readTensorFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  onnx::TensorProto proto;
  if (!proto.ParseFromString(content.str()))
    throw Error(ErrorKind::Unsupported, path.filename().string() + " is not a tensor");
  ExternalFiles none("");
  return readTensorProto(proto, none);
}

/// NumPy has no bfloat16: the cases store such values as uint16. The model says what they are.
Tensor asDeclared(const Tensor& tensor, const Value& value) {
  if (value.dtype != DType::BFloat16 || tensor.dtype() != DType::UInt16) return tensor;
  return Tensor(DType::BFloat16, tensor.shape(), Bytes{tensor.owner(), tensor.bytes()});
}

/// input_0.pb, input_1.pb, ... for the values in turn, as many as there are.
std::vector<Tensor> readTensorFiles(const fs::path& folder, const std::string& prefix, const Graph& graph,
                                    const std::vector<ValueId>& ids) {
  std::vector<Tensor> tensors;
  for (const ValueId id : ids) {
    const fs::path path = folder / (prefix + std::to_string(tensors.size()) + ".pb");
    if (!fs::exists(path)) break;
    tensors.push_back(asDeclared(readTensorFile(path), graph.value(id)));
  }
  return tensors;
}

void requireOps(const Graph& graph) {
  for (const Node& node : graph.nodes)
    if (!findOp(node.domain, node.opType)) throw Error(ErrorKind::Unsupported, "no operator " + node.opType);
}

std::vector<Tensor> runGraph(const Model& model, const std::vector<Tensor>& inputs) {
  const Graph& graph = *model.graph;
  if (std::ranges::any_of(graph.nodes, [](const Node& node) { return !node.subgraphs().empty(); }))
    return Executor(model, {}).run(model, inputs).outputs;
  std::map<ValueId, Tensor> values = model.weights;
  for (std::size_t i = 0; i < inputs.size(); ++i) values[graph.inputs[i]] = inputs[i];
  for (std::uint32_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    std::vector<Tensor> given;
    for (const ValueId id : node.inputs) given.push_back(id.valid() ? values[id] : Tensor());
    const auto outputs = withContext(describe(graph, NodeId{n}),
                                     [&] { return runNode(node, given, model.opset(node.domain)); });
    for (std::size_t k = 0; k < node.outputs.size(); ++k)
      if (node.outputs[k].valid()) values[node.outputs[k]] = outputs.at(k);
  }
  std::vector<Tensor> results;
  for (const ValueId id : graph.outputs) results.push_back(values[id]);
  return results;
}

CaseResult runDataSet(const Model& model, const fs::path& folder) {
  const Graph& graph = *model.graph;
  const std::vector<Tensor> expected = readTensorFiles(folder, "output_", graph, graph.outputs);
  if (expected.size() != graph.outputs.size()) return {false, "not every output is given"};
  const std::vector<Tensor> actual = runGraph(model, readTensorFiles(folder, "input_", graph, graph.inputs));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    // The cases truncate to bfloat16; rounding to nearest is at most one step of 2^-7 away.
    const double relative = expected[i].dtype() == DType::BFloat16 ? 0x1p-7 : 1e-3;
    const auto close = isClose(actual[i], expected[i], relative, 1e-7);
    if (!close) return {false, "output " + std::to_string(i) + ": " + close.message()};
  }
  return {true, {}};
}

/// Why the graph has no form at that opset, or nothing.
std::string upgrade(Model& model, std::int64_t to) {
  try {
    Graph graph = *model.graph;
    upgradeOpset(graph, model.opset(), to);
    model.weights = graph.initializers;
    model.graph = std::make_shared<const Graph>(std::move(graph));
    for (OpsetImport& import : model.source.opsets)
      if (import.domain.empty()) import.version = std::max(import.version, to);
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

fs::path onnxCaseFolder(const std::string& group) {
  const fs::path folder = fs::path("/usr/share/libonnx-testdata/data") / group;
  return fs::is_directory(folder) ? folder : fs::path();
}

std::vector<std::string> onnxCaseNames(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / "model.onnx")) names.push_back(entry.path().filename().string().substr(5));
  std::ranges::sort(names);
  return names;
}

CaseResult runOnnxCase(const fs::path& folder, const std::string& name, std::int64_t upgradeTo) {
  const fs::path root = folder / ("test_" + name);
  try {
    Model model = readModel((root / "model.onnx").string());
    if (upgradeTo > 0) {
      const auto refusal = upgrade(model, upgradeTo);
      if (!refusal.empty()) return {false, "refused: " + refusal};
    }
    requireOps(*model.graph);
    for (int set = 0;; ++set) {
      const fs::path data = root / ("test_data_set_" + std::to_string(set));
      if (!fs::exists(data)) return {set > 0, set > 0 ? "" : "it has no data"};
      const CaseResult result = runDataSet(model, data);
      if (!result.passed) return result;
    }
  } catch (const std::exception& error) {
    return {false, error.what()};
  }
}

}  // namespace lapidary::core::testing
