// SPDX-License-Identifier: GPL-3.0-or-later
// One run of a schedule over one batch: the values that are alive, and which steps need no computing.
#pragma once

#include "core/run/subgraph_run.h"

namespace lapidary::core {

class GraphRun {
 public:
  GraphRun(GraphPlan& plan, std::shared_ptr<const Schedule> schedule,
           std::shared_ptr<const FoldedConstants> constants);
  GraphRun(const GraphRun&) = delete;

  /// An input of the graph, or a value that a subgraph captures.
  void give(ValueId id, Activation value) { put(m_slots[id.index], std::move(value)); }
  /// All inputs of the graph, in its order, as a caller gives them.
  void feed(std::span<const Tensor> inputs);
  /// Names the content of a value that is given.
  void name(ValueId id, const Key& key);
  /// After all given values are named: finds what is known already, and marks it as used.
  void remember(ActivationCache& cache);

  /// Called after each step that was computed.
  using Done = std::function<void(std::size_t step, std::span<const Activation> outputs, double seconds)>;
  void execute(const RunContext& context, const Done& done = {});
  /// The same in parts, which may run on different threads one after another: `begin`, then every range
  /// of steps in rising order.
  void begin() { countReaders(); }
  void executeSteps(std::size_t first, std::size_t end, const RunContext& context, const Done& done = {});

  /// A result, or any value while the run needs it.
  const Activation& value(ValueId id);
  /// The graph's outputs in its order, plain and in their declared types.
  std::vector<Tensor> outputs();
  const ValueOf& valueOf() const { return m_valueOf; }
  /// Of the values alive at once, so far; what was fed counts to the end, for the caller holds it.
  std::size_t peakBytes() const { return m_peakBytes + m_fedBytes; }
  std::size_t stepsRun() const { return m_stepsRun; }
  std::size_t stepsSplit() const { return m_stepsSplit; }

 private:
  /// A value, and how many steps still read it.
  struct Slot {
    Activation value;
    std::uint32_t readers = 0;
  };

  /// The results of a step that lie in the cache.
  struct Kept {
    std::size_t step = 0, bytes = 0;
  };

  void put(Slot& slot, Activation value);
  void nameStep(std::size_t i);
  void findNeeded(const ActivationCache& cache);
  void keepPath(ActivationCache& cache);
  void keep(std::size_t i, const std::vector<Activation>& outputs, const RunContext& context);
  void noteKept(std::size_t step, std::size_t bytes);
  std::size_t leastMissed() const;
  void countReaders();
  std::vector<Activation> compute(std::size_t i, const RunContext& context);
  void store(const Step& step, const std::vector<Activation>& outputs);
  void release(const Step& step);

  GraphPlan& m_plan;
  std::shared_ptr<const Schedule> m_schedule;
  std::shared_ptr<const FoldedConstants> m_constants;
  const Graph& m_graph;
  std::vector<Slot> m_slots;
  std::vector<Activation> m_weights;
  std::vector<bool> m_todo;
  std::vector<Key> m_valueKeys, m_stepKeys;  ///< empty where nothing is remembered
  std::vector<Kept> m_kept;                  ///< in the order in which they were found or computed
  std::vector<bool> m_inCache;               ///< by step
  std::size_t m_stepsRun = 0, m_stepsSplit = 0, m_keptBytes = 0;
  std::size_t m_liveBytes = 0, m_peakBytes = 0, m_fedBytes = 0;
  ValueOf m_valueOf = [this](ValueId id) -> const Activation& { return value(id); };
};

}  // namespace lapidary::core
