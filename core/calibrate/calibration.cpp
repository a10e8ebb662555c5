#include "core/calibrate/calibration.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/compress/quantize/quantize_activations.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// How far the ends of `a` lie from those of `b`, as a share of b's width.
double moved(const ActivationRange& a, const ActivationRange& b) {
  const double most = std::max(std::abs(a.low - b.low), std::abs(a.high - b.high));
  const double width = b.high - b.low;
  return most == 0 ? 0 : width > 0 ? most / width : 1;
}

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
      std::vector<std::size_t> places(m_data.order().begin() + static_cast<std::ptrdiff_t>(from),
                                      m_data.order().begin() + static_cast<std::ptrdiff_t>(to));
      if (fixed > 0) places.resize(chunk, places.back());
      RunOptions options;
      options.wanted = m_wanted;
      options.stop = progress.stop;
      const RunResult result = m_executor.run(m_model, m_data.inputs(places), options);
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

const ActivationRange& LayerCalibration::range(RangeMethod method) const {
  if (history.empty()) throw Error(ErrorKind::InvalidInput, "calibration needs at least one sample");
  return history.back().ranges[static_cast<std::size_t>(method)];
}

Convergence LayerCalibration::convergence(RangeMethod method) const {
  constexpr double still = 0.01;
  const auto m = static_cast<std::size_t>(method);
  const ActivationRange& last = range(method);
  Convergence result;
  if (history.size() < 2) return {0, 1, true};
  result.lastMove = moved(history[history.size() - 2].ranges[m], last);
  std::size_t first = history.size() - 1;
  while (first > 0 && moved(history[first - 1].ranges[m], last) < still) --first;
  result.settledAfter = first + 1 < history.size() ? history[first].samples : 0;
  result.moreHelps = result.settledAfter == 0 || 2 * result.settledAfter > history.back().samples;
  return result;
}

const LayerCalibration* Calibration::of(LayerId layer) const {
  const auto it = std::ranges::find(layers, layer, &LayerCalibration::layer);
  return it == layers.end() ? nullptr : &*it;
}

Calibration calibrate(const Model& model, const Executor& executor, const Dataset& data, std::size_t samples,
                      unsigned workers, const Progress& progress) {
  return Calibrator(model, executor, data, workers).run(samples, progress);
}

}  // namespace lapidary::core
