// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/hiding/masked_score.h"

#include <algorithm>
#include <atomic>

#include "core/analyze/answers/class_scores.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"

namespace lapidary::core {

MaskedScore::MaskedScore(const SaliencyTask& task)
    : m_task(task), m_input(task.inputs[0]), m_batch(variationBatch(task.model)) {
  RunOptions options;
  options.stop = task.progress.stop;
  const ClassScores scores =
      classScores(task.executor.run(task.model, task.inputs, options).outputs, task.model.scoresOutput);
  m_target = task.targetClass >= 0 ? task.targetClass : scores.top1(0);
  m_probability = scores.probability(0, m_target);
  m_whole = {scores.values[scores.indexOf(0, m_target)], static_cast<float>(m_probability)};
}

std::vector<TargetScore> MaskedScore::of(std::size_t count,
                                         const std::function<Mask(std::size_t)>& maskOf) const {
  std::vector<TargetScore> scores(count);
  std::atomic<std::size_t> done{0};
  const auto one = [&](std::size_t chunk, unsigned) {
    const std::size_t first = chunk * m_batch, size = std::min(m_batch, count - first);
    std::vector<Mask> masks;
    for (std::size_t i = 0; i < size; ++i) masks.push_back(maskOf(first + i));
    run(first, masks, scores);
    m_task.progress.step(done += size, count);
  };
  parallelFor((count + m_batch - 1) / m_batch, std::max(1u, m_task.options.workers), one);
  return scores;
}

void MaskedScore::run(std::size_t first, std::span<const Mask> masks, std::span<TargetScore> scores) const {
  std::vector<Tensor> fed{m_input.hidden(masks)};
  for (std::size_t i = 1; i < m_task.inputs.size(); ++i)
    fed.push_back(repeated(m_task.inputs[i], masks.size()));
  RunOptions options;
  options.stop = m_task.progress.stop;
  const ClassScores found =
      classScores(m_task.executor.run(m_task.model, fed, options).outputs, m_task.model.scoresOutput);
  for (std::size_t i = 0; i < masks.size(); ++i)
    scores[first + i] = {found.values[found.indexOf(i, m_target)],
                         static_cast<float>(found.probability(i, m_target))};
}

SaliencyMap MaskedScore::mapOf(std::vector<float> values) const {
  return {m_task.method, geometry().width, geometry().height, std::move(values), m_target, m_probability};
}

}  // namespace lapidary::core
