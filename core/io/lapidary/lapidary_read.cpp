// SPDX-License-Identifier: GPL-3.0-or-later
// Reading .lapidary files back to the bytes that were packed.
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/files/zip_directory.h"
#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary.h"
#include "core/io/lapidary/lapidary_layout.h"
#include "core/io/lapidary/lapidary_limits.h"
#include "core/io/onnx/onnx.h"
#include "core/io/safetensors/safetensors.h"
#include "core/support/buffer_pool.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

Bytes memberOf(const ArchiveReader& archive, const std::string& name, std::uint64_t fileBytes) {
  return archive.read(name, std::max(largestManifest, fileBytes));
}

void checkMembers(const ArchiveReader& archive, const Manifest& manifest) {
  std::set<std::string> known{skeletonMember, manifestMember};
  std::uint64_t member = 0;
  for (std::size_t i = 0; i < manifest.tensors.size(); ++i) {
    const TensorRecord& tensor = manifest.tensors[i];
    if (tensor.member != member && (i == 0 || tensor.member != ++member))
      refuseInput("tensor " + std::to_string(i + 1) + " lies in member " + std::to_string(tensor.member) +
                  ", behind one in member " + std::to_string(i == 0 ? 0 : member - 1));
    known.insert(std::to_string(member));
  }
  for (const ArchiveMember& found : archive.members())
    if (!known.contains(found.name))
      refuseInput("the manifest does not list the member '" + found.name + "'");
}

/// Tensors in rising order, none into the next, and with the skeleton as many bytes as are declared.
void checkPositions(const Manifest& manifest) {
  std::uint64_t end = 0, tensors = 0;
  for (std::size_t i = 0; i < manifest.tensors.size(); ++i) {
    const TensorRecord& tensor = manifest.tensors[i];
    const std::string title = "tensor " + std::to_string(i + 1) + " at byte " + std::to_string(tensor.at);
    if (tensor.at < end)
      refuseInput(title + " begins before byte " + std::to_string(end) + ", where the one before ends");
    if (tensor.at > manifest.bytes || tensor.bytes() > manifest.bytes - tensor.at)
      refuseInput(title + " takes " + std::to_string(tensor.bytes()) + " bytes, the file packed has " +
                  std::to_string(manifest.bytes));
    end = tensor.at + tensor.bytes();
    tensors += tensor.bytes();
  }
  if (manifest.skeletonBytes != manifest.bytes - tensors)
    refuseInput("the skeleton declares " + std::to_string(manifest.skeletonBytes) + " bytes, " +
                std::to_string(manifest.bytes - tensors) + " are left beside the tensors");
}

Manifest manifestOf(const ArchiveReader& archive, std::uint64_t fileBytes) {
  const Bytes text = archive.read(manifestMember, largestManifest);
  const Manifest manifest =
      parseManifest({reinterpret_cast<const char*>(text.view.data()), text.view.size()});
  const std::uint64_t most = mostUnpacked(fileBytes);
  if (manifest.bytes > most)
    refuseInput("declares " + std::to_string(manifest.bytes) + " bytes unpacked, at most " +
                std::to_string(most) + " are allowed for a file of " + std::to_string(fileBytes));
  checkPositions(manifest);
  checkMembers(archive, manifest);
  return manifest;
}

/// Puts tensors between the pieces of the skeleton.
class Unpacker {
 public:
  Unpacker(const Bytes& file, const Append& append, const Progress& progress)
      : m_archive(file),
        m_manifest(manifestOf(m_archive, file.view.size())),
        m_fileBytes(file.view.size()),
        m_append(append),
        m_progress(progress) {}

  const Manifest& manifest() const { return m_manifest; }

