#include "core/run/executor.h"

#include <atomic>
#include <bit>
#include <chrono>
#include <map>
#include <mutex>

#include "core/run/model_inputs.h"
#include "core/run/node_run.h"
#include "core/run/step_run.h"

namespace lapidary::core {
namespace {

std::uint64_t nextSerial() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void nameLacking(const Model& model, const Graph& graph, const std::string& place,
                 std::vector<std::string>& sentences) {
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
    for (const auto& [key, attribute] : node.attributes)
      if (const auto* subgraph = std::get_if<std::shared_ptr<const Graph>>(&attribute))
        nameLacking(model, **subgraph, here + ": ", sentences);
  }
}

/// A value of one run, and how many steps still read it.
struct Slot {
  Activation value;
  std::uint32_t readers = 0;
};

/// One run of a schedule over one batch.
class Run {
 public:
  Run(const Schedule& schedule, const FoldedConstants& constants, std::vector<Tensor> inputs)
      : m_graph(*schedule.graph),
        m_schedule(schedule),
        m_constants(constants),
        m_slots(m_graph.values.size()),
        m_todo(schedule.steps.size(), true) {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      m_slots[m_graph.inputs[i].index].value = Activation(std::move(inputs[i]));
    m_weights.resize(m_graph.values.size());
  }

  /// Returns the bytes of the steps' results that the cache holds.
  std::size_t remember(ActivationCache& cache, const Key& batch) {
    nameValues(batch);
    findNeeded(cache);
    return keepPath(cache);
  }

  /// Computes what is to do. `done(step, outputs, seconds)` is called after each step.
  template <class Done>
  void execute(const std::stop_token& stop, Done&& done) {
    countReaders();
    for (std::size_t i = 0; i < m_schedule.steps.size(); ++i) {
      if (!m_todo[i]) continue;
      if (stop.stop_requested()) throw Cancelled();
      const Step& step = m_schedule.steps[i];
      const auto start = std::chrono::steady_clock::now();
      const auto outputs = runStep(m_graph, step, m_constants.fusions[i], m_valueOf);
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      done(i, outputs, seconds.count());
      store(step, outputs);
      release(step);
      ++m_stepsRun;
    }
  }

  const Key& keyOfStep(std::size_t i) const { return m_stepKeys[i]; }
  const ValueOf& valueOf() const { return m_valueOf; }
  std::size_t stepsRun() const { return m_stepsRun; }
  Tensor result(ValueId id) { return toPlain(value(id)); }

 private:
  /// Constants become activations when they are first read.
  const Activation& value(ValueId id) {
    if (!m_schedule.constant[id.index]) return m_slots[id.index].value;
    Activation& weight = m_weights[id.index];
    if (!weight.defined()) weight = Activation(m_constants.values[id.index]);
    return weight;
  }

  void nameValues(const Key& batch) {
    m_valueKeys.resize(m_graph.values.size());
    for (std::size_t i = 0; i < m_graph.inputs.size(); ++i) {
      const std::uint64_t words[] = {batch.high, batch.low, i};
      m_valueKeys[m_graph.inputs[i].index] = hashWords(words);
    }
    for (std::size_t i = 0; i < m_schedule.steps.size(); ++i) nameStep(i);
  }

  void nameStep(std::size_t i) {
    const Step& step = m_schedule.steps[i];
    const Fusion& fusion = m_constants.fusions[i];
    std::vector<std::uint64_t> words{step.identity.high,
                                     step.identity.low,
                                     fusion.channelScale.id(),
                                     fusion.channelShift.id(),
                                     std::bit_cast<std::uint32_t>(fusion.alpha),
                                     std::bit_cast<std::uint32_t>(fusion.beta)};
    auto reads = readsOf(m_graph, m_graph.node(step.head));
    if (step.tail.residual.valid()) reads.push_back(step.tail.residual);
    for (const ValueId id : reads) {
      const bool constant = m_schedule.constant[id.index];
      const Key& key = m_valueKeys[id.index];
      words.push_back(constant ? m_constants.values[id.index].id() : key.high);
      words.push_back(constant ? 0 : key.low);
    }
    m_stepKeys.push_back(hashWords(words));
    for (std::size_t k = 0; k < step.outputs.size(); ++k) {
      if (!step.outputs[k].valid()) continue;
      const std::uint64_t output[] = {m_stepKeys[i].high, m_stepKeys[i].low, k};
      m_valueKeys[step.outputs[k].index] = hashWords(output);
    }
  }

