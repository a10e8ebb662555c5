// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files/png_check.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/byte_order.h"
#include "core/support/error.h"

namespace lapidary::core {
namespace {

using BytesView = std::span<const std::byte>;
using namespace std::string_view_literals;

constexpr std::size_t signatureSize = 8, frameSize = 12;  // length, type and CRC-32 around a chunk's data
constexpr std::uint64_t mostPixelsASide = 1'000'000;      // a limit of libpng
constexpr std::size_t mostBytesInAChunk = 0x7fffffff;     // clause 5.3

Error damagedPng(const std::string& what) {
  return Error(ErrorKind::InvalidInput, "damaged PNG picture: " + what);
}

Error wrongPixels() { return damagedPng("its pixel data are missing or wrong"); }

enum Colour : std::uint64_t { gray = 0, rgb = 2, palette = 3, grayAlpha = 4, rgba = 6 };

struct Header {
  std::uint64_t width, height, bits, colour, compression, filter, interlace;

  std::uint64_t channels() const {
    return colour == rgba ? 4 : colour == rgb ? 3 : colour == grayAlpha ? 2 : 1;
  }
  std::size_t rowBytes(std::uint64_t pixels) const { return (pixels * channels() * bits + 7) / 8; }
};

Header headerOf(BytesView data) {
  return {bigEndian(data, 0, 4),  bigEndian(data, 4, 4),  bigEndian(data, 8, 1), bigEndian(data, 9, 1),
          bigEndian(data, 10, 1), bigEndian(data, 11, 1), bigEndian(data, 12, 1)};
}

/// Table 11.1: depths allowed for each colour type.
bool knownDepth(const Header& h) {
  if (h.colour == gray) return h.bits == 1 || h.bits == 2 || h.bits == 4 || h.bits == 8 || h.bits == 16;
  if (h.colour == palette) return h.bits == 1 || h.bits == 2 || h.bits == 4 || h.bits == 8;
  return (h.colour == rgb || h.colour == grayAlpha || h.colour == rgba) && (h.bits == 8 || h.bits == 16);
}

void checkHeader(const Header& h) {
  if (h.width == 0 || h.height == 0 || !knownDepth(h) || h.compression != 0 || h.filter != 0 ||
      h.interlace > 1)
    throw damagedPng("its header holds what no PNG can have");
  if (h.width > mostPixelsASide || h.height > mostPixelsASide)
    throw Error(ErrorKind::InvalidInput, "PNG picture of " + std::to_string(h.width) + "x" +
                                             std::to_string(h.height) + " pixels, at most " +
                                             std::to_string(mostPixelsASide) + " a side are allowed");
}

struct Chunk {
  std::string_view type;
  BytesView data;
};

bool isLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// The chunk at `at`, which moves behind it.
Chunk nextChunk(BytesView bytes, std::size_t& at) {
  const auto missing = [] { return damagedPng("bytes are missing or wrong"); };
  if (bytes.size() - at < frameSize) throw missing();
  const std::size_t length = bigEndian(bytes, at, 4);
  if (length > std::min(bytes.size() - at - frameSize, mostBytesInAChunk)) throw missing();
  const BytesView body = bytes.subspan(at + 4, length + 4);  // the CRC covers the type, too
  if (crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size()) !=
      bigEndian(bytes, at + 8 + length, 4))
    throw missing();
  at += frameSize + length;
  return {{reinterpret_cast<const char*>(body.data()), 4}, body.subspan(4)};
}

/// Rules of order and length that libpng insists on, chunk after chunk.
class ChunkOrder {
 public:
  void take(const Chunk& chunk) {
    if (!std::all_of(chunk.type.begin(), chunk.type.end(), isLetter))
      throw damagedPng("a chunk's name is not made of letters");
    if (m_first != (chunk.type == "IHDR"sv) || !fits(chunk))
      throw damagedPng("chunk " + std::string(chunk.type) + " has no business there");
    m_first = false;
  }

 private:
  bool fits(const Chunk& chunk) {
    if (chunk.type == "IHDR"sv) return chunk.data.size() == 13 && takeHeader(headerOf(chunk.data));
    if (chunk.type == "PLTE"sv) return takePalette(chunk.data.size());
    if (chunk.type == "IDAT"sv) return takePixels();
    if (chunk.type == "IEND"sv) return m_pixels;
    return chunk.type[0] >= 'a';  // others may be left out; a capital says that they may not
  }

  bool takeHeader(const Header& header) {
    checkHeader(header);
    m_header = header;
    return true;
  }
  bool takePalette(std::size_t size) {
    const bool again = m_palette;
    m_palette = true;
    if (again) return false;
    if (m_header.colour == palette) return size > 0 && size <= 768 && size % 3 == 0;
    return size > 0 || m_header.colour == gray || m_header.colour == grayAlpha;
  }
  bool takePixels() {
    m_pixels = true;
    return m_header.colour != palette || m_palette;
  }

