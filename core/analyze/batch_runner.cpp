#include "core/analyze/batch_runner.h"

#include <algorithm>
#include <array>

namespace lapidary::core {
BatchRunner::BatchRunner(const Model& model, const Executor& executor, const Dataset& data,
                         Remembering remembering)
    : m_executor(executor),
      m_data(data),
      m_remembering(remembering),
      m_chunk(std::max<std::size_t>(1, remembering.chunk)) {
  const std::int64_t batch = fixedBatch(model);
  m_fixed = batch > 0;
  if (m_fixed) m_chunk = static_cast<std::size_t>(batch);
}

std::size_t BatchRunner::aligned(std::size_t samples) const {
  return std::min(m_data.size(), (samples + m_chunk - 1) / m_chunk * m_chunk);
}

std::vector<SampleRange> BatchRunner::chunks(std::size_t begin, std::size_t end) const {
  std::vector<SampleRange> ranges;
  for (std::size_t at = begin; at < end; at += m_chunk) ranges.push_back({at, std::min(end, at + m_chunk)});
  return ranges;
}

std::vector<Tensor> BatchRunner::inputsOf(SampleRange chunk) const {
  std::vector<std::size_t> samples(m_data.order().begin() + static_cast<std::ptrdiff_t>(chunk.begin),
                                   m_data.order().begin() + static_cast<std::ptrdiff_t>(chunk.end));
  if (m_fixed) samples.resize(m_chunk, samples.back());
  return m_data.inputs(samples);
}

/// Where the results of all chunks do not fit, those of the first ones are kept: if every chunk pushed
/// out another, none would be found again.
bool BatchRunner::worthRemembering(std::size_t chunk) const {
  const ActivationCache* cache = m_executor.cache();
  return m_remembering.on && cache != nullptr &&
         (chunk + 1) * m_chunkBytes.load(std::memory_order_relaxed) <= cache->statistics().budget / 16 * 15;
}

std::vector<Tensor> BatchRunner::outputs(const Model& model, SampleRange chunk, std::stop_token stop) const {
  if (stop.stop_requested()) throw Cancelled();
  RunOptions options;
  options.stop = stop;
  const std::size_t place = chunk.begin / m_chunk;
  if (worthRemembering(place))
    options.batchKey = hashWords(std::array<std::uint64_t, 3>{m_data.id(), m_chunk, place});
  if (chunk.begin < m_remembering.front) options.retention = Retention::Lasting;
  RunResult result = m_executor.run(model, inputsOf(chunk), options);
  std::size_t most = m_chunkBytes.load(std::memory_order_relaxed);
  while (most < result.bytesRemembered && !m_chunkBytes.compare_exchange_weak(most, result.bytesRemembered)) {
  }
  return std::move(result.outputs);
}

}  // namespace lapidary::core
