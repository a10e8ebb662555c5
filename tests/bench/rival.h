// ONNX Runtime in a process of its own, timed one run at a time so that runs can alternate with ours.
#pragma once

#include <optional>
#include <string>

#include "core/model/tensor.h"

namespace lapidary::bench {

class Rival {
 public:
  /// Starts node. Throws std::runtime_error where it cannot be had.
  Rival(const std::string& model, const core::Tensor& input, unsigned threads);
  ~Rival();
  Rival(const Rival&) = delete;
  Rival& operator=(const Rival&) = delete;

  /// Seconds of one run.
  double run();

 private:
  int m_process = -1;
  int m_toChild = -1;
  int m_fromChild = -1;
  std::string m_raw;
};

}  // namespace lapidary::bench
