// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calibrate/layer_inputs.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "core/calibrate/gradient_magnitudes.h"
#include "core/calibrate/input_sums.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

struct Observed {
  LayerId layer;
  InputColumns columns;
  std::size_t slot;  ///< of the value among those that are wanted
  std::vector<InputPart> parts;
  std::shared_ptr<LayerInputs> sums;
};

/// One run over the samples, for several layers.
class Gathering {
 public:
  Gathering(const Model& model, const Executor& executor, const CalibratedInputs::Options& options)
      : m_model(model), m_executor(executor), m_options(options), m_data(*options.data) {
    const std::int64_t fixed = fixedBatch(model);
    m_fixed = fixed > 0;
    m_chunk = m_fixed ? static_cast<std::size_t>(fixed) : std::max<std::size_t>(1, options.chunk);
  }

  void observe(const InputRequest& request) {
    InputColumns columns(m_model, request.layer);
    const auto known = std::ranges::find(m_wanted, columns.value());
    const auto slot = static_cast<std::size_t>(known - m_wanted.begin());
    if (known == m_wanted.end()) m_wanted.push_back(columns.value());
    auto parts = partsOf(columns, request.detail);
    auto sums = emptyInputs(columns, request.detail);
    for (const InputPart& part : parts) m_work.push_back({m_observed.size(), part});
    m_observed.push_back({request.layer, std::move(columns), slot, std::move(parts), std::move(sums)});
  }

  /// Chunks run side by side; then every part takes them in, in their order.
  std::vector<Observed> run(std::size_t samples, const Progress& progress) {
    const std::size_t chunks = (samples + m_chunk - 1) / m_chunk, wave = std::max(1u, m_options.workers);
    for (std::size_t from = 0; from < chunks; from += wave) {
      const std::size_t count = std::min(wave, chunks - from);
      std::vector<std::vector<Tensor>> values(count);
      parallelFor(count, m_options.workers, [&](std::size_t i, unsigned) {
        const std::size_t begin = (from + i) * m_chunk;
        values[i] = valuesOf(begin, std::min(samples, begin + m_chunk), progress);
      });
      parallelFor(m_work.size(), m_options.workers, [&](std::size_t i, unsigned) {
        Observed& layer = m_observed[m_work[i].layer];
        for (const auto& chunk : values) {
          progress.check();
          addRows(layer.columns, chunk[layer.slot], m_work[i].part, *layer.sums);
        }
      });
      progress.step(std::min(samples, (from + count) * m_chunk), samples);
    }
    for (Observed& layer : m_observed) finish(layer);
    return std::move(m_observed);
  }

 private:
  struct Work {
    std::size_t layer;
    InputPart part;
  };

  std::vector<Tensor> valuesOf(std::size_t begin, std::size_t end, const Progress& progress) const {
    std::vector<std::size_t> indices(m_data.order().begin() + static_cast<std::ptrdiff_t>(begin),
                                     m_data.order().begin() + static_cast<std::ptrdiff_t>(end));
    if (m_fixed) indices.resize(m_chunk, indices.back());
    RunOptions options;
    options.wanted = m_wanted;
    options.stop = progress.stop;
    auto values = m_executor.run(m_model, m_data.inputs(indices), options).wanted;
    for (Tensor& value : values) value = toFloat32(firstSamples(value, end - begin));
    return values;
  }

  /// Without those that were repeated to fill up a fixed batch, where the first axis tells them apart.
  Tensor firstSamples(const Tensor& value, std::size_t samples) const {
    const auto batch = static_cast<std::int64_t>(m_chunk), real = static_cast<std::int64_t>(samples);
    if (!m_fixed || real == batch || value.rank() == 0 || value.shape()[0] % batch != 0) return value;
    Shape shape = value.shape();
    shape[0] = shape[0] / batch * real;
    const std::size_t bytes = byteCount(value.dtype(), elementCount(shape));
    return Tensor(value.dtype(), std::move(shape), {value.owner(), value.bytes().first(bytes)});
  }

  void finish(Observed& layer) const {
    finishInputs(*layer.sums);
    if (!std::ranges::all_of(layer.sums->squares, [](double s) { return std::isfinite(s); }))
      throw Error(ErrorKind::Unsupported, "layer '" + m_model.layer(layer.layer).name +
                                              "' reads calibration samples that are not finite: nothing can "
                                              "be learnt from its inputs; check the data and the preprocess");
  }

  const Model& m_model;
  const Executor& m_executor;
  const CalibratedInputs::Options& m_options;
  const Dataset& m_data;
  std::size_t m_chunk = 1;
  bool m_fixed = false;
  std::vector<ValueId> m_wanted;
  std::vector<Observed> m_observed;
  std::vector<Work> m_work;
};

