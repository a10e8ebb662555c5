// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts one model by recipes that leave its graph alone: prune, then quantize, untouched tensors shared.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/compress/cut/global_cutoff.h"
#include "core/compress/cut/layer_cuts.h"
#include "core/compress/cut/output_errors.h"

namespace lapidary::core {

/// A plain recipe is one over no repaired weights that does not restructure (see structural_edits.h). All
/// functions that take a recipe throw Error(Usage) for any other. Thread-safe. Otherwise they are as
/// described in class Cutter.
class PlainCutter {
 public:
  /// Remembers at most `memoBytes` of results.
  PlainCutter(Model original, std::size_t memoBytes);
  /// Over a model that was made of another cutter's, which must outlive this one. Layers that are `shared`
  /// have the same weights and one memory with those of the parent, so that equal cuts are the same tensors.
  PlainCutter(Model reduced, const PlainCutter& parent, std::vector<bool> shared);
  PlainCutter(const PlainCutter&) = delete;
  PlainCutter& operator=(const PlainCutter&) = delete;

  const Model& original() const { return m_model; }
  std::size_t memoBytes() const { return m_memoBytes; }
  void calibrateWith(std::shared_ptr<CalibrationSource> source) { m_samples.set(std::move(source)); }

  Model apply(const Recipe& recipe, const Progress& progress,
              const std::function<void(std::size_t done, std::size_t total)>& onSamples) const;
  std::optional<CutWeight> cut(const Recipe& recipe, LayerId layer, const Progress& progress = {}) const;
  CutWeight cutAt(LayerId layer, const Cutoff& cutoff, const Quantize& quantize) const;
  std::optional<OutputErrors> outputErrors(const Recipe& recipe, LayerId layer) const;
  double threshold(const Recipe& recipe, LayerId layer) const;
  std::int64_t prunedZeros(const Recipe& recipe, LayerId layer) const;

  const Tensor& weight(LayerId layer) const { return m_layers.weight(layer); }
  const WeightStatistics& statistics(LayerId layer) const { return m_layers.statistics(layer); }
  std::vector<double> channelScores(LayerId layer, Criterion criterion, const Progress& progress) const;

 private:
  PlainCutter(Model model, std::size_t memoBytes, const PlainCutter* parent, std::vector<bool> shared);

  Cutoff cutoff(const Recipe& recipe, LayerId layer, const Progress& progress) const;
  std::optional<CutKey> keyOf(const Recipe& recipe, LayerId layer, const Progress& progress) const;
  std::vector<CutKey> keysOf(const Recipe& recipe, const Progress& progress) const;
  std::int64_t zerosByGradients(const Recipe& recipe, LayerId layer) const;

  Model m_model;
  std::size_t m_memoBytes;
  ModelSamples m_samples;
  LayerMemo m_layers;
  LayerCuts m_cuts;
  GlobalCutoff m_globalCutoff;
  OutputErrorMemo m_errors;
};

}  // namespace lapidary::core
