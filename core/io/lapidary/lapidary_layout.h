// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of a file: which parts are packed one by one and which stay together, and the manifest that
// tells of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/files/bytes.h"
#include "core/io/common/file_parts.h"
#include "core/io/lapidary/lapidary_block.h"

namespace lapidary::core {

/// Names of the members.
inline constexpr const char* skeletonMember = "lapidary.skeleton";
inline constexpr const char* manifestMember = "manifest.json";

/// A tensor of the parts that has a block of its own.
struct LaidTensor {
  std::size_t part;  ///< its index among the parts
  std::uint64_t at;  ///< its first byte in the file
};

struct FileLayout {
  std::string_view payload;  ///< "onnx" or "safetensors"
  std::vector<FilePart> parts;
  std::vector<LaidTensor> tensors;
  std::vector<std::byte> skeleton;  ///< everything else, tensors that are too small to gain included
  std::uint64_t bytes = 0;
};

FileLayout layoutOfFile(const Model& model);
FileLayout layoutOfParts(std::string_view payload, std::vector<FilePart> parts);

/// The whole .lapidary file: in memory, or at `path`, mapped, with no more than a few tensors in memory.
Bytes packedFile(FileLayout layout, Packing packing, const std::string& path, const Progress& progress);

/// Without the bytes: what the manifest tells of a tensor.
struct PackedTensor {
  std::string block;
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;  ///< of the tensor's bytes as they stand in the file
};

/// The bytes of a part's tensor as a block.
Block packPart(const FilePart& part, Packing packing, PackedTensor& packed, const Progress& progress);

/// Writes down one tensor after another and says in which member its bytes go.
class ManifestWriter {
 public:
  explicit ManifestWriter(const FileLayout& layout, const Block& skeleton);

  /// Members are filled to 64 KiB before the next one begins: their headers take bytes too.
  unsigned add(const LaidTensor& tensor, const PackedTensor& packed);
  std::string finish(const std::string& sha256) &&;

 private:
  const FileLayout& m_layout;
  std::string m_text;
  unsigned m_member = 0;
  std::uint64_t m_filled = 0;
  bool m_any = false;
};

/// The content of a tensor's record, read back and checked by itself.
struct TensorRecord {
  std::string name;
  unsigned bits = 0;
  Shape shape;
  std::uint64_t at = 0;
  std::uint64_t member = 0;
  std::uint32_t crc = 0;
  std::string block;

  std::size_t count() const { return static_cast<std::size_t>(elementCount(shape)); }
  std::uint64_t bytes() const { return (count() * bits + 7) / 8; }
};

struct Manifest {
  std::string payload, sha256, skeleton;
  std::uint64_t bytes = 0, skeletonBytes = 0;
  std::vector<TensorRecord> tensors;
};

/// Throws Error(InvalidInput) where anything but positions that overlap is wrong: those need the skeleton.
Manifest parseManifest(std::string_view text);

}  // namespace lapidary::core
