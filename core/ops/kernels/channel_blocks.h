// SPDX-License-Identifier: GPL-3.0-or-later
// Activations N x C x spatial whose channels lie in blocks (nChw8c and kin) or one by one (plain).
#pragma once

#include <optional>

#include "core/ops/kernels/onednn.h"

namespace lapidary::core {

/// Element (n, c, s) stands at ((n * blocks + c / block) * spatial + s) * block + c % block. Plain float
/// activations have blocks of one channel. Channels that pad the last block are zero, as oneDNN wants.
struct ChannelBlocks {
  std::int64_t batch = 0, channels = 0, blocks = 0, spatial = 0, block = 1;
  const float* data = nullptr;

  /// First element of block `b` of sample `n`.
  const float* plane(std::int64_t n, std::int64_t b) const {
    return data + (n * blocks + b) * spatial * block;
  }
  /// Channels that block b really holds.
  std::int64_t channelsIn(std::int64_t b) const { return std::min(block, channels - b * block); }
};

/// Nothing for other layouts, other types and ranks below 2; the activation must outlive the view.
std::optional<ChannelBlocks> channelBlocks(const Activation& activation);
/// The activation itself where channelBlocks can view it, else its plain form.
Activation viewable(const Activation& activation);

/// A fresh Float32 activation of that shape (same batch and channels) in the same kind of layout.
FreshActivation allocateLike(const Activation& activation, const Shape& shape);

}  // namespace lapidary::core
