// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the operator cases of Debian's libonnx-testdata: a model, its inputs, and the outputs it must give.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lapidary::core::testing {

/// The folder of the package's groups of cases ("node", "simple", ...); empty where it is not installed.
std::filesystem::path onnxCaseFolder(const std::string& group);

/// Names of the cases of a folder without their leading "test_", sorted.
std::vector<std::string> onnxCaseNames(const std::filesystem::path& folder);

struct CaseResult {
  bool passed = false;
  std::string reason;  ///< why not
};

/// Reads the case and runs its nodes one after the other through the operator table, for every data
/// set; where a node has subgraphs, the executor runs the case. Floats must agree within 1e-3 relative or
/// 1e-7 absolute, everything else exactly. With `upgradeTo` the graph is first rewritten for that opset; the
/// reason of a refusal begins with "refused".
CaseResult runOnnxCase(const std::filesystem::path& folder, const std::string& name,
                       std::int64_t upgradeTo = 0);

}  // namespace lapidary::core::testing
