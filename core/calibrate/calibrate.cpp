// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/calibrate/calibrate.h"

#include <algorithm>
#include <map>

#include "core/compress/quantize/quantize_activations.h"
#include "core/run/executor.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

class Calibrator {
 public:
  Calibrator(const Model& model, const Executor& executor, const Dataset& data, unsigned workers)
      : m_model(model), m_executor(executor), m_data(data), m_workers(std::max(1u, workers)) {
    for (std::uint32_t i = 0; i < model.layers.size(); ++i)
      if (const auto input = quantizableInput(model, model.layers[i])) {
        m_result.layers.push_back({LayerId{i}, 0, {}});
        m_slotOfLayer.push_back(m_slots.emplace(*input, m_slots.size()).first->second);
      }
    m_wanted.resize(m_slots.size());
    for (const auto& [value, slot] : m_slots) m_wanted[slot] = value;
    m_histograms.assign(m_workers, std::vector<RangeHistogram>(m_slots.size()));
  }

  Calibration run(std::size_t samples, const Progress& progress) {
    samples = std::min(samples, m_data.size());
    m_result.samples = samples;
    if (m_wanted.empty()) return m_result;
    for (std::size_t point = 0, done = 0; point < calibrationPoints; ++point) {
      const std::size_t end = samples * (point + 1) / calibrationPoints;
      if (end == done) continue;
      observe(done, end, progress);
      done = end;
      conclude(done);
      progress.step(done, samples);
    }
    return m_result;
  }

 private:
  void observe(std::size_t begin, std::size_t end, const Progress& progress) {
    const std::int64_t fixed = fixedBatch(m_model);
    const std::size_t chunk = fixed > 0 ? static_cast<std::size_t>(fixed) : 8;
    parallelFor((end - begin + chunk - 1) / chunk, m_workers, [&](std::size_t i, unsigned worker) {
      const std::size_t from = begin + i * chunk, to = std::min(end, from + chunk);
      std::vector<std::size_t> indices(m_data.order().begin() + static_cast<std::ptrdiff_t>(from),
                                       m_data.order().begin() + static_cast<std::ptrdiff_t>(to));
      if (fixed > 0) indices.resize(chunk, indices.back());
      RunOptions options;
      options.wanted = m_wanted;
      options.stop = progress.stop;
      const RunResult result = m_executor.run(m_model, m_data.inputs(indices), options);
      for (std::size_t k = 0; k < m_wanted.size(); ++k)
        m_histograms[worker][k].add(toFloat32(result.wanted[k]).as<float>());
    });
  }

  /// All workers' counts come together in the first histogram of each value.
  void conclude(std::size_t samples) {
    std::vector<CalibrationPoint> points(m_wanted.size());
    parallelFor(m_wanted.size(), m_workers, [&](std::size_t k, unsigned) {
      RangeHistogram& all = m_histograms.front()[k];
      for (std::size_t w = 1; w < m_histograms.size(); ++w) {
        all.merge(m_histograms[w][k]);
        m_histograms[w][k] = RangeHistogram();
      }
      points[k].samples = samples;
      for (std::size_t m = 0; m < rangeMethods.size(); ++m)
        points[k].ranges[m] = rangeOf(all, rangeMethods[m]);
    });
    for (std::size_t i = 0; i < m_result.layers.size(); ++i) {
      LayerCalibration& layer = m_result.layers[i];
      const RangeHistogram& seen = m_histograms.front()[m_slotOfLayer[i]];
      if (seen.notFinite() > 0)
        throw Error(ErrorKind::Unsupported,
                    "layer '" + m_model.layer(layer.layer).name + "' reads " +
                        std::to_string(seen.notFinite()) +
                        " values that are not finite: its activations have no range to quantize");
      layer.values = seen.count();
      layer.history.push_back(points[m_slotOfLayer[i]]);
    }
  }

  const Model& m_model;
  const Executor& m_executor;
  const Dataset& m_data;
  unsigned m_workers;
  Calibration m_result;
  std::map<ValueId, std::size_t> m_slots;  ///< layers that read one value share its histogram
  std::vector<std::size_t> m_slotOfLayer;
  std::vector<ValueId> m_wanted;
  std::vector<std::vector<RangeHistogram>> m_histograms;  ///< by worker
};

}  // namespace

Calibration calibrate(const Model& model, const Executor& executor, const Dataset& data, std::size_t samples,
                      unsigned workers, const Progress& progress) {
  return Calibrator(model, executor, data, workers).run(samples, progress);
}

}  // namespace lapidary::core
