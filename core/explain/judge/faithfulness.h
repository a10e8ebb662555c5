// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a method of explaining says something about the model: measured, against a random map.
#pragma once

#include <cstddef>
#include <vector>

#include "core/explain/map/saliency_options.h"

namespace lapidary::core {

struct FaithfulnessRequest {
  std::size_t samples = 8;     ///< the first of the data's stratified order
  std::size_t steps = 20;      ///< of the curves
  std::size_t randomMaps = 4;  ///< a sample, for the baseline
  std::size_t noisyInputs = 3;
  double noiseRadius = 0.02;  ///< as a share of the input's range
  unsigned workers = 1;
  SaliencyOptions options;
};

/// Means over the samples.
struct Faithfulness {
  std::size_t samples = 0;
  std::vector<double> deletion, insertion;                 ///< curves, by share of positions hidden or shown
  double deletionArea = 0, insertionArea = 0;              ///< low and high are good
  double randomDeletionArea = 0, randomInsertionArea = 0;  ///< of random maps
  double sensitivity = 0;    ///< largest relative change of the map under small noise (Yeh et al. 2019)
  double topLayerKept = 0;   ///< rank correlation with the map of a model whose last layer is random,
  double allLayersKept = 0;  ///< and all layers (Adebayo et al. 2018)

  /// The map hardly depends on the weights: whatever it shows, it is not what the model learnt.
  bool failsRandomisation() const { return allLayersKept > 0.5; }
  bool failsDeletion() const { return deletionArea >= randomDeletionArea; }
  bool failsInsertion() const { return insertionArea <= randomInsertionArea; }
  bool fails() const { return failsRandomisation() || failsDeletion() || failsInsertion(); }
};

}  // namespace lapidary::core
