// SPDX-License-Identifier: GPL-3.0-or-later
// Turning pairs of elements of each head by angles that depend on the position (Su et al. 2021).
#pragma once

#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// The angles by their cosines and sines, and which of them each position takes.
struct Rotation {
  Tensor cosines, sines;           ///< Float32 [rows, pairs]
  std::vector<std::int64_t> rows;  ///< by batch and position
  bool interleaved = false;        ///< pairs are neighbours; else halves of what is turned
  bool backwards = false;
};

/// [batch, heads, length, size] in Float32 with the first 2 * pairs elements of every head turned. Throws
/// Error(InvalidInput) where the angles do not fit, or a row is missing.
Tensor rotated(const Tensor& heads, const Rotation& rotation);

}  // namespace lapidary::core
