// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analyze/answers/batch_runner.h"

#include <algorithm>
#include <array>

#include "core/compress/quantize/quantize_activations.h"
#include "core/run/executor.h"

namespace lapidary::core {
namespace {

/// Stacks outputs of single samples along their first axis.
std::vector<Tensor> stacked(const std::vector<std::vector<Tensor>>& singles) {
  std::vector<Tensor> outputs;
  for (std::size_t k = 0; k < singles.front().size(); ++k) {
    const Tensor& first = singles.front()[k];
    Shape shape = first.shape();
    const bool stacks =
        !shape.empty() && shape[0] == 1 && std::ranges::all_of(singles, [&](const auto& single) {
          return single[k].shape() == shape && single[k].dtype() == first.dtype();
        });
    if (!stacks)
      throw Error(
          ErrorKind::Unsupported,
          "output " + std::to_string(k) + " of one sample has the shape " + toText(shape) +
              ": dynamically quantized models run one sample at a time, which needs outputs whose first "
              "axis is the batch");
    shape[0] = static_cast<std::int64_t>(singles.size());
    TensorBuilder builder(first.dtype(), shape);
    for (std::size_t i = 0; i < singles.size(); ++i)
      std::ranges::copy(singles[i][k].bytes(),
                        builder.bytes().begin() + static_cast<std::ptrdiff_t>(i * first.bytes().size()));
    outputs.push_back(std::move(builder).build());
  }
  return outputs;
}

Retention retentionOf(Keep keep, bool atFront) {
  if (keep == Keep::Nothing) return Retention::Nothing;
  if (atFront) return Retention::Lasting;
  return keep == Keep::Recurring ? Retention::Recurring : Retention::Passing;
}

}  // namespace

BatchRunner::BatchRunner(const Model& model, const Executor& executor, const Dataset& data,
                         Remembering remembering)
    : BatchRunner(model, OutputsOf{}, data, remembering) {
  m_executor = &executor;
}

BatchRunner::BatchRunner(const Model& model, OutputsOf elsewhere, const Dataset& data,
                         Remembering remembering)
    : m_elsewhere(std::move(elsewhere)),
      m_data(data),
      m_remembering(remembering),
      m_chunk(std::max<std::size_t>(1, remembering.chunk)) {
  const std::int64_t batch = fixedBatch(model);
  m_fixed = batch > 0;
  if (m_fixed) m_chunk = static_cast<std::size_t>(batch);
  m_singly = !m_fixed && rangesSpanBatch(*model.graph);
}

std::size_t BatchRunner::aligned(std::size_t samples) const {
  return std::min(m_data.size(), (samples + m_chunk - 1) / m_chunk * m_chunk);
}

std::vector<SampleRange> BatchRunner::chunks(std::size_t begin, std::size_t end) const {
  std::vector<SampleRange> ranges;
  for (std::size_t at = begin; at < end; at += m_chunk) ranges.push_back({at, std::min(end, at + m_chunk)});
  return ranges;
}

std::vector<SampleRange> BatchRunner::feeds(SampleRange chunk) const {
  if (!m_singly) return {chunk};
  std::vector<SampleRange> singles;
  for (std::size_t i = chunk.begin; i < chunk.end; ++i) singles.push_back({i, i + 1});
  return singles;
}

std::vector<Tensor> BatchRunner::inputsOf(SampleRange feed) const {
  std::vector<std::size_t> samples(m_data.order().begin() + static_cast<std::ptrdiff_t>(feed.begin),
                                   m_data.order().begin() + static_cast<std::ptrdiff_t>(feed.end));
  if (m_fixed) samples.resize(m_chunk, samples.back());
  return m_data.inputs(samples);
}

/// Every chunk has its share of the cache, those at the front a double one, so that none pushes out another:
/// if each did, nothing would be found again.
void BatchRunner::remember(SampleRange feed, RunOptions& options) const {
  const ActivationCache* cache = m_executor->cache();
  if (!m_remembering.on || cache == nullptr) return;
  const std::size_t step = m_singly ? 1 : m_chunk;
  options.batchKey = hashWords(std::array<std::uint64_t, 3>{m_data.id(), step, feed.begin / step});
  const std::size_t budget = cache->statistics().budget / 16 * 15;
  const std::size_t all = (m_data.size() + step - 1) / step;
  const std::size_t front = std::min(all, (m_remembering.front + step - 1) / step);
  const std::size_t lasting = front == 0 ? 0 : std::min(budget / 4 / front, 2 * budget / all);
  const bool atFront = feed.begin < m_remembering.front;
  options.rememberedBytes =
      atFront ? lasting : (budget - front * lasting) / std::max<std::size_t>(1, all - front);
  options.retention = retentionOf(m_remembering.keep, atFront);
}

std::vector<Tensor> BatchRunner::outputs(const Model& model, SampleRange chunk, std::stop_token stop) const {
  if (!m_singly) return outputsAtOnce(model, chunk, stop);
  std::vector<std::vector<Tensor>> singles;
  for (const SampleRange feed : feeds(chunk)) singles.push_back(outputsAtOnce(model, feed, stop));
  return stacked(singles);
}

std::vector<Tensor> BatchRunner::outputsAtOnce(const Model& model, SampleRange feed,
                                               std::stop_token stop) const {
  if (stop.stop_requested()) throw Cancelled();
  if (m_executor == nullptr) return m_elsewhere(feed);
  RunOptions options;
  options.stop = stop;
  remember(feed, options);
  return m_executor->run(model, inputsOf(feed), options).outputs;
}

}  // namespace lapidary::core
