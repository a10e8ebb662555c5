// SPDX-License-Identifier: GPL-3.0-or-later
// The pruning of one layer: which weights go, in what shape, and by which ranking.
#pragma once

namespace lapidary::core {

enum class PruneMode {
  None,
  Threshold,  ///< zero where |w| < value
  Sparsity,   ///< zero the floor(value * n) weights of least score in this layer; ties by index
  Global,     ///< take part in Recipe::globalSparsity: one threshold over all layers in this mode
  Pattern,    ///< N:M: of every `of` neighbouring weights along the inputs keep the `keep` of greatest score
  Blocks,     ///< zero the floor(value * blocks) blocks of rows x columns weights of least score
  Channels,   ///< remove the floor(value * channels) output channels of least score, and all that belongs to
              ///< them in other layers: the model gets smaller, not sparser
  Heads,      ///< remove the floor(value * heads) attention heads of least score, likewise
};

/// How weights are scored; a group of weights by the sum over its weights.
enum class Criterion {
  Magnitude,    ///< |w|: the L1 norm of a group
  Squares,      ///< w^2: the squared L2 norm of a group
  Taylor,       ///< |w dL/dw| over calibration samples (Molchanov et al. 2017, first order)
  Wanda,        ///< |w| times the L2 norm of the input that it multiplies (Sun et al. 2023)
  Reconstruct,  ///< w^2 / [H^-1]_jj, the weights that stay make up for those that go (Frantar, Alistarh 2023)
};

struct Prune {
  PruneMode mode = PruneMode::None;
  double value =
      0;  ///< threshold in weight units (Threshold), else a share in [0, 1]; unused by Global, Pattern
  Criterion criterion = Criterion::Magnitude;  ///< Magnitude for Threshold
  int keep = 2, of = 4;                        ///< Pattern: 1 <= keep < of <= 64
  int rows = 1, columns = 4;  ///< Blocks, of the weight as a matrix of outputs x inputs: 1 to 256 each
  auto operator<=>(const Prune&) const = default;
};

/// Whether the mode makes tensors smaller instead of putting zeros into them.
constexpr bool removes(PruneMode mode) { return mode == PruneMode::Channels || mode == PruneMode::Heads; }

/// Whether the score comes from calibration samples.
constexpr bool needsSamples(Criterion criterion) {
  return criterion == Criterion::Taylor || criterion == Criterion::Wanda ||
         criterion == Criterion::Reconstruct;
}

}  // namespace lapidary::core
