// ONNX Runtime in a process of its own, timed one run at a time so that runs can alternate with ours.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/tensor.h"
#include "tests/bench/node_process.h"

namespace lapidary::bench {

/// A tensor's bytes in a file of this process's own, removed at the end.
class RawFile {
 public:
  explicit RawFile(const core::Tensor& tensor);
  ~RawFile();
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;
  const std::string& path() const { return m_path; }

 private:
  std::string m_path;
};

/// One model and one batch.
class Rival {
 public:
  /// Starts node. Throws std::runtime_error where it cannot be had.
  Rival(const std::string& model, const core::Tensor& input, unsigned threads);

  /// Seconds of one run.
  double run();

 private:
  RawFile m_raw;
  NodeProcess m_process;
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
  NodeProcess m_process;
};

}  // namespace lapidary::bench
