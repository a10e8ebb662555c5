// SPDX-License-Identifier: GPL-3.0-or-later
// An ONNX GraphProto to a graph: names resolved, definitions unique, nodes in an order that can run.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/io/onnx/onnx_external.h"
#include "core/model/model.h"
#include "core/support/progress.h"

namespace onnx {
class GraphProto;
}

namespace lapidary::core {

/// The state that is shared while one file is read.
struct OnnxReading {
  ExternalFiles& files;
  std::vector<Warning>& warnings;
  const Progress& progress;
  const Bytes& file;
  /// By initialiser of the main graph: the raw values that its proto was parsed without; empty: it has them.
  std::vector<std::span<const std::byte>> values;
  std::vector<std::string> kept = {};  ///< what is of a type without a DType: "'labels' (string)"
};

/// Takes the tensors' bytes out of the proto. Throws Error(InvalidInput) for undefined or doubly
/// defined names, cycles, text that is not UTF-8, and tensors that do not fit their shapes.
std::shared_ptr<Graph> readGraphProto(onnx::GraphProto& proto, OnnxReading& reading);

}  // namespace lapidary::core
