// SPDX-License-Identifier: GPL-3.0-or-later
// Writing .lapidary files.
#include <algorithm>

#include "core/files/archive.h"
#include "core/files/sha256.h"
#include "core/io/common/format.h"
#include "core/io/lapidary/lapidary.h"
#include "core/io/lapidary/lapidary_layout.h"
#include "core/io/lapidary/lapidary_limits.h"
#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

/// Tensors that are packed at the same time together take no more.
constexpr std::uint64_t batchBytes = std::uint64_t{32} << 20;

/// One zip in the making.
class Packer {
 public:
  /// In memory, or through a file where a path is given.
  Packer(FileLayout layout, Packing packing, const std::string& path, const Progress& progress)
      : m_layout(std::move(layout)),
        m_packing(packing),
        m_progress(progress),
        m_skeleton(packBlock(
            {8, ElementKind::Unsigned, m_layout.skeleton, SymbolLayout::line(m_layout.skeleton.size())},
            packing, progress)),
        m_manifest(m_layout, m_skeleton),
        m_archive(path.empty() ? ArchiveWriter() : ArchiveWriter(path)) {}

  Bytes pack() {
    m_archive.add(skeletonMember, m_skeleton.bytes, false);
    const auto& tensors = m_layout.tensors;
    for (std::size_t done = 0; done < tensors.size();) {
      const std::size_t end = batchEnd(done);
      packBatch(done, end);
      done = end;
      m_progress.step(done, tensors.size());
    }
    hashUpTo(m_layout.parts.size());
    if (!m_member.empty()) closeMember();
    const std::string text = std::move(m_manifest).finish(m_hash.hex());
    m_archive.add(manifestMember, std::as_bytes(std::span(text)), true);
    return m_archive.finish();
  }

 private:
  std::size_t batchEnd(std::size_t begin) const {
    std::uint64_t bytes = 0;
    std::size_t end = begin;
    while (end < m_layout.tensors.size() && (end == begin || bytes < batchBytes))
      bytes += m_layout.parts[m_layout.tensors[end++].part].tensorBytes();
    return end;
  }

  void packBatch(std::size_t begin, std::size_t end) {
    std::vector<Block> blocks(end - begin);
    std::vector<PackedTensor> packed(end - begin);
    parallelFor(end - begin, hardwareWorkers(), [&](std::size_t i, unsigned) {
      blocks[i] = packPart(m_layout.parts[m_layout.tensors[begin + i].part], m_packing, packed[i],
                           {m_progress.stop, {}});
    });
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const LaidTensor& tensor = m_layout.tensors[begin + i];
      const unsigned member = m_manifest.add(tensor, packed[i]);
      if (member != m_number) closeMember();
      m_number = member;
      m_member.insert(m_member.end(), blocks[i].bytes.begin(), blocks[i].bytes.end());
      hashUpTo(tensor.part + 1);
    }
  }

  void hashUpTo(std::size_t end) {
    for (; m_hashed < end; ++m_hashed) {
      const FilePart& part = m_layout.parts[m_hashed];
      m_hash.add(std::as_bytes(std::span(part.text)));
      if (!part.tensor.defined()) continue;
      m_hash.add(convert(part.tensor, part.stored).bytes());
      releasePages({part.tensor.owner(), part.tensor.bytes()}, part.tensor.bytes());
    }
  }

  void closeMember() {
    m_archive.add(std::to_string(m_number), m_member, false);
    m_member.clear();
  }

  FileLayout m_layout;
  Packing m_packing;
  const Progress& m_progress;
  Block m_skeleton;
  ManifestWriter m_manifest;
  ArchiveWriter m_archive;
  Sha256 m_hash;
  std::size_t m_hashed = 0;  ///< parts
  unsigned m_number = 0;
  std::vector<std::byte> m_member;
};

}  // namespace

Bytes packedFile(FileLayout layout, Packing packing, const std::string& path, const Progress& progress) {
  const std::uint64_t bytes = layout.bytes;
  const Bytes file = Packer(std::move(layout), packing, path, progress).pack();
  if (bytes > mostUnpacked(file.view.size()))
    throw Error(ErrorKind::Unsupported,
                "the model packs more than 10,000 to one, which readers of .lapidary files refuse: choose " +
                    endingFor("ONNX") + " or " + endingFor("safetensors"));
  return file;
}

Bytes packedFile(const Model& model, Packing packing, const Progress& progress) {
  return packedFile(layoutOfFile(model), packing, {}, progress);
}

void writeLapidary(const Model& model, const Append& append, const Progress& progress) {
  append(packedFile(model, Packing::Smallest, progress).view);
}

}  // namespace lapidary::core
