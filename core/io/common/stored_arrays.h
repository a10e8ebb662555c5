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
  std::vector<KeptTensor> kept = {};          ///< by rising name
  std::vector<TiedName> ties = {};
};

/// Weights under the names of their values; edited ones in the type that the file they came from had. Tensors
/// that were kept and further names as they were.
StoredModel storedArrays(const Model& model);

/// An array of a file that was read, in the order in which its layers shall stand.
struct NamedTensor {
  std::string name;
  Tensor tensor;
};

/// What was read of a file without a graph.
struct FileArrays {
  std::vector<NamedTensor> tensors;
  std::map<std::string, EncodingNote> notes = {};
  std::vector<KeptTensor> kept = {};
  std::vector<TiedName> ties = {};
  std::vector<std::string> training = {};  ///< names of what was left out as kept for training alone
  std::vector<Warning> warnings = {};
  std::map<std::string, std::string> metadata = {};
};

/// A model without nodes. Arrays that the notes tie together become one Float32 weight with its encoding.
/// What is kept for training alone is left out (training_state.h). Throws Error(InvalidInput) where parts do
/// not fit each other, or nothing but such state is there.
Model modelOfArrays(FileArrays file);

/// The first few names and how many more there are.
std::string shortList(const std::vector<std::string>& names, std::size_t shown = 6);

}  // namespace lapidary::core
