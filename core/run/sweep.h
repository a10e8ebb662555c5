// SPDX-License-Identifier: GPL-3.0-or-later
// A forward pass that keeps what the backward pass needs, and the backward pass, of one batch.
#pragma once

#include "core/run/backward_plan.h"
#include "core/run/backward_rule.h"

namespace lapidary::core {

/// Not thread-safe; several may share a plan. Steps go in rising order forward, in falling order back: the
/// order of every sum is fixed.
class Sweep {
 public:
  /// Plan and model must outlive it; `inputs` in graph order.
  Sweep(const BackwardPlan& plan, const Model& model, std::span<const Tensor> inputs, std::stop_token stop);

  /// In place of the operators' own derivatives; null: those.
  void setRule(BackwardRule rule) { m_rule = std::move(rule); }
  std::size_t steps() const { return m_schedule.steps.size(); }
  void forward(std::size_t first, std::size_t end);
  /// Another value for a varied weight.
  void replace(ValueId id, const Tensor& value) { m_values[id.index] = Activation(value); }
  /// In graph order, as declared.
  std::vector<Tensor> outputs() const;
  /// d(scalar)/d(output) for each (undefined: none).
  void seed(std::span<const Tensor> outputs, const std::vector<Tensor>& seeds);
  void backward(std::size_t first, std::size_t end);

  Tensor value(ValueId id) const;
  /// Zeros where nothing flows; Float32.
  Tensor gradient(ValueId id) const;
  /// Changes a gradient before the steps that read it; only for active values.
  void setGradient(ValueId id, Tensor gradient) { m_gradients[id.index] = std::move(gradient); }

 private:
  void check() const;
  void startAt(ValueId id);
  void backward(const Step& step);
  ValueId beforeCodes(const Node& node) const;
  void passStraight(const Node& node, ValueId source);
  void requireNoneCaptured(const Step& step, const Node& node) const;
  std::vector<Tensor> run(const Step& step, const Node& node, const std::vector<bool>& wanted) const;
  void accumulate(ValueId id, const Tensor& gradient);

  const BackwardPlan& m_plan;
  const Model& m_model;
  const Graph& m_graph;
  const Schedule& m_schedule;
  std::stop_token m_stop;
  std::shared_ptr<const FoldedConstants> m_constants;
  std::vector<Activation> m_values;
  std::vector<Tensor> m_gradients;
  std::vector<std::uint32_t> m_readers;
  BackwardRule m_rule;
};

}  // namespace lapidary::core
