// SPDX-License-Identifier: GPL-3.0-or-later
// The content of an ONNX file of a model: edited weights in place, integer weights with their
// DequantizeLinear, at an opset that has it all.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/model/model.h"

namespace lapidary::core {

struct OnnxContent {
  Graph graph;
  std::map<ValueId, DType> stored;  ///< initialisers that are written as another type than they have here
  std::vector<OpsetImport> opsets;
  std::int64_t irVersion = 0;
};

/// Copies no tensor and converts none. Throws Error(Unsupported) where the graph cannot be rewritten
/// for the opset that an encoding needs.
OnnxContent onnxContent(const Model& model);

}  // namespace lapidary::core
