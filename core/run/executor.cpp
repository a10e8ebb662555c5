// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/executor.h"

#include <map>

#include "core/run/graph_run.h"
#include "core/run/node_run.h"

namespace lapidary::core {
namespace {

/// Values of types that nothing computes with, by name: subgraphs find those around them so.
using KeptTypes = std::map<std::string, std::string>;

std::string keptInputOf(const Graph& graph, const Node& node, const KeptTypes& kept) {
  for (const ValueId input : node.inputs)
    if (const auto found = input.valid() ? kept.find(graph.value(input).name) : kept.end();
        found != kept.end())
      return " reads '" + found->first + "' of type " + found->second;
  for (const auto& [key, attribute] : node.attributes)
    if (std::holds_alternative<KeptAttribute>(attribute))
      return " has '" + key + "' of a type without numbers";
  return {};
}

void nameLacking(const Model& model, const Graph& graph, const std::string& place, KeptTypes kept,
                 std::vector<std::string>& sentences) {
  for (const auto& [id, value] : graph.kept) kept[graph.value(id).name] = value.type;
  for (const ValueId output : graph.outputs)
    if (graph.kept.contains(output))
      sentences.push_back(place + "output '" + graph.value(output).name + "' of type " +
                          graph.kept.at(output).type);
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const std::string here = place + describe(graph, NodeId{i});
    const Op* op = findOp(node.domain, node.opType);
    const std::int64_t opset = opsetOf(model, node);
    if (op == nullptr)
      sentences.push_back(here);
    else if (opset > 0 && opset < op->sinceOpset)
      sentences.push_back(here + " of operator set " + std::to_string(opset) + ", from " +
                          std::to_string(op->sinceOpset) + " on is implemented");
    else if (const std::string reads = keptInputOf(graph, node, kept); !reads.empty())
      sentences.push_back(here + reads);
    for (const auto& subgraph : node.subgraphs()) nameLacking(model, *subgraph, here + ": ", kept, sentences);
  }
}

}  // namespace

struct Executor::Plan {
  Plan(const Model& model, Options o)
      : options(std::move(o)),
        graph(model, options.fuse, std::make_shared<PreparedBudget>(options.preparedBytes)) {}

  Options options;
  GraphPlan graph;
};

Executor::Executor(const Model& model, Options options) {
  requireOps(model);
  m_plan = std::make_unique<Plan>(model, std::move(options));
  m_plan->graph.scheduleFor(model, {});
}

Executor::~Executor() = default;

namespace {

void requireGraph(const Model& model, const std::shared_ptr<const Graph>& graph) {
  if (model.graph != graph)
    throw Error(ErrorKind::Usage, "the model to run has another graph than the one that was planned");
}

void requireValues(const Graph& graph, const std::vector<ValueId>& ids) {
  for (const ValueId id : ids)
    if (!id.valid() || id.index >= graph.values.size())
      throw Error(ErrorKind::Usage, "a value that was asked for is not in the graph");
}

void nameInputs(GraphRun& run, const Graph& graph, const Key& batch) {
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    const std::uint64_t words[] = {batch.high, batch.low, i};
    run.name(graph.inputs[i], hashWords(words));
  }
}

}  // namespace

RunResult Executor::run(const Model& model, std::span<const Tensor> inputs, const RunOptions& options) const {
  useOneThreadPerWorker();
  GraphPlan& plan = m_plan->graph;
  requireGraph(model, plan.graph());
  const Graph& graph = *plan.graph();
  requireValues(graph, options.wanted);
  const auto schedule = plan.scheduleFor(model, options.wanted);
  GraphRun run(plan, schedule, plan.fold(model, *schedule));
  run.feed(inputs);
  const RunContext context{options.stop,  options.batchKey ? m_plan->options.cache.get() : nullptr,
                           nullptr,       options.retention,
                           options.split, options.rememberedBytes};
  if (context.cache != nullptr) {
    nameInputs(run, graph, *options.batchKey);
    run.remember(*context.cache);
  }
  run.execute(context);
  RunResult result;
  result.stepsRun = run.stepsRun();
  result.stepsSplit = run.stepsSplit();
  result.peakBytes = run.peakBytes();
  result.outputs = run.outputs();
  for (const ValueId id : options.wanted) result.wanted.push_back(toPlain(run.value(id)));
  return result;
}

std::vector<StepTime> Executor::profile(const Model& model, std::span<const Tensor> inputs,
                                        const std::stop_token& stop) const {
  run(model, inputs, {std::nullopt, {}, stop});  // packs weights and makes primitives, found ready later
  GraphPlan& plan = m_plan->graph;
  const auto schedule = plan.scheduleFor(model, {});
  GraphRun run(plan, schedule, plan.fold(model, *schedule));
  run.feed(inputs);
  std::vector<StepTime> times;
  double inner = 0;
  run.execute({stop, nullptr, &inner, Retention::Passing, {}}, [&](std::size_t i,
                                                                   std::span<const Activation> outputs,
                                                                   double seconds) {
    const Step& step = schedule->steps[i];
    const double flops = step.hasSubgraphs ? inner : flopsOf(*schedule->graph, step, run.valueOf(), outputs);
    const auto tail = step.tail.nodes();
    times.push_back(
        {step.head, {tail.begin(), tail.end()}, seconds, flops, bytesOf(step, run.valueOf(), outputs)});
    inner = 0;
  });
  return times;
}

const ActivationCache* Executor::cache() const { return m_plan->options.cache.get(); }

std::vector<std::string> lackingOps(const Model& model) {
  std::vector<std::string> sentences;
  nameLacking(model, *model.graph, "", {}, sentences);
  return sentences;
}

void requireOps(const Model& model) {
  const auto lacking = lackingOps(model);
  if (lacking.empty()) return;
  std::string text = "the model cannot be run: not implemented are ";
  for (std::size_t i = 0; i < lacking.size(); ++i) text += (i == 0 ? "" : ", ") + lacking[i];
  throw Error(ErrorKind::Unsupported, text);
}

}  // namespace lapidary::core
