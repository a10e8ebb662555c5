// SPDX-License-Identifier: GPL-3.0-or-later
// IDX arrays (the format of the MNIST files), plain or gzipped.
#pragma once

#include <span>

#include "core/files/bytes.h"
#include "core/model/tensor.h"

namespace lapidary::core {

/// Whether the leading bytes are an IDX header, or a gzip header (which may hold one).
bool looksLikeIdx(std::span<const std::byte> bytes);

/// Numbers converted from big-endian; a plain file of bytes is a view. Throws Error(InvalidInput) if the
/// header and the number of bytes disagree.
Tensor readIdx(const Bytes& bytes);

}  // namespace lapidary::core
