// SPDX-License-Identifier: GPL-3.0-or-later
// Local functions of an ONNX file: their bodies take the place of the nodes that call them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace onnx {
class ModelProto;
}

namespace lapidary::core {

/// What was put into the graph.
struct InlinedFunctions {
  std::vector<std::string> called;    ///< "my.lib::LinearRelu", in the order of the file
  std::vector<std::string> uncalled;  ///< likewise; they are left out
  /// By the first output of a node: the version of the standard operators for which its function was written.
  std::map<std::string, std::int64_t> opsets;
};

/// Nodes of functions get names behind that of their call; values that nobody outside sees likewise, and none
/// clashes with another. Attributes that a body refers to are those of the call, else the function's own
/// defaults, else absent. The model has no functions afterwards, and imports what their bodies need. Throws
/// Error(InvalidInput) for a function that calls itself, for calls that do not fit, and for bodies that
/// unfold to very much more than the file.
InlinedFunctions inlineFunctions(onnx::ModelProto& model);

}  // namespace lapidary::core
