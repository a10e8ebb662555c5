// SPDX-License-Identifier: GPL-3.0-or-later
// Elements of a tensor put in another order, cut out, and joined, whatever their type.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/model/tensor.h"

namespace lapidary::core {

/// A part of a tensor: along every axis the first index, the step (which may be negative), and how many.
struct TensorCut {
  std::vector<std::int64_t> start, step;
  Shape shape;
};

/// `axes` names each axis of the tensor once.
Tensor transposed(const Tensor& tensor, const std::vector<std::int64_t>& axes);

/// Every index of the cut lies inside the tensor.
Tensor cutOut(const Tensor& tensor, const TensorCut& cut);

/// The parts have one type, and one shape aside from `axis`.
Tensor joined(std::span<const Tensor> parts, std::size_t axis);

}  // namespace lapidary::core