  /// From the results backward: a step whose outputs are remembered needs none of its inputs.
  void findNeeded(const ActivationCache& cache) {
    std::vector<bool> needed(m_schedule.steps.size());
    const auto need = [&](ValueId id) {
      if (const std::uint32_t step = m_schedule.producer[id.index]; step != Schedule::none)
        needed[step] = true;
    };
    for (const ValueId id : m_schedule.results) need(id);
    for (std::size_t i = m_schedule.steps.size(); i-- > 0;) {
      m_todo[i] = needed[i];
      if (!needed[i]) continue;
      if (const auto found = cache.find(m_stepKeys[i])) {
        m_todo[i] = false;
        store(m_schedule.steps[i], *found);
      } else {
        for (const ValueId id : m_schedule.steps[i].reads) need(id);
      }
    }
  }

  /// The results above those that were found serve the next edit of an earlier layer.
  std::size_t keepPath(ActivationCache& cache) const {
    std::vector<Key> keys;
    for (std::size_t i = 0; i < m_stepKeys.size(); ++i)
      if (!m_todo[i]) keys.push_back(m_stepKeys[i]);
    return cache.touch(keys);
  }

  void countReaders() {
    for (std::size_t i = 0; i < m_schedule.steps.size(); ++i)
      if (m_todo[i])
        for (const ValueId id : m_schedule.steps[i].reads) ++m_slots[id.index].readers;
    for (const ValueId id : m_schedule.results) ++m_slots[id.index].readers;
  }

  void store(const Step& step, const std::vector<Activation>& outputs) {
    for (std::size_t k = 0; k < step.outputs.size(); ++k)
      if (const ValueId id = step.outputs[k]; id.valid() && !m_schedule.constant[id.index])
        m_slots[id.index].value = outputs[k];
  }

  void release(const Step& step) {
    for (const ValueId id : step.reads)
      if (--m_slots[id.index].readers == 0) m_slots[id.index].value = Activation();
    for (const ValueId id : step.outputs)
      if (id.valid() && m_slots[id.index].readers == 0) m_slots[id.index].value = Activation();
  }

  const Graph& m_graph;
  const Schedule& m_schedule;
  const FoldedConstants& m_constants;
  std::vector<Slot> m_slots;
  std::vector<Activation> m_weights;
  std::vector<bool> m_todo;
  std::vector<Key> m_valueKeys, m_stepKeys;
  std::size_t m_stepsRun = 0;
  ValueOf m_valueOf = [this](ValueId id) -> const Activation& { return value(id); };
};

}  // namespace

struct Executor::Plan {
  Plan(std::shared_ptr<const Graph> g, Options o) : graph(std::move(g)), options(std::move(o)) {}

  std::shared_ptr<const Graph> graph;
  Options options;
  const std::uint64_t serial = nextSerial();
  ConstantFolder folder;

  std::shared_ptr<const Schedule> scheduleFor(const Model& model, const std::vector<ValueId>& wanted) {
    std::vector<std::uint64_t> words;
    for (const auto& [id, tensor] : model.weights) {
      if (graph->value(id).producer.valid())
        words.push_back(id.index);
      else if (tensor.size() == 1)
        words.push_back(tensor.id());  // may be a number that a pattern looks for
    }
    words.push_back(ValueId::none);
    for (const ValueId id : wanted) words.push_back(id.index);
    const Key key = hashWords(words);
    const std::lock_guard lock(m_mutex);
    return m_schedules.get(key, [&] { return makeSchedule(model, wanted, key); });
  }

