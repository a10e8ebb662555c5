// SPDX-License-Identifier: GPL-3.0-or-later
// Applies a recipe to a model: always from the original, prune before quantize, untouched tensors shared.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/compress/cut/cut_weight.h"
#include "core/compress/inputs/layer_inputs.h"
#include "core/compress/prune/weight_statistics.h"
#include "core/compress/recipe/recipe.h"
#include "core/compress/structure/channel_groups.h"
#include "core/model/model.h"
#include "core/support/progress.h"

namespace lapidary::core {

struct Cutoff;
class CutChain;  // core/compress/cut/cut_chain.h
class Cutter;
class PlainCutter;   // core/compress/cut/plain_cutter.h
struct ResolvedCut;  // core/compress/cut/cut_chain.h

/// A recipe over repaired weights, or one that removes channels or heads, asks for low rank, or equalises
/// layers, in two steps: the model with the changed graph or weights, and what is left to do to them. Its
/// layers keep the original's ids and names; second factors of low rank come behind them (see Layer::partOf).
struct ReducedCut {
  std::shared_ptr<const Cutter> cutter;  ///< over the changed model; null where it stays as it is
  Recipe rest;                           ///< for that cutter
  /// Sentences for layers that asked for low rank and are left as they are.
  std::map<LayerId, std::string> notes = {};
};

/// One original model and everything that is remembered to cut it quickly: statistics per layer
/// (built on first use) and recent results per (layer, edit), at most `memoBytes` of them.
/// Thread-safe; `apply` of the same recipe gives tensors with the same ids while remembered.
class Cutter {
 public:
  explicit Cutter(Model original, std::size_t memoBytes = std::size_t{256} << 20);
  /// Over a model that was made of another cutter's, which must outlive this one. Layers that are `shared`
  /// have the same weights and one memory with those of the parent, so that equal cuts are the same tensors.
  Cutter(Model reduced, const Cutter& parent, std::vector<bool> shared);
  ~Cutter();

  const Model& original() const;
  /// Names the source that methods learning from samples ask. To be called before the first cut; null: they
  /// are refused.
  void calibrateWith(std::shared_ptr<CalibrationSource> source);

  /// The model cut by the recipe. Throws Error(InvalidInput) if the recipe names a layer that the
  /// model does not have, or holds a value out of range; Error(Unsupported) naming the layer where
  /// weights that are not finite are to be quantized. An edit that changes nothing (threshold 0) leaves
  /// the original tensor. Where layers share one weight, the edit of the first of them counts.
  /// `onSamples` hears of the calibration samples seen, where methods need them that were not seen before:
  /// that takes a run of the model over all of them. Throws Error(Usage) where there are none.
  Model apply(const Recipe& recipe, const Progress& progress = {},
              const std::function<void(std::size_t done, std::size_t total)>& onSamples = {}) const;

  /// Gives what the recipe makes of one layer, from memory where `apply` made it; nothing where the layer
  /// stays as it is. Where the recipe changes the graph the values still have the original's shape: what is
  /// gone counts as zeros (the smaller weights themselves: reduce). Over repaired weights all is told against
  /// those, in their shape.
  std::optional<CutWeight> cut(const Recipe& recipe, LayerId layer, const Progress& progress = {}) const;

  /// Gives what the recipe does to the layer's output; nothing where the layer stays as it is, or where its
  /// inputs are not known (yet): never runs samples.
  std::optional<OutputErrors> outputErrors(const Recipe& recipe, LayerId layer) const;

  /// Tells what goes together when channels of this layer are removed, or why none can be; follows the
  /// channels of the whole model on first use (milliseconds), then a look-up.
  ChannelGroup channelGroup(LayerId layer) const;

  /// Why the layer cannot be pruned so; empty where it can. Quicker than channelGroup.
  std::string obstacleTo(PruneMode mode, LayerId layer) const;

  /// Of every output channel of a layer: the sum of its weights' scores, |w|, w^2 or |w dL/dw|. Runs samples
  /// for the last, where that was not done before. Throws Error(InvalidInput) for the other criteria, which
  /// compare weights of one output alone.
  std::vector<double> channelScores(LayerId layer, Criterion criterion, const Progress& progress = {}) const;

  /// The changed model that a recipe's structural edits lead to; remembered. Throws as `apply` does where
  /// they cannot be done.
  ReducedCut reduce(const Recipe& recipe, const Progress& progress = {}) const;

  /// Gives what the edits are done to, where that is repaired weights and not the original: their cutter, and
  /// the recipe that is left to it. No cutter for any other recipe. Throws Error(InvalidInput) where the
  /// recipe has but the name of the weights.
  ReducedCut rebased(const Recipe& recipe) const;

  /// Pruned by a cutoff that was found elsewhere, without order statistics of the layer, then quantized.
  CutWeight cutAt(LayerId layer, const Cutoff& cutoff, const Quantize& quantize) const;

  /// The original weights of a layer, Float32, in Layer::shape.
  Tensor weight(LayerId layer) const;
  /// Statistics of the original weights of a layer (sorted once, then O(log n) to ask).
  const WeightStatistics& statistics(LayerId layer) const;

  /// The magnitude below which `recipe` zeroes weights of this layer (0 where it does not prune, or by
  /// another criterion).
  double threshold(const Recipe& recipe, LayerId layer) const;
  /// Zeros of the layer after the recipe's pruning, weights that are zero in the original included, and those
  /// that are gone. O(log n). By a criterion that needs samples a forecast, which never runs them.
  std::int64_t prunedZeros(const Recipe& recipe, LayerId layer) const;

  /// The model that the recipe leads to, and what is left to do there. Every function here that takes a
  /// recipe begins with that, and leaves the rest to the plain cutter of what was found. Throws as `apply`
  /// does.
  ResolvedCut resolve(const Recipe& recipe, const Progress& progress = {}) const;

  /// The cutter of the original itself, which never asks another cutter.
  const PlainCutter& plain() const;

 private:
  explicit Cutter(std::unique_ptr<PlainCutter> plain);

  std::unique_ptr<PlainCutter> m_plain;
  std::unique_ptr<const CutChain> m_chain;
};

}  // namespace lapidary::core
