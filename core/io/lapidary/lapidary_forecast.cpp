// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/lapidary/lapidary_forecast.h"

#include <zlib.h>

#include <algorithm>
#include <functional>

#include "core/support/parallel.h"

namespace lapidary::core {
namespace {

constexpr std::size_t mostRemembered = 100'000;  // a few hundred bytes each; ids never come back

/// As a zip member: without zlib's header.
std::uint64_t deflatedBytes(std::span<const std::byte> bytes) {
  constexpr std::uint64_t header = 6;
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::vector<Bytef> out(size);
  compress2(out.data(), &size, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()),
            Z_DEFAULT_COMPRESSION);
  return size - header;
}

/// Counts what one deflated stream takes, as it grows.
class DeflateCount {
 public:
  DeflateCount() {
    if (deflateInit2(&m_stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL - 1,
                     Z_DEFAULT_STRATEGY) != Z_OK)
      throw Error(ErrorKind::Unsupported, "zlib could not start: there is not enough memory");
  }
  DeflateCount(const DeflateCount&) = delete;
  DeflateCount& operator=(const DeflateCount&) = delete;
  ~DeflateCount() { deflateEnd(&m_stream); }

  void add(std::span<const std::byte> bytes) {
    constexpr std::size_t most = std::size_t{1} << 30;  // zlib counts in 32 bits
    for (std::size_t at = 0; at < bytes.size(); at += most)
      run(bytes.subspan(at, std::min(most, bytes.size() - at)), Z_NO_FLUSH);
  }
  std::uint64_t finish() {
    run({}, Z_FINISH);
    return m_bytes;
  }

 private:
  void run(std::span<const std::byte> bytes, int flush) {
    Bytef out[1 << 16];
    m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes.data()));
    m_stream.avail_in = static_cast<uInt>(bytes.size());
    do {
      m_stream.next_out = out;
      m_stream.avail_out = sizeof out;
      deflate(&m_stream, flush);
      m_bytes += sizeof out - m_stream.avail_out;
    } while (m_stream.avail_out == 0);
  }

  z_stream m_stream{};
  std::uint64_t m_bytes = 0;
};

std::span<const std::byte> bytesOf(const std::string& text) { return std::as_bytes(std::span(text)); }

/// A zip of one member of each name and size: local headers, directory, end (APPNOTE.TXT 4.3).
std::uint64_t zipHeaders(const std::vector<std::string>& names) {
  constexpr std::uint64_t endRecord = 22, memberHeaders = 76;
  std::uint64_t bytes = endRecord;
  for (const std::string& name : names) bytes += memberHeaders + 2 * name.size();
  return bytes;
}

Block skeletonBlock(const FileLayout& layout, Packing packing, const Progress& progress) {
  return packBlock({8, ElementKind::Unsigned, layout.skeleton, SymbolLayout::line(layout.skeleton.size())},
                   packing, progress);
}

/// The whole .lapidary file.
std::uint64_t containerBytes(const FileLayout& layout, const Block& skeleton,
                             const std::function<const PackedTensor&(std::size_t)>& packedAt) {
  ManifestWriter manifest(layout, skeleton);
  std::vector<std::string> names{skeletonMember, manifestMember};
  std::uint64_t bytes = skeleton.bytes.size();
  for (std::size_t i = 0; i < layout.tensors.size(); ++i) {
    const unsigned member = manifest.add(layout.tensors[i], packedAt(i));
    if (names.size() - 2 <= member) names.push_back(std::to_string(member));
    bytes += packedAt(i).bytes;
  }
  // Of the hash only its length is known: hex digits of any kind take about as many bytes.
  const std::string hash = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8";
  return bytes + deflatedBytes(bytesOf(std::move(manifest).finish(hash))) + zipHeaders(names);
}

std::uint64_t shareOf(std::uint64_t whole, std::uint64_t part, std::uint64_t of) {
  return of == 0 ? 0
                 : static_cast<std::uint64_t>(static_cast<double>(whole) * static_cast<double>(part) /
                                              static_cast<double>(of));
}

}  // namespace

std::uint64_t zippedBytes(const Model& model, const Progress& progress) {
  const FileLayout layout = layoutOfFile(model);
  DeflateCount count;
  for (const FilePart& part : layout.parts) {
    progress.check();
    count.add(bytesOf(part.text));
    if (part.tensor.defined()) count.add(convert(part.tensor, part.stored).bytes());
  }
  return count.finish() + zipHeaders({"model." + std::string(layout.payload)});
}

StoredBytes& StoredBytes::operator+=(const StoredBytes& other) {
  file += other.file;
  zipped += other.zipped;
  plain += other.plain;
  packed += other.packed;
  return *this;
}

SizeForecaster::Known SizeForecaster::known(const FilePart& part, const Progress& progress) const {
  const std::pair key{part.tensor.id(), part.stored};
  {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_known.find(key); it != m_known.end()) return it->second;
  }
  Known made;
  packPart(part, Packing::Plain, made.plain, progress);
  packPart(part, Packing::Smallest, made.packed, progress);
  made.deflated = deflatedBytes(convert(part.tensor, part.stored).bytes());
  const std::lock_guard lock(m_mutex);
  if (m_known.size() > mostRemembered) m_known.clear();
  return m_known[key] = made;
}

SizeForecast SizeForecaster::forecast(const Model& model, unsigned workers, const Progress& progress) const {
  const FileLayout layout = layoutOfFile(model);
  std::vector<Known> tensors(layout.tensors.size());
  parallelFor(tensors.size(), workers, [&](std::size_t i, unsigned) {
    tensors[i] = known(layout.parts[layout.tensors[i].part], {progress.stop, {}});
  });
  const Block small = skeletonBlock(layout, Packing::Smallest, progress);
  const Block plain = skeletonBlock(layout, Packing::Plain, progress);
  const StoredBytes skeleton{layout.skeleton.size(), deflatedBytes(layout.skeleton), plain.bytes.size(),
                             small.bytes.size()};
  SizeForecast result;
  result.total = {
      layout.bytes, skeleton.zipped + zipHeaders({"model." + std::string(layout.payload)}),
      containerBytes(layout, plain, [&](std::size_t i) -> const PackedTensor& { return tensors[i].plain; }),
      containerBytes(layout, small, [&](std::size_t i) -> const PackedTensor& { return tensors[i].packed; })};
  std::size_t next = 0;
  for (std::size_t i = 0; i < layout.parts.size(); ++i) {
    const FilePart& part = layout.parts[i];
    if (!part.tensor.defined()) continue;
    const std::uint64_t bytes = part.tensorBytes();
    if (next < tensors.size() && layout.tensors[next].part == i) {
      const Known& one = tensors[next++];
      result.total.zipped += one.deflated;
      result.tensors.push_back({part.name, {bytes, one.deflated, one.plain.bytes, one.packed.bytes}});
      continue;
    }
    const auto share = [&](std::uint64_t whole) { return shareOf(whole, bytes, skeleton.file); };
    result.tensors.push_back(
        {part.name, {bytes, share(skeleton.zipped), share(skeleton.plain), share(skeleton.packed)}});
  }
  return result;
}

}  // namespace lapidary::core
