// SPDX-License-Identifier: GPL-3.0-or-later
// NumPy arrays: .npy and .npz (stored or deflated), read and written without running anything of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/files/bytes.h"
#include "core/model/tensor.h"

namespace lapidary::core {

/// An array of a type without a DType, as it lies in the file; in the order of C.
struct OtherArray {
  std::string descr;  ///< the type in NumPy's words: "<c8", "<U5"
  Shape shape;
  Bytes bytes;
};

/// What an archive holds besides plain numbers, too.
struct NpzContent {
  std::map<std::string, Tensor> arrays;
  std::map<std::string, OtherArray> others;
  std::vector<std::string>
      leftOut;  ///< members that are no arrays, or arrays that are not read, with the reason
};
/// Throws Error(InvalidInput) for damage and absurd lengths. Object arrays (pickles) and records are left
/// out.
NpzContent readWholeNpz(const Bytes& bytes);

/// Arrays by name. Throws Error(InvalidInput) for damage, object arrays (pickles) and absurd lengths.
std::map<std::string, Tensor> readNpz(const Bytes& bytes);
/// A little-endian C-order array is a view of the bytes.
Tensor readNpy(const Bytes& bytes);

/// Element types that NumPy lacks are widened without loss: bfloat16 to float32, int4 to int8, floats of 8
/// and 4 bits to float16 (powers of two alone to float32).
std::vector<std::byte> writeNpy(const Tensor& tensor);
std::vector<std::byte> writeNpy(const OtherArray& array);
/// The type that is written for one.
DType numpyType(DType type);
/// Equal arrays give equal bytes. Stored members have no extra fields and no data descriptors: the file
/// takes 22 bytes and, for each array, its .npy's and 76 + 2 * (length of name + 4).
void writeNpz(const std::map<std::string, Tensor>& arrays, const Append& append, bool deflate = false,
              const std::map<std::string, OtherArray>& others = {});

}  // namespace lapidary::core
