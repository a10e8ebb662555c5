// SPDX-License-Identifier: GPL-3.0-or-later
// Small models with control flow and recurrent operators, written by our own writer, run in ONNX Runtime.
#include <gtest/gtest.h>

#include <cmath>

#include "core/io/common/format.h"
#include "core/run/executor.h"
#include "tests/core/run/graph_building.h"
#include "tests/interop/judge.h"
#include "tests/support/temporary_folder.h"

namespace lapidary::tests {
namespace {

using core::Attribute;
using core::DType;
using core::Model;
using core::Shape;
using core::Tensor;
using core::ValueId;
using core::testing::GraphBuilder;
using core::testing::ints;
using core::testing::randomTensor;
using Attributes = std::map<std::string, Attribute>;

struct Example {
  std::string name;
  Model model;
  std::vector<Tensor> inputs;
};

Attribute number(std::int64_t value) { return value; }
Attribute text(const std::string& value) { return value; }
Attribute texts(std::vector<std::string> values) { return values; }

/// One recurrent operator with its weights inside the model.
Example recurrent(const std::string& name, const std::string& op, Attributes attributes, bool lengths = false,
                  bool peepholes = false) {
  constexpr std::int64_t steps = 6, batch = 3, inputs = 5, hidden = 7;
  const auto direction = attributes.find("direction");
  const bool both =
      direction != attributes.end() && std::get<std::string>(direction->second) == "bidirectional";
  const bool batchFirst = attributes.contains("layout");
  const std::int64_t d = both ? 2 : 1, gates = op == "RNN" ? 1 : op == "GRU" ? 3 : 4;
  attributes["hidden_size"] = number(hidden);
  GraphBuilder b(14);
  const Shape state = batchFirst ? Shape{batch, d, hidden} : Shape{d, batch, hidden};
  const ValueId x = b.input("x", batchFirst ? Shape{batch, steps, inputs} : Shape{steps, batch, inputs});
  std::vector<ValueId> in{x, b.weight("w", randomTensor({d, gates * hidden, inputs}, 1)),
                          b.weight("r", randomTensor({d, gates * hidden, hidden}, 2)),
                          b.weight("b", randomTensor({d, 2 * gates * hidden}, 3))};
  in.push_back(lengths ? b.weight("l", Tensor::from<std::int32_t>({3}, {6, 2, 4})) : ValueId{});
  in.push_back(b.weight("h", randomTensor(state, 4)));
  if (op == "LSTM") in.push_back(b.weight("c", randomTensor(state, 5)));
  if (peepholes) in.push_back(b.weight("p", randomTensor({d, 3 * hidden}, 6)));
  for (const ValueId id : b.nodes(op, in, op == "LSTM" ? 3 : 2, std::move(attributes))) b.output(id);
  return {name,
          b.model(),
          {randomTensor(batchFirst ? Shape{batch, steps, inputs} : Shape{steps, batch, inputs}, 9)}};
}

std::vector<Example> recurrentExamples() {
  std::vector<Example> all;
  for (const std::string op : {"RNN", "GRU", "LSTM"}) {
    for (const std::string direction : {"forward", "reverse", "bidirectional"})
      all.push_back(recurrent(op + "_" + direction, op, {{"direction", text(direction)}}));
    all.push_back(recurrent(op + "_lengths", op, {{"direction", text("bidirectional")}}, true));
    all.push_back(recurrent(op + "_lengths_reverse", op, {{"direction", text("reverse")}}, true));
  }
  all.push_back(recurrent("GRU_reset_late", "GRU", {{"linear_before_reset", number(1)}}));
  all.push_back(recurrent("GRU_reset_late_both", "GRU",
                          {{"linear_before_reset", number(1)}, {"direction", text("bidirectional")}}));
  all.push_back(recurrent("GRU_clip", "GRU", {{"clip", 0.4f}}));
  all.push_back(recurrent("LSTM_clip", "LSTM", {{"clip", 0.4f}}));
  all.push_back(recurrent("LSTM_peepholes", "LSTM", {{"direction", text("bidirectional")}}, true, true));
  all.push_back(recurrent("LSTM_coupled", "LSTM", {{"input_forget", number(1)}}, false, true));
  all.push_back(recurrent("LSTM_activations", "LSTM",
                          {{"activations", texts({"HardSigmoid", "Softsign", "ScaledTanh"})},
                           {"activation_alpha", std::vector<float>{0.25f, 0.8f}},
                           {"activation_beta", std::vector<float>{0.4f, 1.5f}}}));
  all.push_back(recurrent(
      "GRU_activations", "GRU",
      {{"activations", texts({"Sigmoid", "LeakyRelu"})}, {"activation_alpha", std::vector<float>{0.3f}}}));
  all.push_back(recurrent("RNN_affine", "RNN",
                          {{"activations", texts({"Affine"})},
                           {"activation_alpha", std::vector<float>{0.3f}},
                           {"activation_beta", std::vector<float>{0.1f}}}));
  all.push_back(recurrent("RNN_elu", "RNN", {{"activations", texts({"Elu"})}}));
  // Without alpha ONNX Runtime takes 0; the standard says 1, as for the operator of that name.
  all.push_back(recurrent(
      "RNN_thresholded", "RNN",
      {{"activations", texts({"ThresholdedRelu"})}, {"activation_alpha", std::vector<float>{0.2f}}}));
  all.push_back(recurrent("RNN_softplus", "RNN", {{"activations", texts({"Softplus"})}}));
  return all;
}

/// A loop that runs as often as its input says, with an If inside that reads values of all three graphs.
Example loop(const std::string& name, std::int64_t most, float limit) {
  GraphBuilder b(13), body, yes, no;
  const ValueId count = b.input("count", {}, DType::Int64);
  const ValueId x = b.input("x", {4, 4});
  b.weight("w", randomTensor({4, 4}, 1, 0.6f));
  b.weight("limit", Tensor::scalar<float>(limit));
  const ValueId i = body.input("i", {}, DType::Int64);
  body.input("going", {}, DType::Bool);
  const ValueId state = body.input("state", {4, 4});
  const ValueId number32 = body.node("Cast", {i}, {{"to", number(1)}});
  const ValueId even =
      body.node("Equal", {body.node("Mod", {i, body.weight("two", Tensor::scalar<std::int64_t>(2))}),
                          body.weight("zero", Tensor::scalar<std::int64_t>(0))});
  yes.output(yes.node("MatMul", {yes.capture(body.nameOf(state)), yes.capture("w")}));
  no.output(no.node("Add", {no.capture(body.nameOf(state)), no.capture(body.nameOf(number32))}));
  body.capture("w");
  const ValueId next = body.node("If", {even}, {{"then_branch", yes.graph()}, {"else_branch", no.graph()}});
  const ValueId sum = body.node("ReduceSum", {next}, {{"keepdims", number(0)}});
  body.output(body.node("Less", {sum, body.capture("limit")}), DType::Bool);
  body.output(next);
  body.output(sum);
  const auto outputs =
      b.nodes("Loop", {count, b.weight("yes", Tensor::scalar<bool>(true)), x}, 2, {{"body", body.graph()}});
  for (const ValueId id : outputs) b.output(id);
  return {name, b.model(), {Tensor::scalar<std::int64_t>(most), randomTensor({4, 4}, 8)}};
}

Example scan(const std::string& name, Attributes attributes) {
  GraphBuilder b(11), body;
  const ValueId h = body.input("h", {4}), row = body.input("row", {4});
  const ValueId next =
      body.node("Tanh", {body.node("Add", {body.node("MatMul", {h, body.capture("w")}), row})});
  body.output(next);
  body.output(body.node("Mul", {next, row}));
  b.weight("w", randomTensor({4, 4}, 1));
  attributes["body"] = body.graph();
  attributes["num_scan_inputs"] = number(1);
  const ValueId start = b.input("start", {4}), x = b.input("x", {4, 4});
  for (const ValueId id : b.nodes("Scan", {start, x}, 2, std::move(attributes))) b.output(id);
  return {name, b.model(), {randomTensor({4}, 2), randomTensor({4, 4}, 3)}};
}

std::vector<Example> controlExamples() {
  return {
      loop("loop_counted", 5, 1e9f),
      loop("loop_ended", 50, 20.0f),
      loop("loop_once", 1, 1e9f),
      scan("scan", {}),
      scan("scan_columns", {{"scan_input_axes", ints({1})}, {"scan_output_axes", ints({1})}}),
      scan("scan_backward", {{"scan_input_directions", ints({1})}, {"scan_output_directions", ints({1})}})};
}

void expectJudged(const std::vector<Example>& examples) {
  if (const auto reason = judgeMissing()) GTEST_SKIP() << *reason;
  const core::testing::TemporaryFolder folder;
  std::vector<JudgeJob> jobs;
  for (const Example& example : examples) {
    Model model = example.model;
    model.source.irVersion = 8;
    JudgeJob job{folder.path() + "/" + example.name + ".onnx", {}};
    core::writeModel(model, job.modelPath);
    for (std::size_t i = 0; i < example.inputs.size(); ++i)
      job.inputs.emplace_back(model.graph->value(model.graph->inputs[i]).name, example.inputs[i]);
    jobs.push_back(std::move(job));
  }
  const auto judged = judge(jobs, folder.path());
  for (std::size_t i = 0; i < examples.size(); ++i) {
    ASSERT_EQ(judged[i].error, "") << examples[i].name;
    const auto mine =
        core::Executor(examples[i].model, {}).run(examples[i].model, examples[i].inputs).outputs;
    ASSERT_EQ(mine.size(), judged[i].outputs.size());
    for (std::size_t k = 0; k < mine.size(); ++k)
      EXPECT_LT(core::testing::largestDifference(mine[k], judged[i].outputs[k]), 1e-5)
          << examples[i].name << ", output " << k;
  }
}

TEST(OperatorInterop, RecurrentOperatorsAreThoseOfOnnxRuntime) { expectJudged(recurrentExamples()); }
TEST(OperatorInterop, ControlFlowIsThatOfOnnxRuntime) { expectJudged(controlExamples()); }

}  // namespace
}  // namespace lapidary::tests