  void unpack() {
    const std::vector<std::byte> skeleton = withContext("the skeleton", [&] { return readSkeleton(); });
    std::span<const std::byte> rest = skeleton;
    std::uint64_t at = 0;
    for (std::size_t i = 0; i < m_manifest.tensors.size(); ++i) {
      const TensorRecord& tensor = m_manifest.tensors[i];
      put(rest.first(tensor.at - at));
      rest = rest.subspan(tensor.at - at);
      put(withContext("tensor '" + tensor.name + "'", [&] { return readTensor(tensor); }));
      at = tensor.at + tensor.bytes();
      m_progress.step(i + 1, m_manifest.tensors.size());
    }
    requireUsed();
    put(rest);
    if (m_hash.hex() != m_manifest.sha256)
      refuseInput("what was unpacked is not what was packed: its SHA-256 differs");
  }

 private:
  std::vector<std::byte> readSkeleton() {
    const Bytes member = memberOf(m_archive, skeletonMember, m_fileBytes);
    std::span<const std::byte> left = member.view;
    const auto count = static_cast<std::size_t>(m_manifest.skeletonBytes);
    auto skeleton = unpackBlock(m_manifest.skeleton, 8, count, SymbolLayout::line(count), left, m_progress);
    if (!left.empty()) refuseInput(std::to_string(left.size()) + " bytes are left over in its member");
    return skeleton;
  }

  std::vector<std::byte> readTensor(const TensorRecord& tensor) {
    if (!m_opened || tensor.member != m_number) {
      requireUsed();
      m_number = tensor.member;
      m_member = memberOf(m_archive, std::to_string(m_number), m_fileBytes);
      m_left = m_member.view;
      m_opened = true;
    }
    std::vector<std::byte> bytes = unpackBlock(tensor.block, tensor.bits, tensor.count(),
                                               SymbolLayout::of(tensor.shape), m_left, m_progress);
    if (tensor.bits == 4) bytes = joinNibbles(bytes);
    const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    if (crc != tensor.crc) refuseInput("what was unpacked is not what was packed: its CRC-32 differs");
    return bytes;
  }

  void requireUsed() const {
    if (!m_left.empty())
      refuseInput(std::to_string(m_left.size()) + " bytes are left over in member '" +
                  std::to_string(m_number) + "'");
  }

  void put(std::span<const std::byte> bytes) {
    m_hash.add(bytes);
    m_append(bytes);
  }

  ArchiveReader m_archive;
  Manifest m_manifest;
  std::uint64_t m_fileBytes;
  const Append& m_append;
  const Progress& m_progress;
  Sha256 m_hash;
  bool m_opened = false;
  std::uint64_t m_number = 0;
  Bytes m_member;
  std::span<const std::byte> m_left;
};

}  // namespace

bool matchesLapidary(std::span<const std::byte> bytes) {
  const auto first = firstZipMember(bytes);
  return first && first->starts_with(skeletonMember);
}

std::string packedEnding(const Bytes& file) {
  const ArchiveReader archive(file);
  return manifestOf(archive, file.view.size()).payload == "onnx" ? endingFor("ONNX")
                                                                 : endingFor("safetensors");
}

void unpackLapidary(const Bytes& file, const Append& append, const Progress& progress) {
  Unpacker(file, append, progress).unpack();
}

Model readLapidary(const ReadSource& source, const Progress& progress) {
  std::shared_ptr<std::byte[]> memory;
  std::size_t filled = 0;
  const Append append = [&](std::span<const std::byte> bytes) {
    if (!bytes.empty()) std::memcpy(memory.get() + filled, bytes.data(), bytes.size());
    filled += bytes.size();
  };
  Unpacker unpacker(source.bytes, append, progress);
  const Manifest& manifest = unpacker.manifest();
  memory = allocateBuffer(static_cast<std::size_t>(manifest.bytes));
  unpacker.unpack();
  const ReadSource packed{{memory, {memory.get(), filled}}, source.name, ""};
  Model model = manifest.payload == "onnx" ? readOnnx(packed, progress) : readSafetensors(packed, progress);
  model.source.format = "Lapidary";
  model.source.fileBytes = source.bytes.view.size();
  return model;
}

}  // namespace lapidary::core