 private:
  std::shared_ptr<const Schedule> makeSchedule(const Model& model, const std::vector<ValueId>& wanted,
                                               const Key& key) {
    auto schedule = std::make_shared<Schedule>(scheduleOf(model, {options.fuse, wanted, {}}));
    schedule->identity = key;
    for (Step& step : schedule->steps) {
      std::vector<std::uint64_t> words{serial, step.head.index,
                                       schedule->graph->node(step.head).inputs.size()};
      for (const char c : schedule->graph->node(step.head).opType)
        words.push_back(static_cast<unsigned char>(c));
      for (const NodeId id : step.tail.nodes()) words.push_back(id.index);
      step.identity = hashWords(words);
      auto& store = m_stores[step.identity];
      if (!store) store = std::make_shared<RecentlyPrepared>();
      step.prepared = store;
    }
    return schedule;
  }

  std::mutex m_mutex;
  Recent<std::shared_ptr<const Schedule>> m_schedules{32};
  std::map<Key, std::shared_ptr<PreparedStore>> m_stores;  ///< by step identity: schedules share steps
};

Executor::Executor(const Model& model, Options options) {
  const auto lacking = lackingOps(model);
  if (!lacking.empty()) {
    std::string text = "the model cannot be run: not implemented are ";
    for (std::size_t i = 0; i < lacking.size(); ++i) text += (i == 0 ? "" : ", ") + lacking[i];
    throw Error(ErrorKind::Unsupported, text);
  }
  m_plan = std::make_unique<Plan>(model.graph, std::move(options));
  m_plan->scheduleFor(model, {});
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

}  // namespace

RunResult Executor::run(const Model& model, std::span<const Tensor> inputs, const RunOptions& options) const {
  useOneThreadPerWorker();
  requireGraph(model, m_plan->graph);
  const Graph& graph = *m_plan->graph;
  requireValues(graph, options.wanted);
  const auto schedule = m_plan->scheduleFor(model, options.wanted);
  const auto constants = m_plan->folder.fold(model, *schedule);
  Run run(*schedule, *constants, acceptedInputs(graph, inputs));
  ActivationCache* cache = options.batchKey ? m_plan->options.cache.get() : nullptr;
  RunResult result;
  if (cache != nullptr) result.bytesRemembered = run.remember(*cache, *options.batchKey);
  run.execute(options.stop, [&](std::size_t step, const std::vector<Activation>& outputs, double) {
    if (cache != nullptr)
      result.bytesRemembered += cache->insert(run.keyOfStep(step), outputs, options.retention);
  });
  result.stepsRun = run.stepsRun();
  for (const ValueId id : graph.outputs) result.outputs.push_back(asDeclared(graph, id, run.result(id)));
  for (const ValueId id : options.wanted) result.wanted.push_back(run.result(id));
  return result;
}

std::vector<StepTime> Executor::profile(const Model& model, std::span<const Tensor> inputs) const {
  run(model, inputs);  // packs weights and makes primitives, which later runs find ready
  const Graph& graph = *m_plan->graph;
  const auto schedule = m_plan->scheduleFor(model, {});
  const auto constants = m_plan->folder.fold(model, *schedule);
  Run run(*schedule, *constants, acceptedInputs(graph, inputs));
  std::vector<StepTime> times;
  run.execute({}, [&](std::size_t i, const std::vector<Activation>& outputs, double seconds) {
    const Step& step = schedule->steps[i];
    times.push_back({step.head, seconds, flopsOf(*schedule->graph, step, run.valueOf(), outputs)});
  });
  return times;
}

const ActivationCache* Executor::cache() const { return m_plan->options.cache.get(); }

std::vector<std::string> lackingOps(const Model& model) {
  std::vector<std::string> sentences;
  nameLacking(model, *model.graph, "", sentences);
  return sentences;
}

}  // namespace lapidary::core
