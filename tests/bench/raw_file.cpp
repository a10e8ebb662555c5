// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/raw_file.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace lapidary::bench {

std::string dimsOf(const core::Tensor& tensor) {
  std::string text;
  for (const auto extent : tensor.shape()) text += (text.empty() ? "" : ",") + std::to_string(extent);
  return text;
}

RawFile::RawFile(const core::Tensor& tensor) {
  static int count = 0;
  const std::string name =
      "lapidary-bench-" + std::to_string(getpid()) + "-" + std::to_string(count++) + ".raw";
  m_path = (std::filesystem::temp_directory_path() / name).string();
  std::ofstream(m_path, std::ios::binary)
      .write(reinterpret_cast<const char*>(tensor.bytes().data()),
             static_cast<std::streamsize>(tensor.bytes().size()));
}

RawFile::~RawFile() {
  std::error_code ignored;
  std::filesystem::remove(m_path, ignored);
}

}  // namespace lapidary::bench
