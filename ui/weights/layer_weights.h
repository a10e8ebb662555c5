// SPDX-License-Identifier: GPL-3.0-or-later
// The values that the weights view shows of one layer, computed off the GUI thread.
#pragma once

#include <memory>
#include <stop_token>

#include "core/session/session.h"
#include "ui/heatmap/map_pyramid.h"
#include "ui/weights/histogram.h"
#include "ui/weights/weight_layout.h"

namespace lapidary::ui {

/// A layer as it was opened, or as a repair left it: what edits are done to.
struct OriginalWeights {
  core::LayerId layer;
  std::string repaired;  ///< names the repaired weights; empty: the model's own
  core::Tensor values;   ///< Float32
  WeightLayout layout;
  Bins bins;
  std::shared_ptr<const core::Cutter> cutter;          ///< must not outlive the session
  const core::WeightStatistics* statistics = nullptr;  ///< of that cutter
  double colorLimit = 1;  ///< the magnitude that 99.5 % of the weights do not exceed
  std::shared_ptr<const MapPyramid> map;
};

/// The same layer as a recipe leaves it.
struct CutWeights {
  core::Recipe recipe;  ///< what was cut by: channels of other layers may take weights of this one along
  bool edited = false;
  double threshold = 0;  ///< 0 where nothing is pruned
  std::int64_t zeros = 0;
  core::Tensor values;
  std::shared_ptr<const core::WeightEncoding> encoding;  ///< null where not quantized
  int planes = 0;  ///< bits of the codes' magnitudes; 0 where not quantized
  Bins bins;
  std::shared_ptr<const MapPyramid> map, difference;
};

/// Bins of the histogram: odd, so that one stands astride zero.
constexpr int histogramBins = 119;

/// Throws core::Error where the weight cannot be had, core::Cancelled when stopped.
std::shared_ptr<const OriginalWeights> readOriginal(const core::Session& session, const core::Recipe& recipe,
                                                    core::LayerId layer, std::stop_token stop);
/// `recipe` is over the same weights as `original`.
std::shared_ptr<const CutWeights> readCut(const core::Recipe& recipe, const OriginalWeights& original,
                                          const core::Progress& progress);

}  // namespace lapidary::ui
