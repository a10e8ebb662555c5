// SPDX-License-Identifier: GPL-3.0-or-later
// The measurement that needs no data: a model's output on random inputs, before and after a cut.
#pragma once

#include <optional>

#include "core/analyze/outcome.h"
#include "core/analyze/trials/trial.h"
#include "core/run/executor.h"

namespace lapidary::core {

/// Seeded inputs in graph order: standard-normal numbers; tokens in the range of the embedding they
/// feed; ones for other whole numbers and booleans. Unknown dimensions get sensible sizes: `samples` for
/// the first, and for others what stands at the same position in pictures (3 x 224 x 224) and texts (16).
/// Nothing where the shape of an input is not known at all.
std::optional<std::vector<Tensor>> noiseInputs(const Model& model, std::int64_t samples);

/// The original's answers to noise inputs, to measure many cuts against. Holds a reference to the model.
class NoiseMeter {
 public:
  NoiseMeter(const Runnable& original, const Progress& progress);

  /// Noise and signal of the outputs, and the divergence where they are scores of classes; nothing where the
  /// model cannot be run on such inputs.
  std::optional<Trial> measure(const Runnable& cut, const Progress& progress) const;

 private:
  std::vector<Tensor> m_inputs, m_before;  ///< empty where there are none
};

/// Kind Noise; nothing where the model cannot be run on such inputs.
std::optional<Quality> noiseQuality(const Runnable& original, const Runnable& cut, const Progress& progress);

}  // namespace lapidary::core