bool covers(const LayerInputs& inputs, InputDetail detail) {
  return detail == InputDetail::Sums || !inputs.gram.empty();
}

}  // namespace

CalibratedInputs::CalibratedInputs(const Model& model, const Executor* executor, Options options)
    : m_model(model),
      m_executor(executor),
      m_options(std::move(options)),
      m_known({.bytes = m_options.budgetBytes}) {}

std::shared_ptr<CalibrationSource> CalibratedInputs::over(const Model& model) {
  Options options = m_options;
  options.budgetBytes /= 4;
  const auto executor =
      m_executor ? std::make_shared<const Executor>(model, Executor::Options{true, nullptr}) : nullptr;
  auto made = std::make_shared<CalibratedInputs>(model, executor.get(), std::move(options));
  made->m_ownExecutor = executor;
  return made;
}

void CalibratedInputs::requireSamples() const {
  if (sampleCount() == 0)
    throw Error(ErrorKind::Usage, "this method learns from calibration samples: open data");
  if (m_executor == nullptr)
    throw Error(ErrorKind::Unsupported,
                "this method learns from the inputs of layers, but the model cannot be run: take one that "
                "needs no samples");
}

std::size_t CalibratedInputs::sampleCount() const {
  return m_options.data ? std::min(m_options.samples, m_options.data->size()) : 0;
}

std::shared_ptr<const LayerInputs> CalibratedInputs::knownInputs(InputRequest request) {
  const std::lock_guard lock(m_mutex);
  const auto* known = m_known.find(request.layer);
  return known && covers(**known, request.detail) ? *known : nullptr;
}

std::size_t CalibratedInputs::bytesFor(const InputRequest& request) const {
  return expectedBytes(InputColumns(m_model, request.layer), request.detail);
}

std::vector<InputRequest> CalibratedInputs::batchOf(InputRequest request,
                                                    std::span<const InputRequest> soon) {
  std::size_t bytes = bytesFor(request);
  if (bytes > m_options.budgetBytes)
    throw Error(ErrorKind::Unsupported,
                "layer '" + m_model.layer(request.layer).name +
                    "' has so many inputs that what this method "
                    "learns of them takes " +
                    std::to_string(bytes >> 20) +
                    " MB, more than its share of the memory; give the program more, or take another method");
  std::vector<InputRequest> batch{request};
  for (const InputRequest& next : soon) {
    if (std::ranges::find(batch, next.layer, &InputRequest::layer) != batch.end() || knownInputs(next))
      continue;
    bytes += bytesFor(next);
    if (bytes > m_options.budgetBytes) break;
    batch.push_back(next);
  }
  return batch;
}

void CalibratedInputs::remember(LayerId layer, std::shared_ptr<const LayerInputs> inputs) {
  const std::lock_guard lock(m_mutex);
  const auto detail = inputs->gram.empty() ? InputDetail::Sums : InputDetail::Gram;
  m_known.put(layer, std::move(inputs), bytesFor({layer, detail}));
}

/// Asks again and again, so that whoever waits can be stopped.
std::unique_lock<std::mutex> CalibratedInputs::onlyRun(const Progress& progress) {
  std::unique_lock running(m_running, std::defer_lock);
  while (!running.try_lock()) {
    progress.check();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return running;
}

std::shared_ptr<const LayerInputs> CalibratedInputs::inputsOf(InputRequest request,
                                                              std::span<const InputRequest> soon,
                                                              const Progress& progress) {
  if (auto known = knownInputs(request)) return known;
  requireSamples();
  const auto running = onlyRun(progress);
  if (auto known = knownInputs(request)) return known;
  Gathering gathering(m_model, *m_executor, m_options);
  for (const InputRequest& each : batchOf(request, soon)) gathering.observe(each);
  std::vector<Observed> found = gathering.run(sampleCount(), progress);
  for (auto it = found.rbegin(); it != found.rend(); ++it) remember(it->layer, it->sums);
  return found.front().sums;
}

Tensor CalibratedInputs::gradientMagnitudesOf(LayerId layer, const Progress& progress) {
  const auto known = [&]() -> Tensor {
    const std::lock_guard lock(m_mutex);
    const auto it = m_gradientMagnitudes.find(layer.index);
    return it == m_gradientMagnitudes.end() ? Tensor() : it->second;
  };
  if (Tensor found = known(); found.defined()) return found;
  requireSamples();
  const auto running = onlyRun(progress);
  if (Tensor found = known(); found.defined()) return found;
  auto made = meanGradientMagnitudes(
      m_model, *m_options.data,
      {layer, sampleCount(), std::max(1u, m_options.workers), m_options.classScores}, progress);
  const std::lock_guard lock(m_mutex);
  for (auto& [id, tensor] : made) m_gradientMagnitudes[id] = std::move(tensor);
  return m_gradientMagnitudes.at(layer.index);
}

}  // namespace lapidary::core
