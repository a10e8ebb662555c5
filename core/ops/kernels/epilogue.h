// SPDX-License-Identifier: GPL-3.0-or-later
// The epilogue that is fused behind a matrix product: channel scale and shift, residual, activation, over
// row-major rows.
#pragma once

#include "core/ops/op.h"

namespace lapidary::core {

/// Applies `activation` to contiguous floats.
void applyActivation(float* values, std::int64_t count, const Fusion& fusion);

/// A Fusion whose channel is the last axis, checked against the output it is meant for.
class Epilogue {
 public:
  /// `fusion` may be null (nothing to do); it must outlive the epilogue. Throws Error where scale, shift
  /// or residual do not fit the shape.
  Epilogue(const Fusion* fusion, const Shape& output);

  bool empty() const { return m_fusion == nullptr; }
  /// `values` holds rows [firstRow, firstRow + rows) of the output.
  void apply(float* values, std::int64_t firstRow, std::int64_t rows) const;

 private:
  const Fusion* m_fusion;
  std::int64_t m_channels = 1;
  Tensor m_scale, m_shift, m_residual;  ///< Float32, plain, or undefined
};

/// The fusion applied to a whole tensor of any type, computed in double (integers are exact to 2^53).
Tensor fused(const Tensor& tensor, const Fusion* fusion);

}  // namespace lapidary::core
