// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/robust/loss_gradient.h"

#include "core/calibrate/class_gradient.h"
#include "core/run/sweep.h"

namespace lapidary::core {

LossGradient::LossGradient(const Model& model, ValueId input)
    : m_model(model), m_input(input), m_plan(model, {{input}, {}, false, true}) {}

InputGradient LossGradient::of(std::span<const Tensor> inputs, std::span<const std::int64_t> labels,
                               const std::stop_token& stop) const {
  useOneThreadPerWorker();
  Sweep sweep(m_plan, m_model, inputs, stop);
  sweep.forward(0, sweep.steps());
  const std::vector<Tensor> outputs = sweep.outputs();
  const ClassScores scores = classScores(outputs, m_model.scoresOutput);
  if (scores.samples != labels.size())
    throw Error(ErrorKind::Unsupported, "the model gives " + std::to_string(scores.samples) + " answers to " +
                                            std::to_string(labels.size()) + " samples");
  InputGradient found;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    requireClass(scores, labels[i]);
    found.losses.push_back(scores.crossEntropy(i, labels[i]));
    found.top1.push_back(scores.top1(i));
  }
  std::vector<Tensor> seeds(outputs.size());
  seeds[scores.output] = crossEntropyGradient(scores, outputs[scores.output].shape(), labels);
  sweep.seed(outputs, seeds);
  sweep.backward(0, sweep.steps());
  found.gradient = sweep.gradient(m_input);
  return found;
}

}  // namespace lapidary::core
