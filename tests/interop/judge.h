// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX Runtime as an independent judge, run through node.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/tensor.h"

namespace lapidary::tests {

struct JudgeJob {
  std::string modelPath;
  std::vector<std::pair<std::string, core::Tensor>> inputs;
  /// The first input is fed frame by frame along its first dimension, and each output gives all frames.
  bool framed = false;
  std::vector<std::pair<std::string, std::string>> feedback = {};  ///< output of a frame, input of the next
  /// How far the model is rewritten before it runs: "disabled", "basic", "extended", or by default "all".
  std::string level = "all";
  int threads = 1;
};

struct Judgement {
  std::vector<core::Tensor> outputs;  ///< Float32; none where it failed
  std::string error;
};

/// Why the judge cannot be asked ("skipped: ..."), or nothing.
std::optional<std::string> judgeMissing();

/// Runs every job in one process; `folder` takes the files that go between.
std::vector<Judgement> judge(const std::vector<JudgeJob>& jobs, const std::string& folder);

}  // namespace lapidary::tests
