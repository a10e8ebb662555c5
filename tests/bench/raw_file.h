// SPDX-License-Identifier: GPL-3.0-or-later
// A tensor's bytes in a file, for a script to read.
#pragma once

#include <string>

#include "core/model/tensor.h"

namespace lapidary::bench {

/// A file of this process's own, removed at the end.
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

/// "8,1,28,28"
std::string dimsOf(const core::Tensor& tensor);

}  // namespace lapidary::bench
