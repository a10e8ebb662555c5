// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of tensors along one axis, and a memory of them, so that equal parts are the same tensor.
#pragma once

#include <mutex>
#include <span>

#include "core/model/tensor.h"
#include "core/support/ids.h"
#include "core/support/recent_map.h"

namespace lapidary::core {

/// The positions `kept` of an axis, in that order; any dtype.
Tensor sliceOf(const Tensor& tensor, std::size_t axis, std::span<const std::size_t> kept);
/// The reverse: a Float32 tensor of `size` positions along the axis, +0 where nothing was kept.
Tensor spreadOver(const Tensor& tensor, std::size_t axis, std::size_t size,
                  std::span<const std::size_t> kept);

/// Thread-safe; least recently used first out, within a budget of bytes.
class SliceMemo {
 public:
  explicit SliceMemo(std::size_t budgetBytes) : m_slices({.bytes = budgetBytes}) {}
  Tensor slice(const Tensor& tensor, std::size_t axis, std::span<const std::size_t> kept);

 private:
  std::mutex m_mutex;
  RecentMap<Key, Tensor> m_slices;
};

}  // namespace lapidary::core
