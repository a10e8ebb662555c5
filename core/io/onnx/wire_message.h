// SPDX-License-Identifier: GPL-3.0-or-later
// A protobuf message under construction whose tensors are not copied into it: its exact size is known before
// any byte of them is written. By hand: protobuf's classes hold a copy of every tensor and end at 2 GB.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/bytes.h"
#include "core/io/common/file_parts.h"
#include "core/model/tensor.h"

namespace lapidary::core {

/// Fields are appended in the order of the calls (protobuf.dev, "Encoding").
class WireMessage {
 public:
  void addVarint(std::uint32_t field, std::int64_t value);
  void addFloat(std::uint32_t field, float value);
  void addText(std::uint32_t field, std::string_view value);
  void addMessage(std::uint32_t field, WireMessage&& message);
  /// The bytes of `tensor` converted to `stored`; converted only when written. `name` goes into the parts.
  void addTensorBytes(std::uint32_t field, const std::string& name, const Tensor& tensor, DType stored);

  std::uint64_t size() const { return m_size; }
  void write(const Append& append) const;
  const std::vector<FilePart>& parts() const { return m_pieces; }

 private:
  void putVarint(std::uint64_t value);
  void putTag(std::uint32_t field, std::uint32_t type) { putVarint((std::uint64_t{field} << 3) | type); }
  void put(std::string_view bytes);
  std::string& tail();

  std::vector<FilePart> m_pieces;
  std::uint64_t m_size = 0;
};

}  // namespace lapidary::core