  Header m_header{};
  bool m_first = true, m_palette = false, m_pixels = false;
};

/// Unpacks the data of neighbouring IDAT chunks piece by piece.
class PixelStream {
 public:
  explicit PixelStream(std::vector<BytesView> parts) : m_parts(std::move(parts)) {
    constexpr int windowOfTheStream = 0;  // as libpng does: data may not look back further than declared
    if (inflateInit2(&m_stream, windowOfTheStream) != Z_OK)
      throw damagedPng("its pixel data cannot be unpacked");
  }
  ~PixelStream() { inflateEnd(&m_stream); }
  PixelStream(const PixelStream&) = delete;
  PixelStream& operator=(const PixelStream&) = delete;

  /// Whether `to` could be filled.
  bool read(std::span<std::byte> to) {
    while (!to.empty()) {
      if (m_ended || !hasInput()) return false;
      const auto count = unpack(to);
      if (!count) return false;
      to = to.subspan(*count);
    }
    return true;
  }

  /// Whether the data go on until the stream ends or hold something else: libpng looks for that.
  bool finish() {
    std::array<std::byte, 1024> rest;
    while (!m_ended) {
      if (!hasInput()) return false;
      if (unpack(rest).value_or(0) == 0) return true;
    }
    return true;
  }

 private:
  bool hasInput() {
    for (; m_stream.avail_in == 0 && m_part < m_parts.size(); ++m_part) {
      const BytesView part = m_parts[m_part];
      m_stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(part.data()));
      m_stream.avail_in = static_cast<uInt>(part.size());
    }
    return m_stream.avail_in > 0;
  }

  /// How many bytes came; none where the data are wrong.
  std::optional<std::size_t> unpack(std::span<std::byte> to) {
    m_stream.next_out = reinterpret_cast<Bytef*>(to.data());
    m_stream.avail_out = static_cast<uInt>(to.size());
    const int result = inflate(&m_stream, Z_NO_FLUSH);
    m_ended = result == Z_STREAM_END;
    if (result != Z_OK && !m_ended) return std::nullopt;
    return to.size() - m_stream.avail_out;
  }

  std::vector<BytesView> m_parts;
  std::size_t m_part = 0;
  bool m_ended = false;
  z_stream m_stream{};
};

/// Which pixels a pass takes: from where, how far apart (clause 8.2, Adam7).
struct Pass {
  std::uint64_t x, y, xStep, yStep;
};
constexpr std::array<Pass, 7> adam7{
    {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}};
constexpr std::array<Pass, 1> allAtOnce{{{0, 0, 1, 1}}};

std::uint64_t taken(std::uint64_t all, std::uint64_t first, std::uint64_t step) {
  return all > first ? (all - first + step - 1) / step : 0;
}

void checkRows(PixelStream& stream, const Header& header, const Pass& pass) {
  const std::uint64_t width = taken(header.width, pass.x, pass.xStep);
  const std::uint64_t rows = width == 0 ? 0 : taken(header.height, pass.y, pass.yStep);
  std::vector<std::byte> row(header.rowBytes(width) + 1);  // the filter stands first
  constexpr std::byte lastFilter{4};
  for (std::uint64_t y = 0; y < rows; ++y) {
    if (!stream.read(row)) throw wrongPixels();
    if (row[0] > lastFilter) throw damagedPng("a row has an unknown filter");
  }
}

}  // namespace

void checkPngChunks(BytesView bytes) {
  std::size_t at = signatureSize;
  ChunkOrder order;
  Chunk chunk;
  do {
    chunk = nextChunk(bytes, at);
    order.take(chunk);
  } while (chunk.type != "IEND"sv);
}

void checkPngRows(BytesView bytes) {
  std::size_t at = signatureSize;
  const Header header = headerOf(nextChunk(bytes, at).data);
  std::vector<BytesView> parts;
  for (Chunk chunk; chunk.type != "IEND"sv && (parts.empty() || chunk.type == "IDAT"sv);) {
    chunk = nextChunk(bytes, at);
    if (chunk.type == "IDAT"sv) parts.push_back(chunk.data);
  }
  PixelStream stream(std::move(parts));
  const std::span<const Pass> passes =
      header.interlace == 1 ? std::span<const Pass>(adam7) : std::span<const Pass>(allAtOnce);
  for (const Pass& pass : passes) checkRows(stream, header, pass);
  if (!stream.finish()) throw wrongPixels();
}

}  // namespace lapidary::core
