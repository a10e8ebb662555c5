// SPDX-License-Identifier: GPL-3.0-or-later
// A matrix of 8-bit codes times a constant one, in integers.
#pragma once

#include <optional>

#include "core/ops/op.h"

namespace lapidary::core {

/// Rows of A times columns of B; everything before A's last axis counts as rows.
struct Int8Product {
  Shape output;
  std::int64_t rows = 0, depth = 0, columns = 0;
  bool columnsFirst = false;  ///< B is [columns, depth]
};

/// Nothing where A or B has no codes, or no fast and exact integer kernel fits; the caller computes in float
/// then. Input 2, where there is one, is a vector of the columns.
std::optional<Activation> runInt8Product(const OpCall& call, const Int8Product& product);

}  // namespace lapidary::core
