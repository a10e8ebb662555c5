// SPDX-License-Identifier: GPL-3.0-or-later
// A model's file as pieces of text with tensors between them, before anything of it is converted or written.
#pragma once

#include <string>
#include <vector>

#include "core/io/common/stored_arrays.h"
#include "core/model/model.h"

namespace lapidary::core {

/// Text, then the bytes of a tensor as they are stored (undefined: none).
struct FilePart {
  std::string text;
  std::string name;  ///< of the tensor; empty for one without
  Tensor tensor;
  DType stored = DType::Float32;

  std::uint64_t tensorBytes() const { return tensor.defined() ? byteCount(stored, tensor.size()) : 0; }
};

/// Joined, they are what writeOnnx and writeSafetensors write; throw as those do.
std::vector<FilePart> onnxParts(const Model& model);
std::vector<FilePart> safetensorsParts(const Model& model);

/// Of arrays that were made elsewhere, by rising name.
std::vector<FilePart> safetensorsParts(const StoredModel& arrays,
                                       const std::map<std::string, std::string>& metadata);

}  // namespace lapidary::core
