// SPDX-License-Identifier: GPL-3.0-or-later
// A model's weights as named arrays, for formats without a graph: an integer weight becomes several arrays
// and a note, and comes back from them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

/// One array of a file. `stored` may differ from the tensor's type: it is converted on writing.
struct StoredArray {
  std::string name;
  Tensor tensor;
  DType stored = DType::Float32;
};

/// The note of what the arrays of an integer weight do not tell: `<name>` holds the codes, `<name>.scale`,
/// `<name>.zero_point` and, where they exist, `<name>.offset`, `<name>.codebook` and `<name>.input_scale` the
/// rest of WeightEncoding.
struct EncodingNote {
  unsigned bits = 8;
  int axis = -1;
  bool offsetEverywhere = false;
  std::int64_t blockSize = 0;
};

struct StoredModel {
  std::vector<StoredArray> arrays;            ///< by rising name
  std::map<std::string, EncodingNote> notes;  ///< by name of the weight
};

/// Weights under the names of their values; edited ones in the type that the file they came from had.
StoredModel storedArrays(const Model& model);

/// An array of a file that was read, in the order in which its layers shall stand.
struct NamedTensor {
  std::string name;
  Tensor tensor;
};

/// A model without nodes. Arrays that `notes` tie together become one Float32 weight with its encoding.
/// Throws Error(InvalidInput) where they do not fit each other.
Model modelOfArrays(std::vector<NamedTensor> arrays, const std::map<std::string, EncodingNote>& notes);

}  // namespace lapidary::core
