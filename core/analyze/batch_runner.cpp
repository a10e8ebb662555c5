#include "core/analyze/batch_runner.h"

#include <algorithm>
#include <array>

namespace lapidary::core {
namespace {

/// Large enough for the operators to be efficient, small enough that a first outcome of 100 samples
/// keeps several workers busy and a stop is noticed soon.
constexpr std::size_t chunkSamples = 25;

}  // namespace

BatchRunner::BatchRunner(const Model& model, const Executor& executor, const Dataset& data, bool remember)
    : m_executor(executor), m_data(data), m_remember(remember), m_chunk(chunkSamples) {
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

std::vector<Tensor> BatchRunner::outputs(const Model& model, SampleRange chunk, std::stop_token stop) const {
  if (stop.stop_requested()) throw Cancelled();
  RunOptions options;
  options.stop = stop;
  if (m_remember)
    options.batchKey = hashWords(std::array<std::uint64_t, 3>{m_data.id(), m_chunk, chunk.begin / m_chunk});
  return m_executor.run(model, inputsOf(chunk), options).outputs;
}

}  // namespace lapidary::core
