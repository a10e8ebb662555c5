// SPDX-License-Identifier: GPL-3.0-or-later
// The wrapper that joblib pickles in place of an array, whose numbers follow it in the stream.
#pragma once

#include <cstdint>
#include <optional>

#include "core/io/torch/pickle_trace.h"

namespace lapidary::core {

struct JoblibArray {
  std::uint64_t bytes = 0;  ///< of its numbers
  bool padded = false;      ///< a byte that counts padding, and that padding, stand before them
  bool pickled = false;     ///< a pickle of objects follows in their place
};

/// Nothing where the value is no such wrapper, or does not say how much follows.
std::optional<JoblibArray> joblibArray(const PickleTrace& pickle, PickleId id);

}  // namespace lapidary::core
