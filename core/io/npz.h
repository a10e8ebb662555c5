// NumPy arrays: .npy and .npz (stored or deflated), read and written without running anything of them.
#pragma once

#include <map>
#include <string>

#include "core/io/bytes.h"
#include "core/model/tensor.h"

namespace lapidary::core {

/// Arrays by name, in no order. Stored little-endian C-order members of a mapped file are views of it.
/// Throws Error(InvalidInput) for damage, object arrays (pickles) and absurd lengths.
std::map<std::string, Tensor> readNpz(const Bytes& bytes);
Tensor readNpy(const Bytes& bytes);

std::vector<std::byte> writeNpy(const Tensor& tensor);
void writeNpz(const std::map<std::string, Tensor>& arrays, const Append& append, bool deflate = false);

}  // namespace lapidary::core
