// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX Runtime in a process of its own, timed one run at a time so that runs can alternate with ours.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/tensor.h"
#include "tests/bench/raw_file.h"
#include "tests/bench/script_process.h"

namespace lapidary::bench {

/// One model and one batch.
class Rival {
 public:
  /// Starts node. Throws std::runtime_error where it cannot be had.
  Rival(const std::string& model, const core::Tensor& input, unsigned threads);

  /// Seconds of one run.
  double run();

 private:
  RawFile m_raw;
  ScriptProcess m_process;
};

/// Many models over the same samples, which it reads once.
class ScanRival {
 public:
  struct Answer {
    double seconds = 0;  ///< making the session and running all samples
    std::vector<std::int64_t> top1;
  };

  /// `samples` are stacked along the first axis.
  ScanRival(const core::Tensor& samples, unsigned threads);

  Answer run(const std::string& model, std::size_t batch);

 private:
  RawFile m_raw;
  ScriptProcess m_process;
};

}  // namespace lapidary::bench
