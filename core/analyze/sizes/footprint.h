// SPDX-License-Identifier: GPL-3.0-or-later
// The size of the file and of every layer under a recipe: exact bytes, zeros, bits, signal-to-noise.
#pragma once

#include <map>
#include <mutex>

#include "core/analyze/outcome.h"
#include "core/compress/cut/cutter.h"
#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary_forecast.h"

namespace lapidary::core {

/// The format whose sizes are shown: ONNX, or for a model without a graph its own (safetensors where
/// that one is only read).
const Format& sizeFormat(const Model& model);

/// Bytes of the weight as it is stored: its elements, or codes with scales, zero points, offsets and factors
/// of inputs.
std::uint64_t storedBytes(const Model& model, const Layer& layer);

/// Footprints of recipes over one cutter, which must outlive it. Thread-safe.
class FootprintMeter {
 public:
  explicit FootprintMeter(const Cutter& cutter) : m_cutter(cutter) {}

  /// Exact, from what the cutter remembers: no pass over weights that did not change. `progress` hears of
  /// calibration samples, where the cut needs them.
  Footprint measure(const Recipe& recipe, const Progress& progress = {}) const;

  /// Gives the bytes of the cut in every form, its weights packed as they would be written: by `workers`
  /// threads, and remembered by tensor.
  FileSizes forms(const Model& cut, unsigned workers, const Progress& progress) const;
  /// Of these the total of the .lapidary file alone.
  std::uint64_t lapidaryBytes(const Model& cut, unsigned workers, const Progress& progress) const;

 private:
  /// `unedited`: the layer's weight where the recipe leaves it as it is.
  LayerFootprint layerFootprint(const Recipe& recipe, const Model& cut, LayerId layer,
                                const Tensor& unedited) const;
  void measureReduced(const Recipe& recipe, const ReducedCut& reduced, const Model& cut,
                      Footprint& footprint) const;
  std::int64_t zerosOf(const Tensor& weight) const;

  const Cutter& m_cutter;
  mutable std::once_flag m_beforeOnce;
  mutable std::uint64_t m_before = 0;
  mutable std::vector<std::uint64_t> m_layersBefore;
  mutable std::mutex m_mutex;
  SizeForecaster m_forecaster;
  mutable std::map<TensorId, std::int64_t> m_zeros;  ///< of weights that no edit has touched
};

}  // namespace lapidary::core
