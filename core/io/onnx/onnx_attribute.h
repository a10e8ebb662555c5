// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX AttributeProto values to attributes of nodes.
#pragma once

#include <functional>
#include <memory>

#include "core/io/onnx/onnx_graph.h"

namespace onnx {
class NodeProto;
}

namespace lapidary::core {

struct AttributeReading {
  OnnxReading& reading;
  std::function<std::shared_ptr<const Graph>(onnx::GraphProto&)> readSubgraph;
};

/// Sparse tensors are made dense; type attributes are left out with a warning. Throws Error(InvalidInput).
void readAttributes(onnx::NodeProto& proto, Node& node, const AttributeReading& context);

}  // namespace lapidary::core
