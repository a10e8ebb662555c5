// SPDX-License-Identifier: GPL-3.0-or-later
// External data of an ONNX model: only regular files of the model's own folder, or of the one that both are
// linked to, mapped, never copied.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/files/bytes.h"

namespace onnx {
class TensorProto;
}

namespace lapidary::core {

class ExternalFiles {
 public:
  /// An empty folder allows no external data. `realFolder`: see ReadSource.
  explicit ExternalFiles(std::string folder, std::string realFolder = {})
      : m_folder(std::move(folder)), m_realFolder(std::move(realFolder)) {}

  /// The bytes that a tensor's external_data entries name; `expected` where they give no length.
  /// Throws Error(InvalidInput).
  Bytes read(const onnx::TensorProto& proto, std::size_t expected);

  /// Bytes of all files that were read.
  std::uint64_t fileBytes() const;
  bool used() const { return !m_files.empty(); }

 private:
  const Bytes& file(const std::string& location);

  std::string m_folder, m_realFolder;
  std::map<std::string, Bytes> m_files;  ///< by location as the model names it
};

}  // namespace lapidary::core
