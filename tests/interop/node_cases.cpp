// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/node_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>

#include "core/io/common/format.h"
#include "core/model/element_codes.h"
#include "core/ops/op.h"
#include "tests/core/run/graph_building.h"
#include "tests/interop/judge.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::tests {
namespace {

using core::DType;
using core::Model;
using core::Tensor;
using core::ValueId;

/// The types of the node's outputs, as our operator gives them.
std::vector<DType> typesOfOutputs(const NodeCase& row) {
  core::Node node;
  node.opType = row.type;
  node.domain = row.domain;
  node.attributes = row.attributes;
  std::vector<core::Activation> given;
  for (const Tensor& input : row.inputs) {
    node.inputs.push_back(input.defined() ? ValueId{static_cast<std::uint32_t>(given.size())} : ValueId{});
    given.push_back(input.defined() ? core::Activation(input) : core::Activation());
  }
  for (std::size_t k = 0; k < row.outputs; ++k)
    node.outputs.push_back(ValueId{static_cast<std::uint32_t>(k)});
  const core::Op* op = core::findOp(row.domain, row.type);
  if (op == nullptr) throw core::Error(core::ErrorKind::Unsupported, "no operator " + row.type);
  std::vector<DType> types;
  for (const auto& output : op->forward(core::OpCall{node, row.opset, given})) types.push_back(output.dtype);
  return types;
}

struct BuiltNode {
  Model model;
  std::vector<std::pair<std::string, Tensor>> fed;
};

bool isSmall(DType type) {
  return core::bitsOf(type) < 8 || (core::isFloating(type) && core::bitsOf(type) < 16);
}

BuiltNode builtNode(const NodeCase& row) {
  core::testing::GraphBuilder b(row.opset);
  BuiltNode built;
  std::vector<ValueId> inputs;
  for (std::size_t i = 0; i < row.inputs.size(); ++i) {
    const Tensor& input = row.inputs[i];
    const std::string name = "in" + std::to_string(i);
    if (!input.defined()) {
      inputs.push_back({});
    } else if (std::ranges::find(row.stored, i) != row.stored.end()) {
      inputs.push_back(b.weight(name, input));
    } else {
      inputs.push_back(b.input(name, input.shape(), input.dtype()));
      built.fed.emplace_back(name, input);
    }
  }
  const auto types = typesOfOutputs(row);
  const auto outputs = b.nodes(row.type, inputs, row.outputs, row.attributes, row.domain);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    const bool cast = isSmall(types[k]);
    const core::Attribute toFloat = core::codeOf(DType::Float32);
    b.output(cast ? b.node("Cast", {outputs[k]}, {{"to", toFloat}}) : outputs[k],
             cast ? DType::Float32 : types[k]);
  }
  built.model = b.model();
  if (!row.domain.empty()) built.model.source.opsets.push_back({row.domain, 1});
  built.model.source.irVersion = 10;
  return built;
}

std::vector<Tensor> oursOf(const BuiltNode& built) {
  std::vector<Tensor> inputs;
  for (const auto& [name, tensor] : built.fed) inputs.push_back(tensor);
  const core::Executor executor(built.model, {});
  const auto outputs = executor.run(built.model, inputs).outputs;
  std::array<std::vector<Tensor>, 3> others;
  std::vector<std::thread> workers;
  for (auto& other : others)
    workers.emplace_back([&] {
      core::useOneThreadPerWorker();
      other = executor.run(built.model, inputs).outputs;
    });
  for (std::thread& worker : workers) worker.join();
  for (const auto& other : others)
    for (std::size_t k = 0; k < outputs.size(); ++k)
      EXPECT_TRUE(core::testing::sameBits(outputs[k], other[k])) << "output " << k << " of another worker";
  return outputs;
}

/// What differs most, by the value or by 1; minus infinity is as low as the lowest number.
void expectNear(const Tensor& mine, const Tensor& judged, double tolerance) {
  const Tensor values = core::toFloat32(mine);
  ASSERT_EQ(values.shape(), judged.shape());
  for (std::size_t i = 0; i < values.as<float>().size(); ++i) {
    const auto a = static_cast<double>(values.as<float>()[i]), b = static_cast<double>(judged.as<float>()[i]);
    if (a == b || (std::isnan(a) && std::isnan(b)) || (a < -3e38 && b < -3e38)) continue;
    ASSERT_LE(std::abs(a - b), tolerance * std::max(1.0, std::abs(b)))
        << "element " << i << " is " << a << ", ONNX Runtime says " << b;
  }
}

}  // namespace

void expectNodesJudged(const std::vector<NodeCase>& cases) {
  if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
  const core::testing::TemporaryFolder folder;
  std::vector<BuiltNode> built;
  std::vector<JudgeJob> jobs;
  for (const NodeCase& row : cases) {
    SCOPED_TRACE(row.name);
    built.push_back(builtNode(row));
    jobs.push_back({folder.path() + "/" + row.name + ".onnx", built.back().fed});
    jobs.back().level = "disabled";
    core::writeModel(built.back().model, jobs.back().modelPath);
  }
  const auto judged = judge(jobs, folder.path());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE(cases[i].name);
    EXPECT_EQ(judged[i].error, "");
    if (!judged[i].error.empty()) continue;
    const auto mine = oursOf(built[i]);
    ASSERT_EQ(mine.size(), judged[i].outputs.size());
    for (std::size_t k = 0; k < mine.size(); ++k) {
      SCOPED_TRACE("output " + std::to_string(k));
      expectNear(mine[k], judged[i].outputs[k], cases[i].tolerance);
    }
  }
}

}  // namespace lapidary::tests
