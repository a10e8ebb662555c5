// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors of PyTorch as they are described, views of storages, made into the arrays of a file: each storage
// once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/io/common/stored_arrays.h"
#include "core/io/torch/torch_view.h"

namespace lapidary::core {

/// How codes stand for numbers: (code - zero point) * scale.
struct TorchQuantizer {
  std::vector<double> scales, zeroPoints;  ///< one each, or as many as the axis has channels
  int axis = -1;
};

struct TorchTensor {
  std::string name;
  TorchType type;
  std::string key;  ///< of the storage
  Bytes storage;
  TorchView view;
  std::optional<TorchQuantizer> quantizer = {};
};

/// Throws Error(InvalidInput) where a view leaves its storage.
FileArrays torchArrays(const std::vector<TorchTensor>& tensors);

}  // namespace lapidary::core
