// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of a layer as cells of a map: values, differences, and single bits of their codes.
#pragma once

#include <memory>

#include "core/model/model.h"
#include "ui/heatmap/cell_source.h"
#include "ui/weights/weight_layout.h"

namespace lapidary::ui {

/// `values` Float32.
std::shared_ptr<const CellSource> weightCells(const WeightLayout& layout, const core::Tensor& values);
/// `after` minus `before`, both Float32 of the same shape.
std::shared_ptr<const CellSource> differenceCells(const WeightLayout& layout, const core::Tensor& before,
                                                  const core::Tensor& after);
/// Bit `plane` (0 the lowest) of the magnitude of code minus zero point: 0 or 1.
std::shared_ptr<const CellSource> bitPlaneCells(const WeightLayout& layout,
                                                const core::WeightEncoding& encoding, int plane);
/// Bits that the largest magnitude of the encoding's codes needs; at least 1.
int magnitudeBits(const core::WeightEncoding& encoding);

}  // namespace lapidary::ui
