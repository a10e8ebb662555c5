// SPDX-License-Identifier: GPL-3.0-or-later
// The single checks that make up the audit of the weights; each adds what it finds.
#pragma once

#include <string>
#include <vector>

#include "core/audit/rules/finding.h"
#include "core/model/model.h"
#include "core/support/progress.h"

namespace lapidary::core {

/// A layer's weight in Float32, as it is multiplied with.
struct AuditedLayer {
  std::string name;  ///< of the layer
  std::string opType;
  Tensor weight;
  int channelAxis = 0;
  LayerId id = {};
};

/// A constant of the graph as it is stored.
struct AuditedTensor {
  std::string name;
  Tensor tensor;
  bool isWeight = false;  ///< a node of a graph multiplies by it or adds it as its bias
};

/// Infinite or not-a-number, of all floating constants. Infinities of constants that are no weights mean
/// something where they stand alone, beside one other value, or on one side in a tenth of the places and
/// more: bounds, and masks of attention.
void findNotFinite(const std::vector<AuditedTensor>& tensors, std::vector<Finding>& findings);

/// All-zero channels, and channels that only zeros read (followed through the graph as channel pruning does).
void findDeadChannels(const Model& model, const std::vector<AuditedLayer>& layers,
                      std::vector<Finding>& findings);

/// Channels equal to the bit, and by cosine above 0.9999 where a channel has at least 9 weights; near ones
/// are searched in layers of up to 2,048 channels.
void findDuplicateChannels(const AuditedLayer& layer, std::vector<Finding>& findings);

/// A weight counts where its robust z-score, |w - median| / (1.4826 MAD) (Iglewicz, Hoaglin 1993), is above
/// 60 and it is more than 80 times as far from the median as the 99.9th percentile of the layer: twice the
/// greatest of the clean models that this program is tested with. In layers of at least 64 weights, half of
/// them not zero.
void findOutliers(const AuditedLayer& layer, std::vector<Finding>& findings);

/// Stable rank and condition of the spectrum, as logarithms: log(|W|_F^2 / s_1^2) and log(s_1 / median s),
/// less the medians of the layers of the same kind, over 1.4826 MAD (at least 0.25): above 6 counts. Of kinds
/// with at least 5 layers that are 8 wide and at most 4,096 (Martin, Mahoney 2021, for spectra as signs of
/// training).
void findOddSpectra(const std::vector<AuditedLayer>& layers, const Progress& progress, unsigned workers,
                    std::vector<Finding>& findings);

/// Text and beginnings of files, in the lowest 1, 2, 3, 4, 8, 16 and 24 bits of neighbouring Float32 weights,
/// from the lowest bit or from the highest of them, at any bit.
void findHiddenFiles(const std::vector<AuditedTensor>& tensors, const Progress& progress, unsigned workers,
                     std::vector<Finding>& findings);

/// The statistics of the bits of one Float32 tensor: windows of 4,096 weights, evenness tested at 1e-9. The
/// lowest two bits are left out of it: where weights were added up (folded norms, merged branches) rounding
/// made them uneven.
void findUnevenBits(const AuditedTensor& tensor, std::vector<Finding>& findings);

}  // namespace lapidary::core
