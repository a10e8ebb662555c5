// SPDX-License-Identifier: GPL-3.0-or-later
// The streaming decoders of zlib, bzip2, xz, zstd and lz4 behind one face.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "core/audit/parts/content_kind.h"

namespace lapidary::core {

class StreamDecoder {
 public:
  enum class State { More, End, Damaged, Hungry };
  struct Step {
    std::size_t taken = 0, given = 0;
    State state = State::More;
  };

  virtual ~StreamDecoder() = default;
  /// Takes some of `in` and gives some of `out`. With both 0 and More it waits for further bytes.
  virtual Step step(std::span<const std::byte> in, std::span<std::byte> out) = 0;
};

/// Null where the library has no memory for it.
std::unique_ptr<StreamDecoder> streamDecoder(ContentKind kind);

}  // namespace lapidary::core
