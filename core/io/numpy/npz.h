// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy arrays: .npy and .npz (stored or deflated), read and written without running anything of them.
#pragma once

#include <map>
#include <string>

#include "core/files/bytes.h"
#include "core/model/tensor.h"

namespace lapidary::core {

/// Arrays by name. Throws Error(InvalidInput) for damage, object arrays (pickles) and absurd lengths.
std::map<std::string, Tensor> readNpz(const Bytes& bytes);
/// A little-endian C-order array is a view of the bytes.
Tensor readNpy(const Bytes& bytes);

/// Element types that NumPy lacks are widened without loss: bfloat16 to float32, int4 to int8.
std::vector<std::byte> writeNpy(const Tensor& tensor);
/// Equal arrays give equal bytes. Stored members have no extra fields and no data descriptors: the file
/// takes 22 bytes and, for each array, its .npy's and 76 + 2 * (length of name + 4).
void writeNpz(const std::map<std::string, Tensor>& arrays, const Append& append, bool deflate = false);

}  // namespace lapidary::core
